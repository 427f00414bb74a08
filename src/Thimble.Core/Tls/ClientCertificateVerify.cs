using System;
using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>
/// The client's CertificateVerify (RFC 5246 §7.4.8, RFC 8446 §4.4.3). The private key of the ROM image signs; where it is kept
/// elsewhere, the handshake waits for whoever holds it, and a signature of his leaves only when it was verified (RULES 22, 23).
/// </summary>
internal static class ClientCertificateVerify
{
    /// <summary>How many fresh bytes protect one signature: 32 for the nonce of ECDSA, 48 for the blinding of RSA.</summary>
    public const int RandomBytes = 48;

    private const int HeaderBytes = 4;

    private enum Step : byte
    {
        Begin = 0,
        Sign,

        /// <summary>The user is asked for a signature.</summary>
        Await,

        /// <summary>What the user gave is being verified.</summary>
        Verify,
    }

    /// <summary>Whether the handshake waits for a signature of the user's.</summary>
    public static bool Awaits(scoped in Connection connection) =>
        connection.State.State is ClientState.SignTranscript or ClientState.SignTranscript13 && (Step)connection.State.MessageCursor.Step == Step.Await;

    /// <summary>All messages so far, under the scheme that was chosen. False while there is more to do or to wait for, and after a fault.</summary>
    public static bool Sign(scoped in Connection connection, ref int work)
    {
        StepStatus status;
        switch ((Step)connection.State.MessageCursor.Step)
        {
            case Step.Begin:
                return Begin(connection);
            case Step.Sign:
                status = SignHere(connection, ref work);
                return status == StepStatus.Done || (status == StepStatus.Failed && connection.Fail(FaultReason.SigningFailed));
            case Step.Verify:
                status = VerifyProvided(connection, ref work);
                return status == StepStatus.Done || (status == StepStatus.Failed && connection.Fail(FaultReason.ProvidedSignatureInvalid));
            default:
                return false;
        }
    }

    /// <summary>
    /// What is signed: a digest, and of Ed25519 the message. Where the key is here, the part of that message which is always the
    /// same stays in flash.
    /// </summary>
    public static Span<byte> ToBeSigned(scoped in Connection connection) => connection.Buffer[RegionId.SigningInput].Slice(0, ToBeSignedBytes(connection));

    /// <summary>Takes a signature that was waited for. False where none is, and after a fault: the length cannot be right.</summary>
    public static bool Provide(scoped in Connection connection, ReadOnlySpan<byte> signature)
    {
        if (!Awaits(connection))
        {
            return false;
        }

        if (signature.IsEmpty)
        {
            return connection.Fail(FaultReason.NoSignatureProvided);
        }

        PrivateKey key = connection.ClientKey;
        int longest = MaxSignatureBytes(key);
        bool fits = SignatureSchemes.IsEcdsa(connection.State.ClientScheme) ? signature.Length <= longest : signature.Length == longest;
        if (!fits)
        {
            return connection.Fail(FaultReason.ProvidedSignatureInvalid, (uint)longest, (uint)signature.Length);
        }

        signature.CopyTo(connection.Buffer[RegionId.ClientSignature]);
        connection.State.SignatureBytes = (ushort)signature.Length;
        connection.State.MessageCursor.Step = (byte)Step.Verify;
        return true;
    }

    /// <summary>Scheme and signature.</summary>
    public static bool Send(scoped in Connection connection)
    {
        ReadOnlySpan<byte> signature = Signature(connection);
        Span<byte> head = ClientFlight.Header(connection, HandshakeType.CertificateVerify, 4 + signature.Length, HeaderBytes + 4);
        var writer = new ByteWriter(head.Slice(HeaderBytes));
        writer.WriteUInt16((ushort)connection.State.ClientScheme);
        writer.WriteUInt16((ushort)signature.Length);
        return OutgoingRecords.ContinueMessage(connection, head, signature);
    }

    /// <summary>Draws the fresh bytes and takes the digest. Never the end of it: the answer is always <c>false</c>.</summary>
    private static bool Begin(scoped in Connection connection)
    {
        PrivateKey key = connection.ClientKey;
        if (!key.IsElsewhere && key.Kind != KeyKind.Ed25519
            && !HmacDrbg.Generate(connection.Buffer[RegionId.Drbg], Random(connection), default, connection.Buffer[RegionId.HashScratch]))
        {
            return connection.Fail(FaultReason.SeedUnusable);
        }

        connection.State.MessageCursor.Step = (byte)(key.IsElsewhere ? Step.Await : Step.Sign);
        PutToBeSigned(connection);
        connection.Buffer[RegionId.SignOperation].Slice(0, 8).Clear();
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PutToBeSigned(scoped in Connection connection)
    {
        Span<byte> scratch = connection.Buffer[RegionId.HashScratch];
        Span<byte> destination = ToBeSigned(connection);
        if (!connection.Goes13)
        {
            Transcript.Digest(connection, HashOf(connection), destination, scratch);
        }
        else if (Features.Ed25519 && IsEd25519(connection))
        {
            Span<byte> transcript = KeySchedule13.TranscriptDigest(connection, scratch);
            int before = destination.Length - transcript.Length;
            SignedContent.BeforeClients.Slice(0, before).CopyTo(destination);
            transcript.CopyTo(destination.Slice(before));
        }
        else
        {
            DigestSignedContent(connection, HashOf(connection), destination);
        }
    }

    /// <summary>The digest that is signed in TLS 1.3 (RFC 8446 §4.4.3).</summary>
    public static void DigestSignedContent(scoped in Connection connection, HashAlgorithm hash, Span<byte> digest)
    {
        Span<byte> scratch = connection.Buffer[RegionId.HashScratch];
        Span<byte> transcript = KeySchedule13.TranscriptDigest(connection, scratch);
        SignedContent.Digest(hash, SignedContent.BeforeClients, transcript, digest, scratch.Slice(Hash.MaxDigestBytes));
    }

    private static int ToBeSignedBytes(scoped in Connection connection)
    {
        if (!Features.Ed25519 || !IsEd25519(connection))
        {
            return Hash.DigestBytes(HashOf(connection));
        }

        return Hash.DigestBytes(connection.SuiteHash) + (connection.ClientKey.IsElsewhere ? SignedContent.BeforeClients.Length : 0);
    }

    private static StepStatus SignHere(scoped in Connection connection, ref int work)
    {
        switch (connection.ClientKey.Kind)
        {
            case KeyKind.Rsa:
                return Features.RsaSign ? SignWithRsa(connection, ref work) : StepStatus.Failed;
            case KeyKind.Ed25519:
                return Features.Ed25519 ? SignWithEd25519(connection, ref work) : StepStatus.Failed;
            default:
                return SignWithEcdsa(connection, ref work);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static StepStatus SignWithEcdsa(scoped in Connection connection, ref int work)
    {
        PrivateKey key = connection.ClientKey;
        StepStatus status = Ecdsa.Sign(
            key.Curve, connection.Buffer[RegionId.SignOperation], key.Scalar, key.Public, HashOf(connection), ToBeSigned(connection),
            Random(connection).Slice(0, 32), connection.Buffer[RegionId.ClientSignature], out int written, ref work);
        connection.State.SignatureBytes = (ushort)written;
        return status;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static StepStatus SignWithRsa(scoped in Connection connection, ref int work)
    {
        RsaPrivateKey key = connection.ClientKey.Rsa;
        Span<byte> operation = connection.Buffer[RegionId.SignOperation];
        Span<byte> signature = connection.Buffer[RegionId.ClientSignature].Slice(0, key.Bits / 8);
        connection.State.SignatureBytes = (ushort)signature.Length;
        return SignatureSchemes.IsPss(connection.State.ClientScheme)
            ? RsaSign.Pss(operation, key, HashOf(connection), ToBeSigned(connection), Random(connection), signature, ref work)
            : RsaSign.Pkcs1(operation, key, HashOf(connection), ToBeSigned(connection), Random(connection), signature, ref work);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static StepStatus SignWithEd25519(scoped in Connection connection, ref int work)
    {
        PrivateKey key = connection.ClientKey;
        Span<byte> signature = connection.Buffer[RegionId.ClientSignature].Slice(0, Ed25519.SignatureBytes);
        connection.State.SignatureBytes = Ed25519.SignatureBytes;
        return Ed25519.Sign(
            connection.Buffer[RegionId.SignOperation], key.Scalar, key.Public, SignedContent.BeforeClients, ToBeSigned(connection), signature, ref work);
    }

    private static StepStatus VerifyProvided(scoped in Connection connection, ref int work)
    {
        switch (connection.ClientKey.Kind)
        {
            case KeyKind.Rsa:
                return Features.RsaVerify ? VerifyRsa(connection, ref work) : StepStatus.Failed;
            case KeyKind.Ed25519:
                return Features.Ed25519 ? VerifyEd25519(connection, ref work) : StepStatus.Failed;
            default:
                return VerifyEcdsa(connection, ref work);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static StepStatus VerifyEcdsa(scoped in Connection connection, ref int work)
    {
        PrivateKey key = connection.ClientKey;
        return Ecdsa.Verify(key.Curve, connection.Buffer[RegionId.SignOperation], key.Public, ToBeSigned(connection), Signature(connection), ref work);
    }

    /// <summary>The signature stays as it is: the scratch that a verification ends in lies elsewhere.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static StepStatus VerifyRsa(scoped in Connection connection, ref int work)
    {
        PrivateKey key = connection.ClientKey;
        Span<byte> operation = connection.Buffer[RegionId.SignOperation];
        return SignatureSchemes.IsPss(connection.State.ClientScheme)
            ? RsaVerify.Pss(
                operation, key.Public, key.Bits, key.Exponent, Signature(connection), connection.Buffer[RegionId.HashScratch], HashOf(connection), ToBeSigned(connection), ref work)
            : RsaVerify.Pkcs1(operation, key.Public, key.Bits, key.Exponent, Signature(connection), HashOf(connection), ToBeSigned(connection), ref work);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static StepStatus VerifyEd25519(scoped in Connection connection, ref int work) => Ed25519.Verify(
        connection.Buffer[RegionId.SignOperation], connection.ClientKey.Public, ToBeSigned(connection), default, Signature(connection), ref work);

    private static int MaxSignatureBytes(scoped in PrivateKey key)
    {
        switch (key.Kind)
        {
            case KeyKind.Rsa:
                return (key.Bits + 7) / 8;
            case KeyKind.Ed25519:
                return Ed25519.SignatureBytes;
            default:
                return Ecdsa.MaxSignatureBytes(key.Curve);
        }
    }

    private static bool IsEd25519(scoped in Connection connection) => connection.State.ClientScheme == SignatureScheme.Ed25519;

    private static HashAlgorithm HashOf(scoped in Connection connection) => SignatureSchemes.HashOf(connection.State.ClientScheme);

    private static Span<byte> Signature(scoped in Connection connection) =>
        connection.Buffer[RegionId.ClientSignature].Slice(0, connection.State.SignatureBytes);

    /// <summary>Behind the digest, and planned only where a key that is here wants them.</summary>
    private static Span<byte> Random(scoped in Connection connection)
    {
        Span<byte> input = connection.Buffer[RegionId.SigningInput];
        return input.Slice(input.Length - RandomBytes);
    }
}
