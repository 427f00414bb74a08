using System;
using System.Security.Cryptography;
using Thimble.Crypto;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Core.Tests.Crypto;

/// <summary>The combinations of curve and word size, so that both kernels pass every vector on a 64-bit host.</summary>
internal static class EcCurves
{
    /// <summary>Word sizes to test; 0 stands for the public entry point.</summary>
    public static int[] WordSizes => [64, 32];

    public static int Bytes(NamedGroup group) => group switch { NamedGroup.Secp256r1 => 32, NamedGroup.Secp384r1 => 48, _ => 66 };

    public static ECCurve Curve(NamedGroup group) => group switch
    {
        NamedGroup.Secp256r1 => ECCurve.NamedCurves.nistP256,
        NamedGroup.Secp384r1 => ECCurve.NamedCurves.nistP384,
        _ => ECCurve.NamedCurves.nistP521,
    };

    /// <summary>P-256 needs no scratch for products in words of 64 bits; otherwise the sizes are equal.</summary>
    public static int AgreementBytes(NamedGroup group, int bits) => group == NamedGroup.Secp256r1 ? bits == 64 ? 1096 : 1160 : 1736;

    public static int SignBytes(NamedGroup group, int bits) => group == NamedGroup.Secp256r1 ? bits == 64 ? 488 : 552 : 824;

    public static int VerifyBytes(NamedGroup group, int bits) => group switch
    {
        NamedGroup.Secp256r1 => bits == 64 ? 424 : 488,
        NamedGroup.Secp384r1 => 728,
        _ => 1088,
    };

    /// <summary>A span of painted memory, aligned to 8 bytes, with a cleared header.</summary>
    public static byte[] Operation(int bytes, byte paint = 0xC7)
    {
        byte[] operation = GC.AllocateUninitializedArray<byte>(bytes, pinned: true);
        operation.AsSpan().Fill(paint);
        operation.AsSpan(0, 8).Clear();
        return operation;
    }

    public static StepStatus PublicKey(NamedGroup group, int bits, Span<byte> operation, ReadOnlySpan<byte> privateKey, Span<byte> publicKey, ref int work) =>
        (group, bits) switch
        {
            (NamedGroup.Secp256r1, 32) => EcKeyPair<P256Curve, P256Field32<SecretProducts>, Montgomery32<P256Order, SecretProducts>>.Run(operation, privateKey, publicKey, ref work),
            (NamedGroup.Secp384r1, 32) => EcKeyPair<P384Curve, P384Field32<SecretProducts>, Montgomery32<P384Order, SecretProducts>>.Run(operation, privateKey, publicKey, ref work),
            _ => KeyAgreement.PublicKey(group, operation, privateKey, publicKey, ref work),
        };

    public static StepStatus Agree(NamedGroup group, int bits, Span<byte> operation, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> peer, Span<byte> secret, ref int work) =>
        (group, bits) switch
        {
            (NamedGroup.Secp256r1, 32) => EcAgreement<P256Curve, P256Field32<SecretProducts>, Montgomery32<P256Order, SecretProducts>>.Run(operation, privateKey, peer, secret, ref work),
            (NamedGroup.Secp384r1, 32) => EcAgreement<P384Curve, P384Field32<SecretProducts>, Montgomery32<P384Order, SecretProducts>>.Run(operation, privateKey, peer, secret, ref work),
            _ => KeyAgreement.Agree(group, operation, privateKey, peer, secret, ref work),
        };

    public static StepStatus Verify(NamedGroup group, int bits, Span<byte> operation, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> der, ref int work)
    {
        if (bits == 64)
        {
            return Ecdsa.Verify(group, operation, publicKey, digest, der, ref work);
        }

        if (!EcdsaSignature.TryRead(der, Bytes(group), out ReadOnlySpan<byte> r, out ReadOnlySpan<byte> s))
        {
            return StepStatus.Failed;
        }

        ref EcProgress progress = ref EcProgress.Of(operation);
        return group switch
        {
            NamedGroup.Secp256r1 => EcdsaVerifier<P256Curve, P256Field32<PublicProducts>, Montgomery32<P256Order, PublicProducts>>.Run(ref progress, ref progress.Stage, operation[8..], publicKey, digest, r, s, ref work),
            NamedGroup.Secp384r1 => EcdsaVerifier<P384Curve, P384Field32<PublicProducts>, Montgomery32<P384Order, PublicProducts>>.Run(ref progress, ref progress.Stage, operation[8..], publicKey, digest, r, s, ref work),
            _ => EcdsaVerifier<P521Curve, P521Field32, Montgomery32<P521Order, PublicProducts>>.Run(ref progress, ref progress.Stage, operation[8..], publicKey, digest, r, s, ref work),
        };
    }

    public static StepStatus Sign(
        NamedGroup group, int bits, Span<byte> operation, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, HashAlgorithm hash,
        ReadOnlySpan<byte> digest, ReadOnlySpan<byte> random, Span<byte> der, out int written, ref int work)
    {
        if (bits == 64)
        {
            return Ecdsa.Sign(group, operation, privateKey, publicKey, hash, digest, random, der, out written, ref work);
        }

        var message = new EcdsaMessage(hash, digest, random);
        return group == NamedGroup.Secp256r1
            ? EcdsaSigner<P256Curve, P256Field32<SecretProducts>, Montgomery32<P256Order, SecretProducts>, P256Field32<PublicProducts>, Montgomery32<P256Order, PublicProducts>>
                .Run(operation, privateKey, publicKey, message, der, out written, ref work)
            : EcdsaSigner<P384Curve, P384Field32<SecretProducts>, Montgomery32<P384Order, SecretProducts>, P384Field32<PublicProducts>, Montgomery32<P384Order, PublicProducts>>
                .Run(operation, privateKey, publicKey, message, der, out written, ref work);
    }

    public static byte[]? PublicKey(NamedGroup group, int bits, byte[] privateKey, int perCall = int.MaxValue)
    {
        byte[] operation = Operation(AgreementBytes(group, bits));
        byte[] publicKey = new byte[KeyAgreement.PublicKeyBytes(group)];
        StepStatus status;
        do
        {
            int work = perCall;
            status = PublicKey(group, bits, operation, privateKey, publicKey, ref work);
        }
        while (status == StepStatus.More);
        return status == StepStatus.Done ? publicKey : null;
    }

    public static byte[]? Agree(NamedGroup group, int bits, byte[] privateKey, byte[] peer, int perCall = int.MaxValue)
    {
        byte[] operation = Operation(AgreementBytes(group, bits));
        byte[] secret = new byte[KeyAgreement.SharedSecretBytes(group)];
        StepStatus status;
        do
        {
            int work = perCall;
            status = Agree(group, bits, operation, privateKey, peer, secret, ref work);
        }
        while (status == StepStatus.More);
        return status == StepStatus.Done ? secret : null;
    }

    public static bool Verify(NamedGroup group, int bits, byte[] publicKey, byte[] digest, byte[] der, int perCall = int.MaxValue)
    {
        byte[] operation = Operation(VerifyBytes(group, bits));
        StepStatus status;
        do
        {
            int work = perCall;
            status = Verify(group, bits, operation, publicKey, digest, der, ref work);
        }
        while (status == StepStatus.More);
        return status == StepStatus.Done;
    }

    public static byte[]? Sign(NamedGroup group, int bits, byte[] privateKey, byte[] publicKey, HashAlgorithm hash, byte[] digest, byte[] random, int perCall = int.MaxValue)
    {
        byte[] operation = Operation(SignBytes(group, bits));
        byte[] der = new byte[Ecdsa.MaxSignatureBytes(group)];
        StepStatus status;
        int written;
        do
        {
            int work = perCall;
            status = Sign(group, bits, operation, privateKey, publicKey, hash, digest, random, der, out written, ref work);
        }
        while (status == StepStatus.More);
        return status == StepStatus.Done ? der[..written] : null;
    }

    public static byte[] Digest(HashAlgorithm hash, ReadOnlySpan<byte> message) => hash switch
    {
        HashAlgorithm.Sha256 => SHA256.HashData(message),
        HashAlgorithm.Sha384 => SHA384.HashData(message),
        _ => SHA512.HashData(message),
    };

    /// <summary>DER by the platform, for numbers of any length.</summary>
    public static byte[] Der(ReadOnlySpan<byte> r, ReadOnlySpan<byte> s)
    {
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteIntegerUnsigned(Minimal(r));
            writer.WriteIntegerUnsigned(Minimal(s));
        }

        return writer.Encode();
    }

    private static ReadOnlySpan<byte> Minimal(ReadOnlySpan<byte> number)
    {
        ReadOnlySpan<byte> trimmed = number.TrimStart((byte)0);
        return trimmed.IsEmpty ? number[..1] : trimmed;
    }

    public static byte[] WithPrefix(ReadOnlySpan<byte> xy)
    {
        byte[] point = new byte[xy.Length + 1];
        point[0] = 4;
        xy.CopyTo(point.AsSpan(1));
        return point;
    }
}
