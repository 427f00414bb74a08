using System;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// The field of P-256 in words of 64 bits. -1/p = 1 modulo 2^64, so that word of a running sum which is to vanish is itself the
/// multiple of p to add, and adding it takes shifts only. Everything stays in registers. Leaks: nothing.
/// </summary>
internal readonly struct P256Field64 : IField
{
    private const ulong P0 = 0xFFFFFFFFFFFFFFFF, P1 = 0x00000000FFFFFFFF, P3 = 0xFFFFFFFF00000001;

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
    public static int ScratchBytes => 0;

    /// <inheritdoc/>
    [ConstantTime(PublicBranches = 0)]
    public static void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch)
    {
        ulong b0 = Word(ref b, 0), b1 = Word(ref b, 1), b2 = Word(ref b, 2), b3 = Word(ref b, 3);
        ulong t0 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0;
        MultiplyRow(Word(ref a, 0), b0, b1, b2, b3, ref t0, ref t1, ref t2, ref t3, ref t4);
        MultiplyRow(Word(ref a, 1), b0, b1, b2, b3, ref t0, ref t1, ref t2, ref t3, ref t4);
        MultiplyRow(Word(ref a, 2), b0, b1, b2, b3, ref t0, ref t1, ref t2, ref t3, ref t4);
        MultiplyRow(Word(ref a, 3), b0, b1, b2, b3, ref t0, ref t1, ref t2, ref t3, ref t4);
        StoreReduced(ref result, t0, t1, t2, t3, t4);
    }

    /// <inheritdoc/>
    [ConstantTime(PublicBranches = 0)]
    public static void Square(ref byte result, ref byte a, ref byte scratch)
    {
        ulong a0 = Word(ref a, 0), a1 = Word(ref a, 1), a2 = Word(ref a, 2), a3 = Word(ref a, 3);

        // The six products of different words, as s1 to s6.
        ulong carry = 0;
        ulong s1 = FieldWords64.MultiplyAdd(a0, a1, 0, ref carry);
        ulong s2 = FieldWords64.MultiplyAdd(a0, a2, 0, ref carry);
        ulong s3 = FieldWords64.MultiplyAdd(a0, a3, 0, ref carry);
        ulong s4 = carry;
        carry = 0;
        s3 = FieldWords64.MultiplyAdd(a1, a2, s3, ref carry);
        s4 = FieldWords64.MultiplyAdd(a1, a3, s4, ref carry);
        ulong s5 = carry;
        carry = 0;
        s5 = FieldWords64.MultiplyAdd(a2, a3, s5, ref carry);
        ulong s6 = carry;

        // Twice those and the four squares.
        ulong s7 = s6 >> 63;
        carry = 0;
        s6 = (s6 << 1) | (s5 >> 63);
        s5 = (s5 << 1) | (s4 >> 63);
        s4 = (s4 << 1) | (s3 >> 63);
        s3 = (s3 << 1) | (s2 >> 63);
        s2 = (s2 << 1) | (s1 >> 63);
        s1 <<= 1;
        ulong s0 = a0 * a0;
        s1 = FieldWords64.AddCarry(s1, FieldWords64.High(a0, a0), ref carry);
        s2 = FieldWords64.AddCarry(s2, a1 * a1, ref carry);
        s3 = FieldWords64.AddCarry(s3, FieldWords64.High(a1, a1), ref carry);
        s4 = FieldWords64.AddCarry(s4, a2 * a2, ref carry);
        s5 = FieldWords64.AddCarry(s5, FieldWords64.High(a2, a2), ref carry);
        s6 = FieldWords64.AddCarry(s6, a3 * a3, ref carry);
        s7 += FieldWords64.High(a3, a3) + carry;

        // Four times the word at the bottom goes; what comes at word 4 waits for s4 to s7.
        ulong t0, t1, t2, t3;
        AddMultiple(s0, s1, s2, s3, 0, out t0, out t1, out t2, out t3);
        AddMultiple(t0, t1, t2, t3, 0, out t0, out t1, out t2, out t3);
        AddMultiple(t0, t1, t2, t3, 0, out t0, out t1, out t2, out t3);
        AddMultiple(t0, t1, t2, t3, 0, out t0, out t1, out t2, out t3);
        carry = 0;
        t0 = FieldWords64.AddCarry(t0, s4, ref carry);
        t1 = FieldWords64.AddCarry(t1, s5, ref carry);
        t2 = FieldWords64.AddCarry(t2, s6, ref carry);
        t3 = FieldWords64.AddCarry(t3, s7, ref carry);
        StoreReduced(ref result, t0, t1, t2, t3, carry);
    }

    /// <inheritdoc/>
    [ConstantTime(PublicBranches = 0)]
    public static void Add(ref byte result, ref byte a, ref byte b)
    {
        ulong carry = 0;
        ulong r0 = FieldWords64.AddCarry(Word(ref a, 0), Word(ref b, 0), ref carry);
        ulong r1 = FieldWords64.AddCarry(Word(ref a, 1), Word(ref b, 1), ref carry);
        ulong r2 = FieldWords64.AddCarry(Word(ref a, 2), Word(ref b, 2), ref carry);
        ulong r3 = FieldWords64.AddCarry(Word(ref a, 3), Word(ref b, 3), ref carry);
        StoreReduced(ref result, r0, r1, r2, r3, carry);
    }

    /// <inheritdoc/>
    [ConstantTime(PublicBranches = 0)]
    public static void Subtract(ref byte result, ref byte a, ref byte b)
    {
        ulong borrow = 0;
        ulong r0 = FieldWords64.SubtractBorrow(Word(ref a, 0), Word(ref b, 0), ref borrow);
        ulong r1 = FieldWords64.SubtractBorrow(Word(ref a, 1), Word(ref b, 1), ref borrow);
        ulong r2 = FieldWords64.SubtractBorrow(Word(ref a, 2), Word(ref b, 2), ref borrow);
        ulong r3 = FieldWords64.SubtractBorrow(Word(ref a, 3), Word(ref b, 3), ref borrow);
        StoreWithPrime(ref result, r0, r1, r2, r3, 0 - borrow);
    }

    /// <summary>t = (t + a · b + m p) / 2^64 with m = the lowest word before the division; t stays below 2 p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyRow(
        ulong a, ulong b0, ulong b1, ulong b2, ulong b3, ref ulong t0, ref ulong t1, ref ulong t2, ref ulong t3, ref ulong t4)
    {
        ulong carry = 0;
        ulong m = FieldWords64.MultiplyAdd(a, b0, t0, ref carry);
        ulong s1 = FieldWords64.MultiplyAdd(a, b1, t1, ref carry);
        ulong s2 = FieldWords64.MultiplyAdd(a, b2, t2, ref carry);
        ulong s3 = FieldWords64.MultiplyAdd(a, b3, t3, ref carry);
        ulong s4 = t4 + carry;
        ulong s5 = FieldWords64.Less(s4, carry);
        t4 = s5 + AddMultiple(m, s1, s2, s3, s4, out t0, out t1, out t2, out t3);
    }

    /// <summary>
    /// t = s + m (p + 1) / 2^64 above the word that vanished: p + 1 = 2^96 + 2^192 (2^64 - 2^32 + 1), so m 2^32 comes at
    /// word 0 and m (2^64 - 2^32 + 1) at word 2. Returns the carry.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddMultiple(ulong m, ulong s0, ulong s1, ulong s2, ulong s3, out ulong t0, out ulong t1, out ulong t2, out ulong t3)
    {
        ulong shifted = m << 32, above = m >> 32;
        ulong low = m - shifted;
        ulong high = m - above - FieldWords64.Less(m, shifted);
        ulong carry = 0;
        t0 = FieldWords64.AddCarry(s0, shifted, ref carry);
        t1 = FieldWords64.AddCarry(s1, above, ref carry);
        t2 = FieldWords64.AddCarry(s2, low, ref carry);
        t3 = FieldWords64.AddCarry(s3, high, ref carry);
        return carry;
    }

    /// <summary>Stores t, which is below 2 p, less p where it is p or more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreReduced(ref byte result, ulong t0, ulong t1, ulong t2, ulong t3, ulong t4)
    {
        ulong borrow = 0;
        ulong r0 = FieldWords64.SubtractBorrow(t0, P0, ref borrow);
        ulong r1 = FieldWords64.SubtractBorrow(t1, P1, ref borrow);
        ulong r2 = FieldWords64.SubtractBorrow(t2, 0, ref borrow);
        ulong r3 = FieldWords64.SubtractBorrow(t3, P3, ref borrow);
        ulong keep = t4 - borrow;
        Word(ref result, 0) = r0 ^ ((r0 ^ t0) & keep);
        Word(ref result, 1) = r1 ^ ((r1 ^ t1) & keep);
        Word(ref result, 2) = r2 ^ ((r2 ^ t2) & keep);
        Word(ref result, 3) = r3 ^ ((r3 ^ t3) & keep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreWithPrime(ref byte result, ulong r0, ulong r1, ulong r2, ulong r3, ulong mask)
    {
        ulong carry = 0;
        Word(ref result, 0) = FieldWords64.AddCarry(r0, P0 & mask, ref carry);
        Word(ref result, 1) = FieldWords64.AddCarry(r1, P1 & mask, ref carry);
        Word(ref result, 2) = FieldWords64.AddCarry(r2, 0, ref carry);
        Word(ref result, 3) = r3 + (P3 & mask) + carry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ulong Word(ref byte number, int index) => ref Unsafe.Add(ref Unsafe.As<byte, ulong>(ref number), index);
}
