using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>A product of 32-bit limbs: which one tells whether the operands are secret.</summary>
internal interface ILimbProduct
{
    /// <summary>Whether the factors may be secret.</summary>
    static abstract bool AreSecret { get; }

    /// <summary>The units of work of a row, as a right shift of the modulus' bytes.</summary>
    static abstract int WorkShift { get; }

    /// <summary>a·b.</summary>
    static abstract ulong Multiply(uint a, uint b);
}

/// <summary>For public numbers. Leaks both on a Cortex-M3.</summary>
internal readonly struct PublicProduct : ILimbProduct
{
    public static bool AreSecret => false;

    public static int WorkShift => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Multiply(uint a, uint b) => WideMultiply.Public(a, b);
}

/// <summary>For secrets. Leaks: nothing.</summary>
internal readonly struct SecretProduct : ILimbProduct
{
    public static bool AreSecret => true;

    public static int WorkShift => 7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Multiply(uint a, uint b) => WideMultiply.Secret(a, b);
}

/// <summary>
/// Limbs of 32 bits, for small machines. Leaks: the lengths, and with <see cref="PublicProduct"/> the factors.
/// </summary>
internal readonly struct BigMontgomery32<TProduct> : IBigMontgomeryLimbs
    where TProduct : struct, ILimbProduct
{
    public static int Bytes => 4;

    public static int RowWork(int modulusBytes) => (modulusBytes + 127) >> TProduct.WorkShift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Read(ReadOnlySpan<byte> number, int index) => MemoryMarshal.Cast<byte, uint>(number)[index];

    /// <summary>Newton's iteration: n is its own inverse modulo 8, and each round doubles the bits that are right.</summary>
    public static nuint NegatedInverse(ReadOnlySpan<byte> modulus)
    {
        uint n = (uint)Read(modulus, 0);
        uint inverse = n;
        for (int bits = 3; bits < 32; bits *= 2)
        {
            inverse *= 2 - (n * inverse);
        }

        return 0 - inverse;
    }

    /// <summary>
    /// Both products of a limb pass in one loop, as in <see cref="BigMontgomery64"/>; each sum of a product and two
    /// limbs fits 64 bits. References instead of spans: each step moves them on by as many limbs as it took, count - 1 in
    /// all, and the slices at the top establish that a and n are as long as t. Four limbs a step keep the loop's own
    /// cost low; a secret's products are too long for that to pay.
    /// </summary>
    [ConstantTime(PublicBranches = 4)]
    public static uint Row(Span<byte> t, ReadOnlySpan<byte> a, nuint b, ReadOnlySpan<byte> n, nuint inverse, uint top)
    {
        int rest = (t.Length >> 2) - 1;
        ref uint pt = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, uint>(t));
        ref uint pa = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, uint>(a[..t.Length]));
        ref uint pn = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, uint>(n[..t.Length]));

        ulong sum = TProduct.Multiply(pa, (uint)b) + pt;
        uint carryA = (uint)(sum >> 32);
        uint m = (uint)sum * (uint)inverse;
        sum = TProduct.Multiply(pn, m) + (uint)sum;
        uint carryN = (uint)(sum >> 32);
        for (int i = TProduct.AreSecret ? rest : rest & 3; i > 0; i--)
        {
            Limb(ref pt, ref pa, ref pn, 1, (uint)b, m, ref carryA, ref carryN);
            pt = ref Unsafe.Add(ref pt, 1);
            pa = ref Unsafe.Add(ref pa, 1);
            pn = ref Unsafe.Add(ref pn, 1);
        }

        for (int i = TProduct.AreSecret ? 0 : rest >> 2; i > 0; i--)
        {
            Limb(ref pt, ref pa, ref pn, 1, (uint)b, m, ref carryA, ref carryN);
            Limb(ref pt, ref pa, ref pn, 2, (uint)b, m, ref carryA, ref carryN);
            Limb(ref pt, ref pa, ref pn, 3, (uint)b, m, ref carryA, ref carryN);
            Limb(ref pt, ref pa, ref pn, 4, (uint)b, m, ref carryA, ref carryN);
            pt = ref Unsafe.Add(ref pt, 4);
            pa = ref Unsafe.Add(ref pa, 4);
            pn = ref Unsafe.Add(ref pn, 4);
        }

        sum = (ulong)carryA + carryN + top;
        pt = (uint)sum;
        return (uint)(sum >> 32);
    }

    /// <summary>Limb i of the row, which lands one limb lower.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Limb(ref uint t, ref uint a, ref uint n, int i, uint b, uint m, ref uint carryA, ref uint carryN)
    {
        ulong sum = TProduct.Multiply(Unsafe.Add(ref a, i), b) + Unsafe.Add(ref t, i) + carryA;
        carryA = (uint)(sum >> 32);
        sum = TProduct.Multiply(Unsafe.Add(ref n, i), m) + (uint)sum + carryN;
        carryN = (uint)(sum >> 32);
        Unsafe.Add(ref t, i - 1) = (uint)sum;
    }

    public static nuint Reciprocal(ReadOnlySpan<byte> n, int bits)
    {
        uint divisor = Shifted(n, (bits - 1) >> 5, bits);
        return (uint)((((ulong)~divisor << 32) | uint.MaxValue) / divisor);
    }

    /// <summary>
    /// One step of long division (Knuth, TAOCP 2, 4.3.1 D): the quotient of the two highest limbs of x by the highest
    /// of n, both shifted so that n's top bit is set, is right or at most 2 too large. Instead of x·2^32 - q·n it adds
    /// q·(2^w - 1 - n) + q - q·2^w to x·2^32, where w are the bits of n's limbs: one carry instead of a carry and a borrow, and a
    /// product and two limbs fit 64 bits. References as in <see cref="Row"/>: each step moves them on by the two limbs that it took, which
    /// is all of x in the end, and the slice establishes that n is as long.
    /// </summary>
    public static void ShiftLimb(Span<byte> x, ReadOnlySpan<byte> n, int bits, nuint reciprocal)
    {
        uint quotient = Quotient(x, n, bits, (uint)reciprocal);
        ref uint px = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, uint>(x));
        ref uint pn = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, uint>(n[..x.Length]));
        uint above = 0;
        uint carry = quotient;
        for (int i = x.Length >> 3; i > 0; i--)
        {
            ShiftedLimb(ref px, ref pn, 0, quotient, ref above, ref carry);
            ShiftedLimb(ref px, ref pn, 1, quotient, ref above, ref carry);
            px = ref Unsafe.Add(ref px, 2);
            pn = ref Unsafe.Add(ref pn, 2);
        }

        // What is left above is 0, or negative by the excess of the quotient.
        above += carry - quotient;
        while (above != 0)
        {
            above += Add(x, n, ~(nuint)0);
        }
    }

    /// <summary>Limb i of x - q·n, where x is one limb higher than it was.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ShiftedLimb(ref uint x, ref uint n, int i, uint quotient, ref uint above, ref uint carry)
    {
        ulong sum = WideMultiply.Public(~Unsafe.Add(ref n, i), quotient) + above + carry;
        carry = (uint)(sum >> 32);
        above = Unsafe.Add(ref x, i);
        Unsafe.Add(ref x, i) = (uint)sum;
    }

    [ConstantTime(PublicBranches = 2)]
    public static uint Add(Span<byte> t, ReadOnlySpan<byte> y, nuint mask)
    {
        Span<uint> sum = MemoryMarshal.Cast<byte, uint>(t);
        ReadOnlySpan<uint> addend = MemoryMarshal.Cast<byte, uint>(y)[..sum.Length];
        uint carry = 0;
        for (int i = 0; i < sum.Length; i++)
        {
            ulong whole = (ulong)sum[i] + (addend[i] & (uint)mask) + carry;
            sum[i] = (uint)whole;
            carry = (uint)(whole >> 32);
        }

        return carry;
    }

    [ConstantTime(PublicBranches = 2)]
    public static uint Subtract(Span<byte> t, ReadOnlySpan<byte> y, nuint mask)
    {
        Span<uint> difference = MemoryMarshal.Cast<byte, uint>(t);
        ReadOnlySpan<uint> subtrahend = MemoryMarshal.Cast<byte, uint>(y)[..difference.Length];
        uint borrow = 0;
        for (int i = 0; i < difference.Length; i++)
        {
            ulong whole = (ulong)difference[i] - (subtrahend[i] & (uint)mask) - borrow;
            difference[i] = (uint)whole;
            borrow = (uint)(whole >> 63);
        }

        return borrow;
    }

    [ConstantTime(PublicBranches = 2)]
    public static uint IsBelow(ReadOnlySpan<byte> t, ReadOnlySpan<byte> y)
    {
        ReadOnlySpan<uint> left = MemoryMarshal.Cast<byte, uint>(t);
        ReadOnlySpan<uint> right = MemoryMarshal.Cast<byte, uint>(y)[..left.Length];
        uint borrow = 0;
        for (int i = 0; i < left.Length; i++)
        {
            borrow = (uint)(((ulong)left[i] - right[i] - borrow) >> 63);
        }

        return borrow;
    }

    // A limb of a number that is shifted left until the top one of so many bits is the top one of a limb.
    private static uint Shifted(ReadOnlySpan<byte> number, int index, int bits)
    {
        ReadOnlySpan<uint> limbs = MemoryMarshal.Cast<byte, uint>(number);
        int shift = ~(bits - 1) & 31;
        return (limbs[index] << shift) | (limbs[index - 1] >> 1 >> (31 - shift));
    }

    /// <summary>
    /// The 64 highest bits of x by the highest 32 of n, with its reciprocal (Möller, Granlund, "Improved division by invariant
    /// integers", algorithm 4), and one less where the next limbs show that it is too much, as they nearly always do (Knuth, step D3).
    /// All ones where the quotient does not fit a limb, which x &lt; n leaves for equal highest bits alone.
    /// </summary>
    private static uint Quotient(ReadOnlySpan<byte> x, ReadOnlySpan<byte> n, int bits, uint reciprocal)
    {
        int top = (bits - 1) >> 5;
        uint divisor = Shifted(n, top, bits), next = Shifted(n, top - 1, bits);
        uint high = Shifted(x, top, bits), low = Shifted(x, top - 1, bits), third = Shifted(x, top - 2, bits);
        if (high >= divisor)
        {
            return uint.MaxValue;
        }

        ulong estimate = WideMultiply.Public(reciprocal, high) + (((ulong)high << 32) | low);
        uint quotient = (uint)(estimate >> 32) + 1;
        uint rest = low - (quotient * divisor);
        if (rest > (uint)estimate)
        {
            quotient--;
            rest += divisor;
        }

        if (rest >= divisor)
        {
            quotient++;
            rest -= divisor;
        }

        return WideMultiply.Public(quotient, next) > (((ulong)rest << 32) | third) ? quotient - 1 : quotient;
    }
}
