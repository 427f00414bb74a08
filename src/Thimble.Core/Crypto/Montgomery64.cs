using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>Montgomery arithmetic modulo any odd prime in words of 64 bits, as <see cref="Montgomery32{TModulus,TProducts}"/>. Leaks: nothing.</summary>
internal readonly struct Montgomery64<TModulus> : IField
    where TModulus : struct, IFieldModulus
{
    private static int Words => TModulus.Bytes / sizeof(ulong);

    private static ref ulong Prime => ref MemoryMarshal.GetReference(TModulus.Modulus);

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
    [ConstantTime(PublicBranches = 3)]
    public static void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch)
    {
        ref ulong product = ref Unsafe.As<byte, ulong>(ref scratch);
        FieldWords64.Multiply(ref product, ref a, ref b, Words);
        Reduce(ref result, ref product);
    }

    /// <inheritdoc/>
    public static void Square(ref byte result, ref byte a, ref byte scratch) => Multiply(ref result, ref a, ref a, ref scratch);

    /// <inheritdoc/>
    public static void Add(ref byte result, ref byte a, ref byte b) => FieldWords64.Add(ref result, ref a, ref b, ref Prime, Words);

    /// <inheritdoc/>
    public static void Subtract(ref byte result, ref byte a, ref byte b) => FieldWords64.Subtract(ref result, ref a, ref b, ref Prime, Words);

    /// <summary>result = product / R mod m: below 2 m before the last subtraction.</summary>
    [ConstantTime(PublicBranches = 3)]
    private static void Reduce(ref byte result, ref ulong product)
    {
        ulong top = 0;
        for (int i = 0; i < Words; i++)
        {
            ref ulong row = ref Unsafe.Add(ref product, i);
            ulong carry = FieldWords64.MultiplyAdd(ref row, row * TModulus.NegativeInverse, ref Prime, Words);
            Unsafe.Add(ref row, Words) = FieldWords64.AddCarry(Unsafe.Add(ref row, Words), carry, ref top);
        }

        ref ulong quotient = ref Unsafe.As<byte, ulong>(ref result);
        ulong borrow = 0;
        for (int i = 0; i < Words; i++)
        {
            Unsafe.Add(ref quotient, i) = FieldWords64.SubtractBorrow(Unsafe.Add(ref product, Words + i), Unsafe.Add(ref Prime, i), ref borrow);
        }

        FieldWords64.AddMasked(ref quotient, ref Prime, top - borrow, Words);
    }
}
