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

    private enum Field : byte
    {
        ListLength = 0,
        CertificateLength,
        Certificate,
        ExtensionsLength,
        ExtensionType,
        End,
    }

    /// <summary>Reads what there is, up to a signature that must be verified first. Returns how much was consumed.</summary>
    public static int Read(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        ref FieldCursor cursor = ref connection.State.MessageCursor;
        ChainVerifier verifier = Verifier(connection);
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

        ChainVerifier verifier = Verifier(connection);
        Fault fault = default;
        return Accepted(connection, verifier.End(ref fault), fault);
    }

    private static bool ReadField(
        scoped in Connection connection, scoped ref ChainVerifier verifier, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.ListLength:
                // TLS 1.3 has the length of a context before it, and that is 0: what is too long for a list is malformed.
                if (!reader.TryNumber(connection.Is13 ? 4 : 3, out value))
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
                return reader.TryNumber(2, out value) && connection.Fail(FaultReason.ExtensionNotOffered, 0, value);
            default:
                return !reader.Rest.IsEmpty && Malformed(connection);
        }
    }

    private static bool BeginCertificate(scoped in Connection connection, scoped ref ChainVerifier verifier, ref FieldCursor cursor, uint length)
    {
        uint around = connection.Is13 ? 5u : 3; // the certificate's length, and in TLS 1.3 that of its extensions
        if (length == 0 || cursor.ListLeft < around || length > cursor.ListLeft - around)
        {
            return Malformed(connection);
        }

        cursor.ListLeft -= length + around;
        cursor.ElementLeft = length;
        cursor.Step = (byte)Field.Certificate;
        verifier.BeginCertificate((int)length);
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
        return connection.Is13 || Next(ref cursor);
    }

    /// <summary>RFC 8446 §4.4.2: extensions answer those of ClientHello, and none that it offers is for a certificate.</summary>
    private static bool BeginExtensions(scoped in Connection connection, ref FieldCursor cursor, uint length)
    {
        if (length == 0)
        {
            return Next(ref cursor);
        }

        cursor.Step = (byte)Field.ExtensionType;
        return (length >= 4 && length <= cursor.ListLeft) || Malformed(connection);
    }

    private static bool Next(ref FieldCursor cursor)
    {
        cursor.Step = (byte)(cursor.ListLeft == 0 ? Field.End : Field.CertificateLength);
        return true;
    }

    private static bool Accepted(scoped in Connection connection, ChainStatus status, in Fault fault)
    {
        return status == ChainStatus.Faulted ? connection.FailWith(fault) : status != ChainStatus.MoreWork;
    }

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.Certificate);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static SignatureCheck Pending(scoped in Connection connection) => Verifier(connection).Pending;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndVerification(scoped in Connection connection, StepStatus status)
    {
        Fault fault = default;
        connection.Clear(ConnectionFlags.ChainVerifying);
        Accepted(connection, Verifier(connection).Verified(status, ref fault), fault);
    }

    private static ChainVerifier Verifier(scoped in Connection connection) => new(Memory(connection), Policy(connection));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ChainMemory Memory(scoped in Connection connection) => new()
    {
        State = connection.Buffer[RegionId.ChainState],
        LeafKey = connection.Buffer[RegionId.LeafKey],
        IssuerKey = connection.Buffer[RegionId.IssuerKey],
        Signature = connection.Buffer[RegionId.Signature],
        Hash = connection.Buffer[RegionId.SignedHash],
        Digest = connection.Buffer[RegionId.SignedDigest],
        Operation = connection.Buffer[RegionId.VerifyOperation],
        Text = connection.Buffer[RegionId.FaultText],
        TrustedUntilDays = new Span<ushort>(ref connection.State.TrustedUntilDays),
    };

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ChainPolicy Policy(scoped in Connection connection)
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
        };
    }
}
