using System;
using Thimble.Memory;

namespace Thimble.Crypto;

/// <summary>
/// Ed25519 (RFC 8032 §5.1, without context and without prehashing, as TLS uses it: RFC 8446 §4.2.3). Operations are resumable: the caller clears
/// the first 8 bytes of <c>operation</c>, which begins at a multiple of 8, calls with equal arguments until the status is not
/// <see cref="StepStatus.More"/>, and wipes the memory afterwards. Each call does at least one piece of work (some 20
/// multiplications, or the hash of the message) and returns once <c>work</c> is used up. The message comes in two parts, which are
/// hashed one after the other; either may be empty. A build that leaves Ed25519 out (<see cref="Features"/>) has sizes of 0, and operations fail.
/// </summary>
/// <remarks>
/// RFC 8032 §5.1.7 leaves two questions open, which matter for keys and signatures that were made to be doubtful only. This code answers them so:
/// the equation is the one without cofactor, S B = R + k A, as OpenSSL and BoringSSL have it, so both ends of a connection agree; and public keys
/// whose order divides 8 are refused, since under them one signature fits any message. Encodings that are not canonical, of S, of A and of R, are refused:
/// R is compared as bytes with what the equation demands. (Chalkias, Garillot and Nikolaenko, "Taming the many EdDSAs", SSR 2020.)
/// </remarks>
public static class Ed25519
{
    /// <summary>Bytes of a private key: the seed of RFC 8032 §5.1.5 and RFC 8410 §7.</summary>
    public const int PrivateKeyBytes = 32;

    /// <summary>Bytes of a public key.</summary>
    public const int PublicKeyBytes = 32;

    /// <summary>Bytes of a signature: R, S.</summary>
    public const int SignatureBytes = 64;

    /// <summary>Bytes of an operation of <see cref="Verify"/>: 760 on a machine whose words have 4 bytes, 600 with 8.</summary>
    public static int VerifyOperationBytes(int wordBytes) => !Features.Ed25519 ? 0 : wordBytes == 8
        ? EcProgress.Bytes + Ed25519Verifier<Field25519Radix51, Montgomery64<Ed25519Order>>.MemoryBytes
        : EcProgress.Bytes + Ed25519Verifier<Field25519Radix13, Montgomery32<Ed25519Order, SecretProducts>>.MemoryBytes;

    /// <summary>Bytes of an operation of <see cref="Sign"/>: 856 on a machine whose words have 4 bytes, 696 with 8.</summary>
    public static int SignOperationBytes(int wordBytes) => !Features.Ed25519 ? 0 : wordBytes == 8
        ? Ed25519Signer<Field25519Radix51, Montgomery64<Ed25519Order>>.SignOperationBytes
        : Ed25519Signer<Field25519Radix13, Montgomery32<Ed25519Order, SecretProducts>>.SignOperationBytes;

    /// <summary>Bytes of an operation of <see cref="PublicKey"/>: 640 on a machine whose words have 4 bytes, 480 with 8.</summary>
    public static int PublicKeyOperationBytes(int wordBytes) => !Features.Ed25519 ? 0 : wordBytes == 8
        ? Ed25519Signer<Field25519Radix51, Montgomery64<Ed25519Order>>.PublicKeyOperationBytes
        : Ed25519Signer<Field25519Radix13, Montgomery32<Ed25519Order, SecretProducts>>.PublicKeyOperationBytes;

    /// <summary>
    /// Verifies a signature of the message <paramref name="first"/> || <paramref name="second"/>. Done: it is the key's. Failed: it is not, or the
    /// key or the signature is not what the remarks above ask for. Leaks: everything; all of it is public.
    /// </summary>
    public static StepStatus Verify(
        Span<byte> operation, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> signature, ref int work)
    {
        if (!Features.Ed25519)
        {
            return StepStatus.Failed;
        }

        ref EcProgress progress = ref EcProgress.Of(operation);
        Span<byte> memory = operation[EcProgress.Bytes..];
        var message = new Ed25519Message(first, second);
        return nuint.Size == 8
            ? Ed25519Verifier<Field25519Radix51, Montgomery64<Ed25519Order>>.Run(ref progress, ref progress.Stage, memory, publicKey, message, signature, ref work)
            : Ed25519Verifier<Field25519Radix13, Montgomery32<Ed25519Order, SecretProducts>>.Run(ref progress, ref progress.Stage, memory, publicKey, message, signature, ref work);
    }

    /// <summary>
    /// Signs the message <paramref name="first"/> || <paramref name="second"/>, deterministically. The private key is expanded anew where it is used.
    /// The signature is verified under the public key before it is released; where that fails, so where the two keys do not belong together, or a
    /// length is wrong, the status is Failed and nothing is written (RULES 22). Leaks: that failure, the length of the
    /// message, and the finished signature.
    /// </summary>
    public static StepStatus Sign(
        Span<byte> operation, ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second,
        Span<byte> signature, ref int work)
    {
        if (!Features.Ed25519)
        {
            return StepStatus.Failed;
        }

        var message = new Ed25519Message(first, second);
        return nuint.Size == 8
            ? Ed25519Signer<Field25519Radix51, Montgomery64<Ed25519Order>>.Sign(operation, privateKey, publicKey, message, signature, ref work)
            : Ed25519Signer<Field25519Radix13, Montgomery32<Ed25519Order, SecretProducts>>.Sign(operation, privateKey, publicKey, message, signature, ref work);
    }

    /// <summary>The public key of a private key, which key files need not hold (RFC 8410 §7). Failed where a length is wrong. Leaks: the public key.</summary>
    public static StepStatus PublicKey(Span<byte> operation, ReadOnlySpan<byte> privateKey, Span<byte> publicKey, ref int work)
    {
        if (!Features.Ed25519)
        {
            return StepStatus.Failed;
        }

        return nuint.Size == 8
            ? Ed25519Signer<Field25519Radix51, Montgomery64<Ed25519Order>>.PublicKey(operation, privateKey, publicKey, ref work)
            : Ed25519Signer<Field25519Radix13, Montgomery32<Ed25519Order, SecretProducts>>.PublicKey(operation, privateKey, publicKey, ref work);
    }
}
