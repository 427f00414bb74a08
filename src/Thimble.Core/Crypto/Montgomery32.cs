using System;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// Montgomery arithmetic (Math. Comp. 44, 1985) modulo any odd prime, in words of 32 bits: the product first, then its
/// reduction word by word. Leaks: nothing with <see cref="SecretProducts"/>.
/// </summary>
internal readonly struct Montgomery32<TModulus, TProducts> : IField
    where TModulus : struct, IFieldModulus
    where TProducts : struct, IFieldProducts
{
    private static int Words => TModulus.Bytes / sizeof(uint);

    /// <inheritdoc/>
    public static int Bytes => TModulus.Bytes;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus => TModulus.Modulus;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One => TModulus.One;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared => TModulus.RSquared;

    /// <inheritdoc/>
    public static ulong NegativeInverse => TModulus.NegativeInverse;

    /// <inheritdoc/>
    public static int ScratchBytes => 2 * Bytes;

    /// <inheritdoc/>
    public static void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch)
    {
        ref uint product = ref Unsafe.As<byte, uint>(ref scratch);
        FieldWords32.Multiply<TProducts>(ref product, ref a, ref b, Words);
        Reduce(ref result, ref product);
    }

    /// <inheritdoc/>
    public static void Square(ref byte result, ref byte a, ref byte scratch)
    {
        ref uint product = ref Unsafe.As<byte, uint>(ref scratch);
        FieldWords32.Square<TProducts>(ref product, ref a, Words);
        Reduce(ref result, ref product);
    }

    /// <inheritdoc/>
    public static void Add(ref byte result, ref byte a, ref byte b) =>
        FieldWords32.Add(ref result, ref a, ref b, ref FieldWords32.First(TModulus.Modulus), Words);

    /// <inheritdoc/>
    public static void Subtract(ref byte result, ref byte a, ref byte b) =>
        FieldWords32.Subtract(ref result, ref a, ref b, ref FieldWords32.First(TModulus.Modulus), Words);

    /// <summary>result = product / R mod m. The quotient is below 2 m: m is taken off and put back where that fell below zero.</summary>
    [ConstantTime(PublicBranches = 4)]
    private static void Reduce(ref byte result, ref uint product)
    {
        ref uint modulus = ref FieldWords32.First(TModulus.Modulus);
        uint top = 0;
        for (int i = 0; i < Words; i++)
        {
            ref uint row = ref Unsafe.Add(ref product, i);
            uint factor = row * (uint)TModulus.NegativeInverse;
            uint carry = FieldWords32.MultiplyAdd<TProducts>(ref row, factor, ref modulus, Words);
            ulong sum = (ulong)Unsafe.Add(ref row, Words) + carry + top;
            Unsafe.Add(ref row, Words) = (uint)sum;
            top = (uint)(sum >> 32);
        }

        ref uint quotient = ref Unsafe.As<byte, uint>(ref result);
        long borrow = 0;
        for (int i = 0; i < Words; i++)
        {
            borrow += (long)Unsafe.Add(ref product, Words + i) - Unsafe.Add(ref modulus, i);
            Unsafe.Add(ref quotient, i) = (uint)borrow;
            borrow >>= 32;
        }

        FieldWords32.AddMasked(ref quotient, ref modulus, (uint)borrow + top, Words);
    }
}
