using System;
using System.Runtime.CompilerServices;
using Thimble.Memory;

namespace Thimble.Crypto;

/// <summary>
/// ECDSA (FIPS 186-5 §6) over P-256 and P-384, and P-521 for verification. Operations are resumable: the caller clears the first 8 bytes of <c>operation</c>, which
/// begins at a multiple of 8, calls with equal arguments until the status is not <see cref="StepStatus.More"/>, and wipes the memory
/// afterwards. A curve that the build leaves out (<see cref="Features"/>) has sizes of 0 and fails. Each call does at least one piece of work (some 50 multiplications) and returns once <c>work</c> is used up.
/// </summary>
public static class Ecdsa
{
    /// <summary>Bytes of an operation of <see cref="Verify"/> on this machine.</summary>
    public static int VerifyOperationBytes(NamedGroup group) => VerifyOperationBytes(group, nuint.Size);

    /// <summary>Bytes of an operation of <see cref="Verify"/> on a machine whose words have 4 or 8 bytes.</summary>
    public static int VerifyOperationBytes(NamedGroup group, int wordBytes) => group switch
    {
        NamedGroup.Secp256r1 when Features.P256 => wordBytes == 8
            ? EcdsaVerifier<P256Curve, P256Field64, P256Scalars64>.OperationBytes
            : EcdsaVerifier<P256Curve, P256Field32<PublicProducts>, Montgomery32<P256Order, PublicProducts>>.OperationBytes,
        NamedGroup.Secp384r1 when Features.P384 => EcdsaVerifier<P384Curve, P384Field32<PublicProducts>, Montgomery32<P384Order, PublicProducts>>.OperationBytes,
        NamedGroup.Secp521r1 when Features.P521 => EcdsaVerifier<P521Curve, P521Field32, Montgomery32<P521Order, PublicProducts>>.OperationBytes,
        _ => 0,
    };

    /// <summary>Bytes of an operation of <see cref="Sign"/> on this machine.</summary>
    public static int SignOperationBytes(NamedGroup group) => SignOperationBytes(group, nuint.Size);

    /// <summary>Bytes of an operation of <see cref="Sign"/> on a machine whose words have 4 or 8 bytes.</summary>
    public static int SignOperationBytes(NamedGroup group, int wordBytes) => group switch
    {
        NamedGroup.Secp256r1 when Features.P256 => wordBytes == 8
            ? EcdsaSigner<P256Curve, P256Field64, P256Scalars64, P256Field64, P256Scalars64>.OperationBytes
            : EcdsaSigner<P256Curve, P256Field32<SecretProducts>, Montgomery32<P256Order, SecretProducts>, P256Field32<PublicProducts>, Montgomery32<P256Order, PublicProducts>>.OperationBytes,
        NamedGroup.Secp384r1 when Features.P384 =>
            EcdsaSigner<P384Curve, P384Field32<SecretProducts>, Montgomery32<P384Order, SecretProducts>, P384Field32<PublicProducts>, Montgomery32<P384Order, PublicProducts>>.OperationBytes,
        _ => 0,
    };

    /// <summary>Bytes of the longest signature.</summary>
    public static int MaxSignatureBytes(NamedGroup group) => group switch
    {
        NamedGroup.Secp256r1 when Features.P256 => EcdsaSignature.MaxBytes(32),
        NamedGroup.Secp384r1 when Features.P384 => EcdsaSignature.MaxBytes(48),
        NamedGroup.Secp521r1 when Features.P521 => EcdsaSignature.MaxBytes(66),
        _ => 0,
    };

    /// <summary>The curve of so many bits, and of those up to so many the one that needs the most memory.</summary>
    internal static NamedGroup CurveOf(int bits) => bits > 384 ? NamedGroup.Secp521r1 : bits > 256 ? NamedGroup.Secp384r1 : NamedGroup.Secp256r1;

    private static int NumberBytes(NamedGroup group) => group switch
    {
        NamedGroup.Secp521r1 => 66,
        NamedGroup.Secp384r1 => 48,
        _ => 32,
    };

    /// <summary>
    /// Verifies a signature of a digest. Done: it is the key's. Failed: it is not, or it is not strict DER, or the key (X || Y,
    /// big-endian) is not a point of the curve. Leaks: everything; all of it is public.
    /// </summary>
    public static StepStatus Verify(
        NamedGroup group, Span<byte> operation, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> derSignature, ref int work)
    {
        if (!EcdsaSignature.TryRead(derSignature, NumberBytes(group), out ReadOnlySpan<byte> r, out ReadOnlySpan<byte> s))
        {
            return StepStatus.Failed;
        }

        ref EcProgress progress = ref EcProgress.Of(operation);
        Span<byte> memory = operation[EcProgress.Bytes..];
        switch (group)
        {
            case NamedGroup.Secp256r1 when Features.P256:
                return nuint.Size == 8
                    ? EcdsaVerifier<P256Curve, P256Field64, P256Scalars64>.Run(ref progress, ref progress.Stage, memory, publicKey, digest, r, s, ref work)
                    : EcdsaVerifier<P256Curve, P256Field32<PublicProducts>, Montgomery32<P256Order, PublicProducts>>.Run(ref progress, ref progress.Stage, memory, publicKey, digest, r, s, ref work);
            case NamedGroup.Secp384r1 when Features.P384:
                return nuint.Size == 8
                    ? EcdsaVerifier<P384Curve, P384Field64, Montgomery64<P384Order>>.Run(ref progress, ref progress.Stage, memory, publicKey, digest, r, s, ref work)
                    : EcdsaVerifier<P384Curve, P384Field32<PublicProducts>, Montgomery32<P384Order, PublicProducts>>.Run(ref progress, ref progress.Stage, memory, publicKey, digest, r, s, ref work);
            case NamedGroup.Secp521r1 when Features.P521:
                return nuint.Size == 8
                    ? EcdsaVerifier<P521Curve, P521Field64, Montgomery64<P521Order>>.Run(ref progress, ref progress.Stage, memory, publicKey, digest, r, s, ref work)
                    : EcdsaVerifier<P521Curve, P521Field32, Montgomery32<P521Order, PublicProducts>>.Run(ref progress, ref progress.Stage, memory, publicKey, digest, r, s, ref work);
            default:
                return StepStatus.Failed;
        }
    }

    /// <summary>
    /// Signs a digest of the hash named, with the nonce of RFC 6979 §3.6: additional random (32 fresh bytes; none in test vectors only) is
    /// mixed in, and the hash serves its HMAC. The signature is verified under the public key (X || Y) before it is released; where that fails, the
    /// private key is out of range or the destination is shorter than <see cref="MaxSignatureBytes"/>, the status is Failed and
    /// nothing is written. Leaks: that failure, the digest, and the finished signature.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StepStatus Sign(
        NamedGroup group, Span<byte> operation, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, HashAlgorithm hash,
        ReadOnlySpan<byte> digest, ReadOnlySpan<byte> additionalRandom, Span<byte> derSignature, out int written, ref int work)
    {
        if (!Hash.IsInThisBuild(hash))
        {
            written = 0;
            return StepStatus.Failed;
        }

        var message = new EcdsaMessage(hash, digest, additionalRandom);
        switch (group)
        {
            case NamedGroup.Secp256r1 when Features.P256:
                return nuint.Size == 8
                    ? EcdsaSigner<P256Curve, P256Field64, P256Scalars64, P256Field64, P256Scalars64>
                        .Run(operation, privateKey, publicKey, message, derSignature, out written, ref work)
                    : Features.LongMultiply
                        ? EcdsaSigner<P256Curve, P256Field32<PublicProducts>, Montgomery32<P256Order, PublicProducts>, P256Field32<PublicProducts>, Montgomery32<P256Order, PublicProducts>>
                            .Run(operation, privateKey, publicKey, message, derSignature, out written, ref work)
                        : EcdsaSigner<P256Curve, P256Field32<SecretProducts>, Montgomery32<P256Order, SecretProducts>, P256Field32<PublicProducts>, Montgomery32<P256Order, PublicProducts>>
                            .Run(operation, privateKey, publicKey, message, derSignature, out written, ref work);
            case NamedGroup.Secp384r1 when Features.P384:
                return nuint.Size == 8
                    ? EcdsaSigner<P384Curve, P384Field64, Montgomery64<P384Order>, P384Field64, Montgomery64<P384Order>>
                        .Run(operation, privateKey, publicKey, message, derSignature, out written, ref work)
                    : Features.LongMultiply
                        ? EcdsaSigner<P384Curve, P384Field32<PublicProducts>, Montgomery32<P384Order, PublicProducts>, P384Field32<PublicProducts>, Montgomery32<P384Order, PublicProducts>>
                            .Run(operation, privateKey, publicKey, message, derSignature, out written, ref work)
                        : EcdsaSigner<P384Curve, P384Field32<SecretProducts>, Montgomery32<P384Order, SecretProducts>, P384Field32<PublicProducts>, Montgomery32<P384Order, PublicProducts>>
                            .Run(operation, privateKey, publicKey, message, derSignature, out written, ref work);
            default:
                written = 0;
                return StepStatus.Failed;
        }
    }
}
