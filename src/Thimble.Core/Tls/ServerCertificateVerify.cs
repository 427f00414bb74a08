using System;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>Reads the server's CertificateVerify (RFC 8446 §4.4.3) and verifies it under the key of its certificate.</summary>
internal static class ServerCertificateVerify
{
    private enum Field : byte
    {
        SignatureScheme = 0,
        SignatureLength,
        Signature,
        End,
    }

    /// <summary>The message begins: what it signs is the transcript before it.</summary>
    public static void Begin(scoped in Connection connection)
    {
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        KeySchedule13.TranscriptDigest(connection, scratch).CopyTo(connection.Buffer[RegionId.VerifyData]);
    }

    /// <summary>Reads what there is. Returns how much was consumed; a fault stands in the connection.</summary>
    public static int Read(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        ref FieldCursor cursor = ref connection.State.MessageCursor;
        var reader = new FieldReader(ref cursor, input);
        while (ReadField(connection, ref cursor, ref reader))
        {
        }

        return reader.Consumed;
    }

    /// <summary>Judges the form, when the message has ended, and prepares the verification.</summary>
    public static bool Finish(scoped in Connection connection)
    {
        if ((Field)connection.State.MessageCursor.Step != Field.End)
        {
            return Malformed(connection);
        }

        SignatureScheme scheme = connection.State.ServerScheme;
        if (scheme != SignatureScheme.Ed25519)
        {
            SignedContent.Digest(SignatureSchemes.HashOf(scheme), SignedContent.BeforeServers, TranscriptDigest(connection), Digest(connection), connection.Buffer[RegionId.SignedHash]);
        }

        connection.Buffer[RegionId.VerifyOperation].Slice(0, 8).Clear();
        return true;
    }

    /// <summary>Verifies the signature, as far as the granted work reaches. False while there is more work, and after a fault.</summary>
    public static bool Verify(scoped in Connection connection, ref int work)
    {
        var key = new SubjectPublicKey(connection.Buffer[RegionId.LeafKey]);
        Span<byte> operation = connection.Buffer[RegionId.VerifyOperation];
        Span<byte> signature = connection.Buffer[RegionId.Signature].Slice(0, (int)connection.State.MessageCursor.ElementLeft);
        StepStatus status = connection.State.ServerScheme == SignatureScheme.Ed25519
            ? key.VerifyMessage(operation, signature, SignedContent.BeforeServers, TranscriptDigest(connection), ref work)
            : key.Verify(operation, SignatureSchemes.AlgorithmOf(connection.State.ServerScheme), signature, Digest(connection), ref work);
        return status == StepStatus.Done
            || (status == StepStatus.Failed && connection.Fail(FaultReason.CertificateVerifyInvalid));
    }

    private static bool ReadField(scoped in Connection connection, ref FieldCursor cursor, scoped ref FieldReader reader)
    {
        uint value;
        switch ((Field)cursor.Step)
        {
            case Field.SignatureScheme:
                return reader.TryNumber(2, out value) && ChooseScheme(connection, (SignatureScheme)value) && Go(ref cursor, Field.SignatureLength);
            case Field.SignatureLength:
                return reader.TryNumber(2, out value) && BeginSignature(connection, ref cursor, value);
            case Field.Signature:
                return reader.TryBytes(connection.Buffer[RegionId.Signature].Slice(0, (int)cursor.ElementLeft)) && Go(ref cursor, Field.End);
            default:
                return !reader.Rest.IsEmpty && Malformed(connection);
        }
    }

    private static bool ChooseScheme(scoped in Connection connection, SignatureScheme scheme)
    {
        connection.State.ServerScheme = scheme;
        bool fits = SignatureSchemes.IsOffered(connection.Config.Profile, scheme)
            && SignatureSchemes13.Fits(scheme, new SubjectPublicKey(connection.Buffer[RegionId.LeafKey]).Kind);
        return fits || connection.Fail(FaultReason.SignatureSchemeNotOffered, 0, (uint)scheme);
    }

    private static bool BeginSignature(scoped in Connection connection, ref FieldCursor cursor, uint length)
    {
        cursor.ElementLeft = length;
        int room = connection.Buffer[RegionId.Signature].Length;
        return ((length != 0 && length <= (uint)room) || connection.Fail(FaultReason.CertificateVerifyInvalid, (uint)room, length))
            && Go(ref cursor, Field.Signature);
    }

    private static ReadOnlySpan<byte> TranscriptDigest(scoped in Connection connection) =>
        connection.Buffer[RegionId.VerifyData].Slice(0, Hash.DigestBytes(connection.SuiteHash));

    private static Span<byte> Digest(scoped in Connection connection) =>
        connection.Buffer[RegionId.SignedDigest].Slice(0, Hash.DigestBytes(SignatureSchemes.HashOf(connection.State.ServerScheme)));

    private static bool Malformed(scoped in Connection connection) =>
        connection.Fail(FaultReason.MessageMalformed, (uint)HandshakeType.CertificateVerify);

    private static bool Go(ref FieldCursor cursor, Field next)
    {
        cursor.Step = (byte)next;
        return true;
    }
}
