using System;
using System.Security.Cryptography;
using Thimble.Memory;

namespace Thimble.Crypto;

/// <summary>
/// RSA signatures (RFC 8017 §8.1.1 and §8.2.1) with a key of two primes, 2,048 to 4,096 bits. See
/// <see cref="RsaPrivatePower{TLimbs}"/> for how the private key is guarded. Memory is not wiped.
/// Leaks: the sizes, the hash algorithm, the padding, the finished signature, and whether it was right.
/// </summary>
public static class RsaSign
{
    /// <summary>The shortest modulus that signs, in bits.</summary>
    public const int MinBits = 2048;

    /// <summary>Bytes of fresh randomness that each signature takes.</summary>
    public const int RandomBytes = RsaEncodedMessage.RandomBytes;

    /// <summary>
    /// Bytes of <c>operation</c> for a modulus of that many bits, on every machine: a header of 32 and twelve blinded
    /// numbers modulo a prime, 1,664 for 2,048 bits and 3,200 for 4,096.
    /// </summary>
    public static int OperationBytes(int bits) => !Features.RsaSign ? 0 : RsaPrivatePower<BigMontgomery64>.OperationBytes(bits);

    /// <summary>
    /// RSASSA-PKCS1-v1_5. The same arguments until the status is not More. <paramref name="random"/>: 48 fresh bytes,
    /// which blind; the signature does not depend on them. Fails, with nothing written to
    /// <paramref name="signature"/>, for an inconsistent key, wrong lengths, and where s^e is not the encoding.
    /// Resumable: a row of a product per unit of work.
    /// </summary>
    public static StepStatus Pkcs1(
        Span<byte> operation, scoped in RsaPrivateKey key, HashAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> random, Span<byte> signature, ref int work) =>
        Sign(operation, key, new RsaEncodedMessage(false, algorithm, digest, random), signature, ref work);

    /// <summary>
    /// RSASSA-PSS with MGF1 over the same hash and a salt of the digest's length (RFC 8446 §4.2.3), otherwise as
    /// <see cref="Pkcs1"/>; the salt comes of <paramref name="random"/>.
    /// </summary>
    public static StepStatus Pss(
        Span<byte> operation, scoped in RsaPrivateKey key, HashAlgorithm algorithm, ReadOnlySpan<byte> digest, ReadOnlySpan<byte> random, Span<byte> signature, ref int work) =>
        Sign(operation, key, new RsaEncodedMessage(true, algorithm, digest, random), signature, ref work);

    /// <summary>
    /// With limbs of a chosen size: those for the secret powers, and those for the check, whose operand is a signature
    /// about to be published.
    /// </summary>
    internal static StepStatus Sign<TSecret, TPublic>(
        Span<byte> operation, scoped in RsaPrivateKey key, RsaEncodedMessage message, Span<byte> signature, ref int work)
        where TSecret : struct, IBigMontgomeryLimbs
        where TPublic : struct, IBigMontgomeryLimbs
    {
        var power = new RsaPrivatePower<TSecret>(operation, key.Bits);
        if (power.IsAtBegin && (!key.IsConsistent() || !message.Fits(key.Bits) || signature.Length != key.Bits >> 3))
        {
            return StepStatus.Failed;
        }

        do
        {
            if (!power.IsComplete)
            {
                power.Step(key, message, ref work);
                continue;
            }

            StepStatus status = message.Check<TPublic>(power.CheckOperation, key, power.CheckSignature, power.CheckBlock, ref work);
            if (status != StepStatus.Done)
            {
                return status;
            }

            // The check took many calls and read the copy limb by limb: what leaves is what it read, or a fault crept in since.
            if (!CryptographicOperations.FixedTimeEquals(power.Signature, power.CheckSignature))
            {
                return StepStatus.Failed;
            }

            power.Signature.CopyTo(signature);
            return StepStatus.Done;
        }
        while (work > 0);
        return StepStatus.More;
    }

    private static StepStatus Sign(Span<byte> operation, scoped in RsaPrivateKey key, RsaEncodedMessage message, Span<byte> signature, ref int work) =>
        !Features.RsaSign
            ? StepStatus.Failed
            : nuint.Size == 8
            ? Sign<BigMontgomery64, BigMontgomery64>(operation, key, message, signature, ref work)
            : Features.LongMultiply
            ? Sign<BigMontgomery32<PublicProduct>, BigMontgomery32<PublicProduct>>(operation, key, message, signature, ref work)
            : Sign<BigMontgomery32<SecretProduct>, BigMontgomery32<PublicProduct>>(operation, key, message, signature, ref work);
}
