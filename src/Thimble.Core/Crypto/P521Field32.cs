using System;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>The field of P-521 in words of 32 bits. For public numbers: on a Cortex-M3 it leaks them.</summary>
internal readonly struct P521Field32 : IField
{
    private const int Words = 18;

    /// <summary>The eighteenth word of an element is zero, so that products need not look at it.</summary>
    private const int FactorWords = 17;

    /// <inheritdoc/>
    public static int Bytes => P521Prime.Bytes;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus => P521Prime.Modulus;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One => P521Prime.One;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared => P521Prime.RSquared;

    /// <inheritdoc/>
    public static ulong NegativeInverse => P521Prime.NegativeInverse;

    /// <inheritdoc/>
    public static int ScratchBytes => 2 * Bytes;

    /// <inheritdoc/>
    public static void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch)
    {
        ref uint product = ref Unsafe.As<byte, uint>(ref scratch);
        FieldWords32.Multiply<PublicProducts>(ref product, ref a, ref b, FactorWords);
        P521Reduction32.Reduce(ref result, ref product);
    }

    /// <inheritdoc/>
    public static void Square(ref byte result, ref byte a, ref byte scratch)
    {
        ref uint product = ref Unsafe.As<byte, uint>(ref scratch);
        FieldWords32.Square<PublicProducts>(ref product, ref a, FactorWords);
        P521Reduction32.Reduce(ref result, ref product);
    }

    /// <inheritdoc/>
    public static void Add(ref byte result, ref byte a, ref byte b) =>
        FieldWords32.Add(ref result, ref a, ref b, ref FieldWords32.First(P521Prime.Modulus), Words);

    /// <inheritdoc/>
    public static void Subtract(ref byte result, ref byte a, ref byte b) =>
        FieldWords32.Subtract(ref result, ref a, ref b, ref FieldWords32.First(P521Prime.Modulus), Words);
}
