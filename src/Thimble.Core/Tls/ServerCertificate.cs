using System;
using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>Reads the server's Certificate message (RFC 5246 §7.4.2, RFC 8446 §4.4.2), verifying the chain while its bytes pass.</summary>
internal static class ServerCertificate
{
    private const uint MaxListBytes = 0xFFFFFF;

    /// <summary>In <see cref="ConnectionState.Seen"/>, above the bytes that the entry's extensions still have: a status was among them.</summary>
    private const uint SawStatus = 1 << 16;

    private enum Field : byte
    {
        ListLength = 0,
        CertificateLength,
        Certificate,
        ExtensionsLength,
        ExtensionType,
        StatusHeader,
        Status,
        OtherStatus,
        End,
    }

    /// <summary>Reads what there is, up to a signature that must be verified first. Returns how much was consumed.</summary>
    public static int Read(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        ref FieldCursor cursor = ref connection.State.MessageCursor;
        Open(connection, out ChainVerifier verifier);
        var reader = new FieldReader(ref cursor, input);
        while (ReadField(connection, ref verifier, ref cursor, ref reader))
        {
        }

        return reader.Consumed;
    }

    /// <summary>
    /// Goes on with the signature that the chain waits for, as far as the granted work reaches. Public-key operations are
    /// deep: this runs at the top of a step, where no reader's frames are beneath it.
    /// </summary>
    public static void Verify(scoped in Connection connection, ref int work)
    {
        StepStatus status = Pending(connection).Run(connection.Buffer[RegionId.VerifyOperation], ref work);
        if (status != StepStatus.More)
        {
            EndVerification(connection, status);
        }
    }

    /// <summary>Judges the chain, when the message has ended.</summary>
    public static bool Finish(scoped in Connection connection)
    {
        if ((Field)connection.State.MessageCursor.Step != Field.End)
        {
            return Malformed(connection);
        }

        Open(connection, out ChainVerifier verifier);
        Fault fault = default;
        if (!Accepted(connection, verifier.End(ref fault), fault))
        {
            return false;
        }

        connection.State.TrustedUntilMinutes = verifier.TrustedUntilMinutes;
        PeerChain.End(connection, verifier.Depth + 1);

        // In TLS 1.2 a status comes behind this message, where the server said that it may.
        return !connection.OffersStatus || connection.Is(ConnectionFlags.StatusNegotiated) || ServerCertificateStatus.Judge(connection);
    }

    private static bool ReadField(
        scoped in Connection connection, scoped ref ChainVerifier verifier, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.ListLength:
                // TLS 1.3 has the length of a context before it, and that is 0: what is too long for a list is malformed.
                if (!reader.TryNumber(connection.Goes13 ? 4 : 3, out value))
                {
                    return false;
                }

                if (value > MaxListBytes)
                {
                    return Malformed(connection);
                }

                cursor.ListLeft = value;
                verifier.Begin();
                return (value != 0 || connection.Fail(FaultReason.CertificateMissing)) && Next(ref cursor);
            case Field.CertificateLength:
                return reader.TryNumber(3, out value) && BeginCertificate(connection, ref verifier, ref cursor, value);
            case Field.Certificate:
                return ReadCertificate(connection, ref verifier, ref cursor, ref reader);
            case Field.ExtensionsLength:
                return reader.TryNumber(2, out value) && BeginExtensions(connection, ref cursor, value);
            case Field.ExtensionType:
                return reader.TryNumber(4, out value) && BeginExtension(connection, ref cursor, value);
            case Field.StatusHeader when Features.StapledStatus:
                return reader.TryNumber(4, out value)
                    && ServerCertificateStatus.Begin(connection, value, (cursor.ElementLeft -= 4))
                    && Go(ref cursor, Field.Status);
            case Field.Status when Features.StapledStatus:
                return ServerCertificateStatus.ReadResponse(connection, ref cursor, ref reader) && NextExtension(connection, ref cursor);
            case Field.OtherStatus:
                return reader.TrySkip(ref cursor.ElementLeft) && NextExtension(connection, ref cursor);
            default:
                return !reader.Rest.IsEmpty && Malformed(connection);
        }
    }

    private static bool BeginCertificate(scoped in Connection connection, scoped ref ChainVerifier verifier, ref FieldCursor cursor, uint length)
    {
        uint around = connection.Goes13 ? 5u : 3; // the certificate's length, and in TLS 1.3 that of its extensions
        if (length == 0 || cursor.ListLeft < around || length > cursor.ListLeft - around)
        {
            return Malformed(connection);
        }

        cursor.ListLeft -= length + around;
        cursor.ElementLeft = length;
        cursor.Step = (byte)Field.Certificate;
        verifier.BeginCertificate((int)length);
        PeerChain.Begin(connection, length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ReadCertificate(
        scoped in Connection connection, scoped ref ChainVerifier verifier, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        Fault fault = default;
        ReadOnlySpan<byte> rest = reader.Rest;
        int available = (int)uint.Min(cursor.ElementLeft, (uint)rest.Length);
        ChainStatus status = verifier.Update(rest.Slice(0, available), out int consumed, ref fault);
        PeerChain.Append(connection, rest.Slice(0, consumed));
        reader.Advance(consumed);
        cursor.ElementLeft -= (uint)consumed;
        if (status == ChainStatus.MoreWork)
        {
            connection.Set(ConnectionFlags.ChainVerifying);
        }

        return Accepted(connection, status, fault) && status == ChainStatus.CertificateComplete && EndCertificate(connection, ref cursor);
    }

    private static bool EndCertificate(scoped in Connection connection, ref FieldCursor cursor)
    {
        cursor.Step = (byte)Field.ExtensionsLength;
        return connection.Goes13 || Next(ref cursor);
    }

    private static bool BeginExtensions(scoped in Connection connection, ref FieldCursor cursor, uint length)
    {
        if (length > cursor.ListLeft)
        {
            return Malformed(connection);
        }

        cursor.ListLeft -= length;
        connection.State.Seen = length;
        return NextExtension(connection, ref cursor);
    }

    /// <summary>
    /// RFC 8446 §4.4.2: extensions answer those of ClientHello, and only status_request is for a certificate. The leaf's is
    /// read; those of CAs, which RFC 8446 §4.4.2.1 allows, are passed over: nothing here revokes a CA but the ROM image.
    /// </summary>
    private static bool BeginExtension(scoped in Connection connection, ref FieldCursor cursor, uint typeAndLength)
    {
        uint type = typeAndLength >> 16;
        uint length = (ushort)typeAndLength;
        if (type != (uint)ExtensionType.StatusRequest || !connection.OffersStatus)
        {
            return connection.Fail(FaultReason.ExtensionNotOffered, 0, type);
        }

        if ((connection.State.Seen & SawStatus) != 0)
        {
            return connection.Fail(FaultReason.DuplicateHelloExtension, 0, type);
        }

        if (connection.State.Seen < length + 4)
        {
            return Malformed(connection);
        }

        connection.State.Seen = SawStatus | (connection.State.Seen - length - 4);
        cursor.ElementLeft = length;
        if (!Verifier(connection).IsAtLeaf)
        {
            return Go(ref cursor, Field.OtherStatus);
        }

        return (length > 4 || connection.Fail(FaultReason.HelloExtensionMalformed, 0, type)) && Go(ref cursor, Field.StatusHeader);
    }

    private static bool NextExtension(scoped in Connection connection, ref FieldCursor cursor)
    {
        uint left = connection.State.Seen & ~SawStatus;
        return left == 0 ? Next(ref cursor) : (left >= 4 || Malformed(connection)) && Go(ref cursor, Field.ExtensionType);
    }

    private static bool Next(ref FieldCursor cursor)
    {
        cursor.Step = (byte)(cursor.ListLeft == 0 ? Field.End : Field.CertificateLength);
        return true;
    }

    private static bool Go(ref FieldCursor cursor, Field next)
    {
        cursor.Step = (byte)next;
        return true;
    }

    /// <summary>Whether the verifier goes on; a fault of its own becomes the connection's.</summary>
    public static bool Accepted(scoped in Connection connection, ChainStatus status, in Fault fault)
    {
        return status == ChainStatus.Faulted ? connection.FailWith(fault) : status != ChainStatus.MoreWork;
    }

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.Certificate);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SignatureCheck Pending(scoped in Connection connection) => Verifying(connection).Pending;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndVerification(scoped in Connection connection, StepStatus status)
    {
        Fault fault = default;
        connection.Clear(ConnectionFlags.ChainVerifying);
        Accepted(connection, Verifying(connection).Verified(status, ref fault), fault);
    }

    /// <summary>The verifier whose signature waits: the chain's, or the one of its status.</summary>
    private static ChainVerifier Verifying(scoped in Connection connection) =>
        connection.OffersStatus && ServerCertificateStatus.IsVerifying(connection) ? ServerCertificateStatus.Verifier(connection) : Verifier(connection);

    private static ChainVerifier Verifier(scoped in Connection connection)
    {
        Open(connection, out ChainVerifier verifier);
        return verifier;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Open(scoped in Connection connection, out ChainVerifier verifier)
    {
        FillMemory(connection, out ChainMemory memory);
        ChainVerifier.Open(memory, Policy(connection), out verifier);
    }

    /// <summary>The regions of the chain's verification.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void FillMemory(scoped in Connection connection, out ChainMemory memory)
    {
        memory.State = connection.Buffer[RegionId.ChainState];
        memory.LeafKey = connection.Buffer[RegionId.LeafKey];
        memory.IssuerKey = connection.Buffer[RegionId.IssuerKey];
        memory.Signature = connection.Buffer[RegionId.Signature];
        memory.Hash = connection.Buffer[RegionId.SignedHash];
        memory.Digest = connection.Buffer[RegionId.SignedDigest];
        memory.Operation = connection.Buffer[RegionId.VerifyOperation];
        memory.Messages = connection.Buffer[RegionId.SignedMessage];
        memory.Text = connection.Buffer[RegionId.FaultText];
        memory.Status = connection.Buffer[RegionId.Status];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ChainPolicy Policy(scoped in Connection connection)
    {
        ref readonly Profile profile = ref connection.Config.Profile;
        return new ChainPolicy
        {
            Trust = connection.Rom,
            ServerName = connection.Config.ServerName,
            NowUnixSeconds = connection.Config.NowUnixSeconds,
            MinRsaBits = profile.MinRsaBits,
            MaxRsaBits = profile.MaxRsaBits,
            MaxEcdsaBits = profile.MaxEcdsaBits,
            MaxSignatureHashBits = profile.MaxSignatureHashBits,
            Ed25519 = profile.TakesEd25519,
            MaxEd25519TbsBytes = profile.MaxEd25519TbsBytes,
        };
    }
}
