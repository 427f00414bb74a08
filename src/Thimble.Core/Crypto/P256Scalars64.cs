using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>Montgomery arithmetic modulo the order of P-256 in words of 64 bits, held in registers. Leaks: nothing.</summary>
internal readonly struct P256Scalars64 : IField
{
    private const ulong N0 = 0xF3B9CAC2FC632551, N1 = 0xBCE6FAADA7179E84, N2 = 0xFFFFFFFFFFFFFFFF, N3 = 0xFFFFFFFF00000000;

    /// <inheritdoc/>
    public static int Bytes => P256Order.Bytes;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus => P256Order.Modulus;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One => P256Order.One;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared => P256Order.RSquared;

    /// <inheritdoc/>
    public static ulong NegativeInverse => P256Order.NegativeInverse;

    /// <inheritdoc/>
    public static int ScratchBytes => 0;

    /// <inheritdoc/>
    [ConstantTime(PublicBranches = 0)]
    public static void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch)
    {
        ref ulong factors = ref Unsafe.As<byte, ulong>(ref a);
        ref ulong other = ref Unsafe.As<byte, ulong>(ref b);
        ulong t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;
        Row(factors, ref other, ref t0, ref t1, ref t2, ref t3, ref t4);
        Row(Unsafe.Add(ref factors, 1), ref other, ref t0, ref t1, ref t2, ref t3, ref t4);
        Row(Unsafe.Add(ref factors, 2), ref other, ref t0, ref t1, ref t2, ref t3, ref t4);
        Row(Unsafe.Add(ref factors, 3), ref other, ref t0, ref t1, ref t2, ref t3, ref t4);
        ulong borrow = 0;
        ulong r0 = FieldWords64.SubtractBorrow(t0, N0, ref borrow);
        ulong r1 = FieldWords64.SubtractBorrow(t1, N1, ref borrow);
        ulong r2 = FieldWords64.SubtractBorrow(t2, N2, ref borrow);
        ulong r3 = FieldWords64.SubtractBorrow(t3, N3, ref borrow);
        ulong keep = t4 - borrow;
        ref ulong target = ref Unsafe.As<byte, ulong>(ref result);
        target = r0 ^ ((r0 ^ t0) & keep);
        Unsafe.Add(ref target, 1) = r1 ^ ((r1 ^ t1) & keep);
        Unsafe.Add(ref target, 2) = r2 ^ ((r2 ^ t2) & keep);
        Unsafe.Add(ref target, 3) = r3 ^ ((r3 ^ t3) & keep);
    }

    /// <inheritdoc/>
    public static void Square(ref byte result, ref byte a, ref byte scratch) => Multiply(ref result, ref a, ref a, ref scratch);

    /// <inheritdoc/>
    public static void Add(ref byte result, ref byte a, ref byte b) =>
        FieldWords64.Add(ref result, ref a, ref b, ref MemoryMarshal.GetReference(P256Order.Modulus), 4);

    /// <inheritdoc/>
    public static void Subtract(ref byte result, ref byte a, ref byte b) =>
        FieldWords64.Subtract(ref result, ref a, ref b, ref MemoryMarshal.GetReference(P256Order.Modulus), 4);

    /// <summary>t = (t + a · b + m n) / 2^64, m being chosen so that the division leaves nothing; t stays below 2 n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row(ulong a, ref ulong b, ref ulong t0, ref ulong t1, ref ulong t2, ref ulong t3, ref ulong t4)
    {
        ulong carry = 0;
        ulong s0 = FieldWords64.MultiplyAdd(a, b, t0, ref carry);
        ulong s1 = FieldWords64.MultiplyAdd(a, Unsafe.Add(ref b, 1), t1, ref carry);
        ulong s2 = FieldWords64.MultiplyAdd(a, Unsafe.Add(ref b, 2), t2, ref carry);
        ulong s3 = FieldWords64.MultiplyAdd(a, Unsafe.Add(ref b, 3), t3, ref carry);
        ulong s4 = t4 + carry;
        ulong top = FieldWords64.Less(s4, carry);
        ulong m = s0 * P256Order.NegativeInverse;
        carry = 0;
        FieldWords64.MultiplyAdd(m, N0, s0, ref carry);
        t0 = FieldWords64.MultiplyAdd(m, N1, s1, ref carry);
        t1 = FieldWords64.MultiplyAdd(m, N2, s2, ref carry);
        t2 = FieldWords64.MultiplyAdd(m, N3, s3, ref carry);
        t3 = s4 + carry;
        t4 = top + FieldWords64.Less(t3, carry);
    }
}
