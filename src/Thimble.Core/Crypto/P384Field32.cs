using System;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// The field of P-384 in words of 32 bits. Since p = 2^384 - 2^128 - 2^96 + 2^32 - 1 has -1/p = 1 modulo 2^32, Montgomery
/// reduction only adds words of the product to one another. Leaks: nothing with <see cref="SecretProducts"/>.
/// </summary>
internal readonly struct P384Field32<TProducts> : IField
    where TProducts : struct, IFieldProducts
{
    private const int Words = 12;

    /// <inheritdoc/>
    public static int Bytes => P384Prime.Bytes;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus => P384Prime.Modulus;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One => P384Prime.One;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared => P384Prime.RSquared;

    /// <inheritdoc/>
    public static ulong NegativeInverse => P384Prime.NegativeInverse;

    /// <inheritdoc/>
    public static int ScratchBytes => 2 * Bytes;

    /// <inheritdoc/>
    public static void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch)
    {
        ref uint product = ref Unsafe.As<byte, uint>(ref scratch);
        FieldWords32.Multiply<TProducts>(ref product, ref a, ref b, Words);
        P384Reduction32.Reduce(ref result, ref product);
    }

    /// <inheritdoc/>
    public static void Square(ref byte result, ref byte a, ref byte scratch)
    {
        ref uint product = ref Unsafe.As<byte, uint>(ref scratch);
        FieldWords32.Square<TProducts>(ref product, ref a, Words);
        P384Reduction32.Reduce(ref result, ref product);
    }

    /// <inheritdoc/>
    public static void Add(ref byte result, ref byte a, ref byte b) =>
        FieldWords32.Add(ref result, ref a, ref b, ref FieldWords32.First(P384Prime.Modulus), Words);

    /// <inheritdoc/>
    public static void Subtract(ref byte result, ref byte a, ref byte b) =>
        FieldWords32.Subtract(ref result, ref a, ref b, ref FieldWords32.First(P384Prime.Modulus), Words);
}
