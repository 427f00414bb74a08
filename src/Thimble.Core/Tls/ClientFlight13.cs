using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>What the client does and sends by itself in TLS 1.3, one state at a time, in the order of RFC 8446 §2.</summary>
internal static class ClientFlight13
{
    private const int HeaderBytes = 4;

    /// <summary>Does the part of the present state, as far as the granted work reaches. Whether that part is done.</summary>
    public static bool IsDone(scoped in Connection connection, ref int work)
    {
        switch (connection.State.State)
        {
            case ClientState.OfferKeyShare:
                return OfferKeyShare(connection, ref work);
            case ClientState.SendClientHello13:
                return SendClientHello(connection);
            case ClientState.SendRetryChangeCipherSpec:
            case ClientState.SendChangeCipherSpec13:
                return SendChangeCipherSpec(connection);
            case ClientState.AgreeOnSecret13:
                return AgreeOnSecret(connection, ref work);
            case ClientState.VerifyCertificateVerify:
                return ServerCertificateVerify.Verify(connection, ref work);
            case ClientState.SendCertificate13:
                return SendCertificate(connection);
            case ClientState.SignTranscript13:
                return ClientCertificateVerify.Sign(connection, ref work);
            case ClientState.SendCertificateVerify13:
                return ClientCertificateVerify.Send(connection);
            default:
                return SendFinished(connection);
        }
    }

    /// <summary>Makes the key of the one share that is offered. It waits where the server's share will stand.</summary>
    private static bool OfferKeyShare(scoped in Connection connection, ref int work)
    {
        ref ConnectionState state = ref connection.State;
        state.Group = state.Group == 0 ? (ushort)ClientHello13.PreferredGroup(connection.Config.Profile) : state.Group;
        if (Features.PreSharedKeys && state.Group == 0 && PreSharedKey13.Modes(connection) == PskModes.Psk && PreSharedKey13.IsGiven(connection))
        {
            return true;
        }

        if (state.Group == 0)
        {
            return connection.Fail(FaultReason.ProfileOffersNothing);
        }

        Span<byte> share = connection.Buffer[RegionId.PeerPublicKey].Slice(0, KeyAgreement.PublicKeyBytes((NamedGroup)state.Group));
        return ClientFlight.MakeKeyShare(connection, share, ref work);
    }

    /// <summary>
    /// RFC 8446 §4.1.2: the same again after a HelloRetryRequest, with another share, the cookie, or both. The first one
    /// waits in the out window until the transcript's hash is known; for the second one it is.
    /// </summary>
    private static bool SendClientHello(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        bool again = state.Retry != RetryState.None;
        Span<byte> randoms = connection.Buffer[RegionId.Randoms];
        if (!again && !(Draw(connection, randoms.Slice(0, ClientHello.RandomBytes)) && SessionId.Choose(connection, connection.Buffer[RegionId.HashScratch])))
        {
            return connection.Fail(FaultReason.SeedUnusable);
        }

        Span<byte> window = connection.Buffer[RegionId.OutWindow];
        var writer = new ByteWriter(window.Slice(RecordHeader.Bytes));
        if (!ClientHello.Write(connection, ref writer, randoms.Slice(0, ClientHello.RandomBytes)))
        {
            return false;
        }

        Span<byte> hello = window.Slice(RecordHeader.Bytes, writer.Position);
        if (Features.PreSharedKeys && PreSharedKey13.IsOffered(connection))
        {
            PreSharedKey13.Bind(connection, hello);
        }

        if (again)
        {
            Transcript.Update(connection, hello);
            state.Retry = RetryState.Answered;
        }
        else
        {
            state.HeldBytes = (ushort)writer.Position;
        }

        return OutgoingRecords.Queue(connection, ContentType.Handshake, writer.Position);
    }

    /// <summary>RFC 8446 §D.4: without meaning, for those in between.</summary>
    private static bool SendChangeCipherSpec(scoped in Connection connection)
    {
        OutgoingRecords.Content(connection, 1)[0] = 1;
        return OutgoingRecords.Queue(connection, ContentType.ChangeCipherSpec, 1);
    }

    private static bool AgreeOnSecret(scoped in Connection connection, ref int work)
    {
        if (connection.State.Group != 0 && !ClientFlight.Agree(connection, ref work))
        {
            return false;
        }

        KeySchedule13.EnterHandshake(connection);
        connection.Set(ConnectionFlags.WriteProtected | ConnectionFlags.ReadProtected);
        return true;
    }

    /// <summary>
    /// RFC 8446 §4.4.2: an empty context, and the chain of the ROM image with an empty list of extensions behind each
    /// certificate. The chain stands there as TLS 1.2 wants it, so each certificate goes out by itself, and what follows
    /// the one before it goes first.
    /// </summary>
    private static bool SendCertificate(scoped in Connection connection)
    {
        const int ListLengthBytes = 3;
        ref uint sent = ref connection.State.MessageCursor.ListLeft;
        ReadOnlySpan<byte> chain = connection.Is(ConnectionFlags.ClientCertificate) ? connection.Rom.ClientChain : [0, 0, 0];
        bool first = sent == 0;
        int at = first ? ListLengthBytes : (int)sent;
        int entry = at == chain.Length ? 0 : 3 + LengthAt(chain, at);
        Span<byte> head = first ? CertificateHead(connection, chain) : NoExtensions(connection);
        if (!OutgoingRecords.ContinueMessage(connection, head, chain.Slice(at, entry)))
        {
            return false;
        }

        sent = (uint)(at + entry);
        return entry == 0;
    }

    private static Span<byte> CertificateHead(scoped in Connection connection, ReadOnlySpan<byte> chain)
    {
        int listBytes = chain.Length - 3;
        for (int at = 3; at < chain.Length; at += 3 + LengthAt(chain, at))
        {
            listBytes += 2;
        }

        Span<byte> head = ClientFlight.Header(connection, HandshakeType.Certificate, 4 + listBytes, HeaderBytes + 4);
        var writer = new ByteWriter(head.Slice(HeaderBytes));
        writer.WriteUInt8(0);
        writer.WriteUInt24(listBytes);
        return head;
    }

    private static Span<byte> NoExtensions(scoped in Connection connection)
    {
        Span<byte> none = connection.Buffer[RegionId.HashScratch].Slice(0, 2);
        none.Clear();
        return none;
    }

    private static int LengthAt(ReadOnlySpan<byte> chain, int at) => (chain[at] << 16) + (chain[at + 1] << 8) + chain[at + 2];

    /// <summary>RFC 8446 §4.4.4: the last message under the handshake's key.</summary>
    private static bool SendFinished(scoped in Connection connection)
    {
        int bytes = Hash.DigestBytes(connection.SuiteHash);
        Span<byte> content = OutgoingRecords.Content(connection, HeaderBytes + bytes);
        ClientFlight.Header(connection, HandshakeType.Finished, bytes, HeaderBytes).CopyTo(content);
        KeySchedule13.ComputeVerifyData(connection, own: true, content.Slice(HeaderBytes));
        KeySchedule13.KeepForSessions(connection, content);
        if (!OutgoingRecords.Queue(connection, ContentType.Handshake, content.Length))
        {
            return false;
        }

        KeySchedule13.ProtectApplicationData(connection);
        return true;
    }

    private static bool Draw(scoped in Connection connection, Span<byte> output) =>
        HmacDrbg.Generate(connection.Buffer[RegionId.Drbg], output, default, connection.Buffer[RegionId.HashScratch]);
}
