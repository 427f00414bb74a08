using System;
using System.Runtime.CompilerServices;
using Thimble.Memory;

namespace Thimble.Crypto;

/// <summary>
/// Verification of RSA signatures (RFC 8017 §8.1.2 and §8.2.2), moduli of 1,024 to 4,096 bits; the caller's profile
/// sets the least that it trusts. Moduli are little-endian, padded with zeros to a multiple of 8 bytes and aligned to
/// 8. Memory is not wiped. Public data only. Leaks: everything.
/// </summary>
public static class RsaVerify
{
    /// <summary>The longest modulus, in bits.</summary>
    public const int MaxBits = 4096;

    /// <summary>
    /// The shortest modulus that the arithmetic takes, in bits: far too short to trust, wanted by old vectors and by
    /// the traces of RFC 8448.
    /// </summary>
    public const int MinBits = 1024;

    // PSS runs a hash inside the register that the power left free.
    private const int MinRegisterBytes = 208;

    /// <summary>
    /// Bytes of <c>operation</c> for a modulus of that many bits, on every machine: a header of 8 and two registers of
    /// the modulus' length, 520 for 2,048 bits and 1,032 for 4,096.
    /// </summary>
    public static int OperationBytes(int modulusBits)
    {
        int register = RsaPublicPower.RegisterBytes(modulusBits);
        return BigMontgomeryProgress.Bytes + register + (register < MinRegisterBytes ? MinRegisterBytes : register);
    }

    /// <summary>
    /// Whether n is odd and of exactly that many bits, 1,024 to 4,096, padded as it must be, and e odd,
    /// 3 &lt;= e &lt; 2^32 (RULES 11). Bounded.
    /// </summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> modulus, int bits, uint exponent)
    {
        if (bits < MinBits || bits > MaxBits || modulus.Length != RsaPublicPower.RegisterBytes(bits) || (exponent & 1) == 0 || exponent < 3)
        {
            return false;
        }

        int top = (bits - 1) >> 3;
        int above = modulus[top] >> ((bits - 1) & 7);
        for (int i = top + 1; i < modulus.Length; i++)
        {
            above |= modulus[i] << 1;
        }

        return above == 1 && (modulus[0] & 1) != 0;
    }

    /// <summary>
    /// RSASSA-PKCS1-v1_5 (RFC 8017 §8.2.2): the expected encoding is computed and compared whole. Resumable: about
    /// one row of a product per unit of work. Fails for an unfit key, a signature whose length is not exactly n's,
    /// s &gt;= n, a digest that is not the algorithm's, and any deviation of the encoding.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StepStatus Pkcs1(
        Span<byte> operation, ReadOnlySpan<byte> modulus, int bits, uint exponent, Span<byte> signature, HashAlgorithm algorithm, ReadOnlySpan<byte> digest, ref int work) =>
        !Features.RsaVerify
            ? StepStatus.Failed
            : nuint.Size == 8
            ? Pkcs1<BigMontgomery64>(operation, modulus, bits, exponent, signature, algorithm, digest, ref work)
            : Pkcs1<BigMontgomery32<PublicProduct>>(operation, modulus, bits, exponent, signature, algorithm, digest, ref work);

    /// <summary>
    /// RSASSA-PSS (RFC 8017 §8.1.2) with MGF1 over the same hash and a salt of the digest's length (RFC 8446 §4.2.3).
    /// <paramref name="signature"/> serves as scratch in the end. Resumable: about one row of a product per unit of work.
    /// Fails as <see cref="Pkcs1(Span{byte}, ReadOnlySpan{byte}, int, uint, Span{byte}, HashAlgorithm, ReadOnlySpan{byte}, ref int)"/> does.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StepStatus Pss(
        Span<byte> operation, ReadOnlySpan<byte> modulus, int bits, uint exponent, Span<byte> signature, HashAlgorithm algorithm, ReadOnlySpan<byte> digest, ref int work) =>
        Pss(operation, modulus, bits, exponent, signature, signature, algorithm, digest, ref work);

    /// <summary>
    /// The same for a signature that must stay as it is: <paramref name="block"/> serves as scratch for a digest
    /// (<see cref="Hash.MaxDigestBytes"/>) in the end.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static StepStatus Pss(
        Span<byte> operation, ReadOnlySpan<byte> modulus, int bits, uint exponent, ReadOnlySpan<byte> signature, Span<byte> block, HashAlgorithm algorithm, ReadOnlySpan<byte> digest, ref int work) =>
        !Features.RsaVerify
            ? StepStatus.Failed
            : nuint.Size == 8
            ? Pss<BigMontgomery64>(operation, modulus, bits, exponent, signature, block, algorithm, digest, ref work)
            : Pss<BigMontgomery32<PublicProduct>>(operation, modulus, bits, exponent, signature, block, algorithm, digest, ref work);

    /// <summary>PKCS#1 v1.5 with limbs of a chosen size.</summary>
    internal static StepStatus Pkcs1<TLimbs>(
        Span<byte> operation, ReadOnlySpan<byte> modulus, int bits, uint exponent, ReadOnlySpan<byte> signature, HashAlgorithm algorithm, ReadOnlySpan<byte> digest, ref int work)
        where TLimbs : struct, IBigMontgomeryLimbs
    {
        if (!Pkcs1Encoding.Fits(algorithm, digest.Length, signature.Length) || !IsPublicKey(modulus, bits, exponent))
        {
            return StepStatus.Failed;
        }

        StepStatus status = RsaPublicPower.Raise<TLimbs>(operation, modulus, bits, exponent, signature, ref work);
        if (status != StepStatus.Done)
        {
            return status;
        }

        ReadOnlySpan<byte> power = RsaPublicPower.Power(operation, modulus.Length);
        int difference = 0;
        for (int i = 0; i < signature.Length; i++)
        {
            difference |= power[i] ^ Pkcs1Encoding.FromEnd(algorithm, digest, signature.Length, i);
        }

        return difference == 0 ? StepStatus.Done : StepStatus.Failed;
    }

    /// <summary>PSS with limbs of a chosen size; <paramref name="block"/> is scratch for a digest, in the end, and may be the signature.</summary>
    internal static StepStatus Pss<TLimbs>(
        Span<byte> operation, ReadOnlySpan<byte> modulus, int bits, uint exponent, ReadOnlySpan<byte> signature, Span<byte> block, HashAlgorithm algorithm, ReadOnlySpan<byte> digest, ref int work)
        where TLimbs : struct, IBigMontgomeryLimbs
    {
        if (!PssEncoding.Fits(algorithm, digest.Length, bits) || !IsPublicKey(modulus, bits, exponent))
        {
            return StepStatus.Failed;
        }

        StepStatus status = RsaPublicPower.Raise<TLimbs>(operation, modulus, bits, exponent, signature, ref work);
        if (status != StepStatus.Done)
        {
            return status;
        }

        return IsEncoded(operation, modulus.Length, bits, signature.Length, block, algorithm, digest) ? StepStatus.Done : StepStatus.Failed;
    }

    /// <summary>Judges the power. The message goes to the front, so that all behind it is one run of scratch.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsEncoded(
        Span<byte> operation, int modulusBytes, int bits, int encodedBytes, Span<byte> block, HashAlgorithm algorithm, ReadOnlySpan<byte> digest)
    {
        Span<byte> encoded = operation.Slice(BigMontgomeryProgress.Bytes, encodedBytes);
        RsaPublicPower.Power(operation, modulusBytes)[..encodedBytes].CopyTo(encoded);
        Reverse(encoded);
        return PssEncoding.IsValid(algorithm, digest, bits, encoded, operation[(BigMontgomeryProgress.Bytes + modulusBytes)..], block);
    }

    private static void Reverse(Span<byte> bytes)
    {
        for (int i = 0, j = bytes.Length - 1; i < j; i++, j--)
        {
            (bytes[i], bytes[j]) = (bytes[j], bytes[i]);
        }
    }
}
