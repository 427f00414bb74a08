using System;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// The field of P-256 in words of 32 bits. Since p = 2^256 - 2^224 + 2^192 + 2^96 - 1 has -1/p = 1 modulo 2^32, Montgomery
/// reduction only adds words of the product to one another. Leaks: nothing with <see cref="SecretProducts"/>.
/// </summary>
internal readonly struct P256Field32<TProducts> : IField
    where TProducts : struct, IFieldProducts
{
    /// <inheritdoc/>
    public static int Bytes => P256Prime.Bytes;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus => P256Prime.Modulus;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One => P256Prime.One;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared => P256Prime.RSquared;

    /// <inheritdoc/>
    public static ulong NegativeInverse => P256Prime.NegativeInverse;

    /// <inheritdoc/>
    public static int ScratchBytes => 2 * Bytes;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch)
    {
        if (TProducts.AreSecret)
        {
            P256SecretProduct32.Multiply(ref result, ref a, ref b, ref scratch);
        }
        else
        {
            P256PublicProduct32.Multiply(ref result, ref a, ref b, ref scratch);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square(ref byte result, ref byte a, ref byte scratch)
    {
        if (TProducts.AreSecret)
        {
            P256SecretProduct32.Square(ref result, ref a, ref scratch);
        }
        else
        {
            P256PublicProduct32.Square(ref result, ref a, ref scratch);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(ref byte result, ref byte a, ref byte b) => P256Sum32.Add(ref result, ref a, ref b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Subtract(ref byte result, ref byte a, ref byte b) => P256Sum32.Subtract(ref result, ref a, ref b);
}
