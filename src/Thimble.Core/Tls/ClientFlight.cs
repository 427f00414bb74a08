using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>What the client does and sends by itself, one state at a time, in the order of RFC 5246 §7.3.</summary>
internal static class ClientFlight
{
    private const int HeaderBytes = 4;

    /// <summary>
    /// Does the part of the present state, as far as the granted work reaches. It goes on to the next state when that
    /// part is done.
    /// </summary>
    public static void Continue(scoped in Connection connection, ref int work)
    {
        if (IsDone(connection, ref work))
        {
            connection.State.MessageCursor = default;
            Handshaking.Advance(connection);
        }
    }

    private static bool IsDone(scoped in Connection connection, ref int work)
    {
        if (Features.Tls13 && ClientStates13.Own(connection.State.State))
        {
            return ClientFlight13.IsDone(connection, ref work);
        }

        if (!Features.Tls12)
        {
            return connection.State.State == ClientState.Start && Start(connection); // no state of TLS 1.2 is reached
        }

        switch (connection.State.State)
        {
            case ClientState.Start:
                return Start(connection);
            case ClientState.VerifyServerKeyExchange:
                return ServerKeyExchange.Verify(connection, ref work);
            case ClientState.SendCertificate:
                return SendCertificate(connection);
            case ClientState.MakeKeyShare:
                return MakeKeyShare(connection, Share(connection), ref work);
            case ClientState.SendClientKeyExchange:
                return SendClientKeyExchange(connection);
            case ClientState.AgreeOnSecret:
                return AgreeOnSecret(connection, ref work);
            case ClientState.SignTranscript:
                return ClientCertificateVerify.Sign(connection, ref work);
            case ClientState.SendCertificateVerify:
                return ClientCertificateVerify.Send(connection);
            case ClientState.SendChangeCipherSpec:
                return SendChangeCipherSpec(connection);
            case ClientState.ResumeSession when Features.PreSharedKeys:
                return Resumption12.TakeKeys(connection);
            case ClientState.ExpectFinished:
                return ExpectFinished(connection);
            default:
                return SendFinished(connection);
        }
    }

    private static bool Start(scoped in Connection connection) =>
        ConnectionStart.CheckConfig(connection) && ConnectionStart.SeedGenerator(connection) && (connection.Offers13 || SendClientHello(connection));

    /// <summary>RFC 5246 §7.4.1.2. It stays in the out window until the transcript's hash is known.</summary>
    private static bool SendClientHello(scoped in Connection connection)
    {
        Span<byte> random = connection.Buffer[RegionId.Randoms].Slice(0, ClientHello.RandomBytes);
        Span<byte> scratch = connection.Buffer[RegionId.SeedScratch];
        if (!HmacDrbg.Generate(connection.Buffer[RegionId.Drbg], random, default, scratch) || !SessionId.Choose(connection, scratch))
        {
            return connection.Fail(FaultReason.SeedUnusable);
        }

        var writer = new ByteWriter(connection.Buffer[RegionId.OutWindow].Slice(RecordHeader.Bytes));
        if (!ClientHello.Write(connection, ref writer, random))
        {
            return false;
        }

        connection.State.HeldBytes = (ushort)writer.Position;
        return OutgoingRecords.QueueClear(connection, ContentType.Handshake, writer.Position);
    }

    /// <summary>RFC 5246 §7.4.6: the chain of the ROM image, or an empty list where there is none.</summary>
    private static bool SendCertificate(scoped in Connection connection)
    {
        ReadOnlySpan<byte> body = connection.Is(ConnectionFlags.ClientCertificate) ? connection.Rom.ClientChain : [0, 0, 0];
        return OutgoingRecords.ContinueMessage(connection, Header(connection, HandshakeType.Certificate, body.Length, HeaderBytes), body);
    }

    /// <summary>Makes an ephemeral key pair in the group that was chosen, and writes its public key to <paramref name="share"/>.</summary>
    public static bool MakeKeyShare(scoped in Connection connection, Span<byte> share, ref int work)
    {
        var group = (NamedGroup)connection.State.Group;
        Span<byte> privateKey = EphemeralKey(connection);
        Span<byte> operation = connection.Buffer[RegionId.AgreementOperation];
        if (connection.State.MessageCursor.Step == 0)
        {
            if (!DrawPrivateKey(connection, group, privateKey))
            {
                return connection.Fail(FaultReason.SeedUnusable);
            }

            operation.Slice(0, 8).Clear();
            connection.State.MessageCursor.Step = 1;
        }

        // The key was drawn in range, so a failure is the machine's own, and must not be tried for ever.
        StepStatus status = KeyAgreement.PublicKey(group, operation, privateKey, share, ref work);
        return status == StepStatus.Done || (status == StepStatus.Failed && connection.Fail(FaultReason.SigningFailed));
    }

    /// <summary>FIPS 186-5 §A.2.2: a candidate outside [1, n-1], which one in 2^32 is, is thrown away for another.</summary>
    private static bool DrawPrivateKey(scoped in Connection connection, NamedGroup group, Span<byte> privateKey)
    {
        const int MostTries = 8;
        for (int i = 0; i < MostTries; i++)
        {
            bool drawn = HmacDrbg.Generate(connection.Buffer[RegionId.Drbg], privateKey, default, connection.Buffer[RegionId.HashScratch]);
            if (drawn && KeyAgreement.IsPrivateKey(group, privateKey))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>RFC 8422 §5.7: the share, which already stands in its place, with its length before it.</summary>
    private static bool SendClientKeyExchange(scoped in Connection connection)
    {
        if (KeyExchanges.IsShared(Exchange(connection)))
        {
            return SendSharedKeyExchange(connection);
        }

        int shareBytes = KeyAgreement.PublicKeyBytes((NamedGroup)connection.State.Group);
        Span<byte> content = OutgoingRecords.Content(connection, HeaderBytes + 1 + shareBytes);
        var writer = new ByteWriter(content);
        writer.WriteUInt8((byte)HandshakeType.ClientKeyExchange);
        writer.WriteUInt24(1 + shareBytes);
        writer.WriteUInt8((byte)shareBytes);
        Transcript.Update(connection, content);
        return OutgoingRecords.QueueClear(connection, ContentType.Handshake, content.Length);
    }

    /// <summary>
    /// RFC 4279 §2, RFC 5489 §2: the identity of the key, and behind it the share where there is one, which waits in the
    /// scratch, because an identity of any length goes before it.
    /// </summary>
    private static bool SendSharedKeyExchange(scoped in Connection connection)
    {
        ReadOnlySpan<byte> identity = connection.SharedKey.Identity;
        ref FieldCursor cursor = ref connection.State.MessageCursor;
        int shareBytes = Exchange(connection) == KeyExchange.Psk ? 0 : KeyAgreement.PublicKeyBytes((NamedGroup)connection.State.Group);
        if (cursor.Step == 0)
        {
            int bodyBytes = 2 + identity.Length + (shareBytes == 0 ? 0 : 1 + shareBytes);
            Span<byte> head = Header(connection, HandshakeType.ClientKeyExchange, bodyBytes, HeaderBytes + 2);
            BinaryPrimitives.WriteUInt16BigEndian(head.Slice(HeaderBytes), (ushort)identity.Length);
            cursor.Step = (byte)(OutgoingRecords.ContinueMessage(connection, head, identity) ? 1 : 0);
            return cursor.Step != 0 && shareBytes == 0;
        }

        Span<byte> share = connection.Buffer[RegionId.HashScratch].Slice(ShareInScratchAt - 1, 1 + shareBytes);
        share[0] = (byte)shareBytes;
        return OutgoingRecords.ContinueMessage(connection, default, share);
    }

    private static bool AgreeOnSecret(scoped in Connection connection, ref int work)
    {
        if (Exchange(connection) != KeyExchange.Psk && !Agree(connection, ref work))
        {
            return false;
        }

        KeySchedule.DeriveMasterSecret(connection);
        return true;
    }

    /// <summary>Computes the shared secret with the server's share, as far as the granted work reaches.</summary>
    public static bool Agree(scoped in Connection connection, ref int work)
    {
        var group = (NamedGroup)connection.State.Group;
        Span<byte> operation = connection.Buffer[RegionId.AgreementOperation];
        if (connection.State.MessageCursor.Step == 0)
        {
            operation.Slice(0, 8).Clear();
            connection.State.MessageCursor.Step = 1;
        }

        ReadOnlySpan<byte> peer = connection.Buffer[RegionId.PeerPublicKey].Slice(0, KeyAgreement.PublicKeyBytes(group));
        Span<byte> secret = connection.Buffer[RegionId.PremasterSecret].Slice(0, KeyAgreement.SharedSecretBytes(group));
        StepStatus status = KeyAgreement.Agree(group, operation, EphemeralKey(connection), peer, secret, ref work);
        return status == StepStatus.Done || (status == StepStatus.Failed && connection.Fail(FaultReason.KeyShareInvalid));
    }

    private static bool SendChangeCipherSpec(scoped in Connection connection)
    {
        OutgoingRecords.Content(connection, 1)[0] = 1;
        OutgoingRecords.QueueClear(connection, ContentType.ChangeCipherSpec, 1);
        if (!connection.Is(ConnectionFlags.Resumed))
        {
            KeySchedule.DeriveTrafficKeys(connection); // a session that goes on has them, and the server's Finished came under them
        }

        connection.Set(ConnectionFlags.WriteProtected);
        return true;
    }

    /// <summary>RFC 5246 §7.4.9.</summary>
    private static bool SendFinished(scoped in Connection connection)
    {
        WriteFinished(connection);
        return OutgoingRecords.Queue(connection, ContentType.Handshake, FinishedBytes);
    }

    private const int FinishedBytes = HeaderBytes + HandshakeMessages.VerifyDataBytes;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void WriteFinished(scoped in Connection connection)
    {
        Span<byte> content = OutgoingRecords.Content(connection, FinishedBytes);
        Header(connection, HandshakeType.Finished, HandshakeMessages.VerifyDataBytes, HeaderBytes).CopyTo(content);
        KeySchedule.ComputeVerifyData(connection, "client finished"u8, content.Slice(HeaderBytes));
        Transcript.Update(connection, content);
    }

    /// <summary>The server's Finished covers all messages before it: in a full handshake ours, and its ticket (RFC 5077 §3.3).</summary>
    private static bool ExpectFinished(scoped in Connection connection)
    {
        Span<byte> expected = connection.Buffer[RegionId.VerifyData].Slice(0, HandshakeMessages.VerifyDataBytes);
        KeySchedule.ComputeVerifyData(connection, "server finished"u8, expected);
        return true;
    }

    private static Span<byte> EphemeralKey(scoped in Connection connection) =>
        connection.Buffer[RegionId.EphemeralKey].Slice(0, KeyAgreement.PrivateKeyBytes((NamedGroup)connection.State.Group));

    /// <summary>Where the client's share is made: in its message, or where it waits for the identity that goes before it.</summary>
    private static Span<byte> Share(scoped in Connection connection)
    {
        int shareBytes = KeyAgreement.PublicKeyBytes((NamedGroup)connection.State.Group);
        return KeyExchanges.IsShared(Exchange(connection))
            ? connection.Buffer[RegionId.HashScratch].Slice(ShareInScratchAt, shareBytes)
            : OutgoingRecords.Content(connection, HeaderBytes + 1 + shareBytes).Slice(HeaderBytes + 1);
    }

    /// <summary>Behind the head of the message, and the length of the share.</summary>
    private const int ShareInScratchAt = HeaderBytes + 2 + 1;

    private static KeyExchange Exchange(scoped in Connection connection) => connection.State.SuiteFacts.KeyExchange;

    /// <summary>A message's header in the scratch region, with room for more of the head behind it.</summary>
    public static Span<byte> Header(scoped in Connection connection, HandshakeType type, int bodyBytes, int headBytes)
    {
        Span<byte> head = connection.Buffer[RegionId.HashScratch].Slice(0, headBytes);
        var writer = new ByteWriter(head);
        writer.WriteUInt8((byte)type);
        writer.WriteUInt24(bodyBytes);
        return head;
    }
}
