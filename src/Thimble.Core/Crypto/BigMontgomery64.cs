using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Thimble.Crypto;

/// <summary>
/// Limbs of 64 bits, for 64-bit machines, whose multiplication takes constant time: public and secret numbers alike.
/// Leaks: the lengths.
/// </summary>
internal readonly struct BigMontgomery64 : IBigMontgomeryLimbs
{
    public static int Bytes => 8;

    public static int RowWork(int modulusBytes) => modulusBytes >> 7;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint Read(ReadOnlySpan<byte> number, int index) =>
        (nuint)MemoryMarshal.Cast<byte, ulong>(number)[index];

    /// <summary>Newton's iteration: n is its own inverse modulo 8, and each round doubles the bits that are right.</summary>
    public static nuint NegatedInverse(ReadOnlySpan<byte> modulus)
    {
        ulong n = Read(modulus, 0);
        ulong inverse = n;
        for (int bits = 3; bits < 64; bits *= 2)
        {
            inverse *= 2 - (n * inverse);
        }

        return (nuint)(0 - inverse);
    }

    /// <summary>
    /// Both products of a limb pass in one loop (Koç, Acar, Kaliski: "Analyzing and Comparing Montgomery Multiplication
    /// Algorithms", FIOS). References instead of spans: every index lies in [0, t's limbs), and the slices at the
    /// top establish that a and n are as long; without the checks a row takes two thirds of the time.
    /// </summary>
    [ConstantTime(PublicBranches = 1)]
    public static uint Row(Span<byte> t, ReadOnlySpan<byte> a, nuint b, ReadOnlySpan<byte> n, nuint inverse, uint top)
    {
        int count = t.Length >> 3;
        ref ulong pt = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, ulong>(t));
        ref ulong pa = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, ulong>(a[..t.Length]));
        ref ulong pn = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, ulong>(n[..t.Length]));

        ulong x = pa * b;
        ulong carryA = High(pa, b);
        x += pt;
        carryA += Bit(x < pt);
        ulong m = x * inverse;
        ulong y = m * pn;
        ulong carryN = High(m, pn);
        y += x;
        carryN += Bit(y < x);
        for (int i = 1; i < count; i++)
        {
            ulong limb = Unsafe.Add(ref pa, i);
            ulong high = High(limb, b);
            x = limb * b;
            y = x + Unsafe.Add(ref pt, i);
            high += Bit(y < x);
            x = y + carryA;
            carryA = high + Bit(x < y);

            limb = Unsafe.Add(ref pn, i);
            high = High(m, limb);
            y = m * limb;
            x += y;
            high += Bit(x < y);
            y = x + carryN;
            carryN = high + Bit(y < x);
            Unsafe.Add(ref pt, i - 1) = y;
        }

        x = carryA + carryN;
        y = x + top;
        Unsafe.Add(ref pt, count - 1) = y;
        return Bit(x < carryA) + Bit(y < x);
    }

    public static nuint Reciprocal(ReadOnlySpan<byte> n, int bits)
    {
        ulong divisor = HighestBits(n, bits);
        return (nuint)Divide(~divisor, ulong.MaxValue, divisor);
    }

    /// <summary>
    /// One step of long division (Knuth, TAOCP 2, 4.3.1 D): the quotient of the two highest limbs of x by the highest
    /// of n, both shifted so that n's top bit is set, is right or at most 2 too large. Instead of x·2^64 - q·n it adds
    /// q·(2^w - 1 - n) + q - q·2^w to x·2^64, where w are the bits of n's limbs: one carry instead of a carry and a borrow.
    /// </summary>
    public static void ShiftLimb(Span<byte> x, ReadOnlySpan<byte> n, int bits, nuint reciprocal)
    {
        Span<ulong> number = MemoryMarshal.Cast<byte, ulong>(x);
        ReadOnlySpan<ulong> modulus = MemoryMarshal.Cast<byte, ulong>(n)[..number.Length];
        ulong quotient = Quotient(x, HighestBits(n, bits), bits, reciprocal);

        ulong above = 0;
        ulong carry = quotient;
        for (int i = 0; i < number.Length; i++)
        {
            ulong limb = ~modulus[i];
            ulong high = High(limb, quotient);
            ulong low = limb * quotient;
            low += carry;
            carry = high + Bit(low < carry);
            low += above;
            carry += Bit(low < above);
            above = number[i];
            number[i] = low;
        }

        // What is left above is 0, or negative by the excess of the quotient.
        above += carry - quotient;
        while (above != 0)
        {
            above += Add(x, n, ~(nuint)0);
        }
    }

    [ConstantTime(PublicBranches = 1)]
    public static uint Add(Span<byte> t, ReadOnlySpan<byte> y, nuint mask)
    {
        Span<ulong> sum = MemoryMarshal.Cast<byte, ulong>(t);
        ReadOnlySpan<ulong> addend = MemoryMarshal.Cast<byte, ulong>(y)[..sum.Length];
        ulong carry = 0;
        for (int i = 0; i < sum.Length; i++)
        {
            ulong masked = addend[i] & mask;
            ulong part = sum[i] + masked;
            ulong whole = part + carry;
            carry = Bit(part < masked) + Bit(whole < part);
            sum[i] = whole;
        }

        return (uint)carry;
    }

    [ConstantTime(PublicBranches = 1)]
    public static uint Subtract(Span<byte> t, ReadOnlySpan<byte> y, nuint mask)
    {
        Span<ulong> difference = MemoryMarshal.Cast<byte, ulong>(t);
        ReadOnlySpan<ulong> subtrahend = MemoryMarshal.Cast<byte, ulong>(y)[..difference.Length];
        ulong borrow = 0;
        for (int i = 0; i < difference.Length; i++)
        {
            ulong masked = subtrahend[i] & mask;
            ulong part = difference[i] - masked;
            ulong whole = part - borrow;
            borrow = Bit(difference[i] < masked) + Bit(part < borrow);
            difference[i] = whole;
        }

        return (uint)borrow;
    }

    [ConstantTime(PublicBranches = 1)]
    public static uint IsBelow(ReadOnlySpan<byte> t, ReadOnlySpan<byte> y)
    {
        ReadOnlySpan<ulong> left = MemoryMarshal.Cast<byte, ulong>(t);
        ReadOnlySpan<ulong> right = MemoryMarshal.Cast<byte, ulong>(y)[..left.Length];
        ulong borrow = 0;
        for (int i = 0; i < left.Length; i++)
        {
            ulong part = left[i] - right[i];
            borrow = Bit(left[i] < right[i]) + Bit(part < borrow);
        }

        return (uint)borrow;
    }

    // The highest 64 bits of a number of so many bits.
    private static ulong HighestBits(ReadOnlySpan<byte> number, int bits) =>
        Shifted(MemoryMarshal.Cast<byte, ulong>(number), (bits - 1) >> 6, ~(bits - 1) & 63);

    // A limb of a number that is shifted left by less than a limb.
    private static ulong Shifted(ReadOnlySpan<ulong> number, int index, int shift) =>
        (number[index] << shift) | (number[index - 1] >> 1 >> (63 - shift));

    /// <summary>
    /// The 128 highest bits of x by the highest 64 of n, with its reciprocal (Möller, Granlund, "Improved division by invariant
    /// integers", algorithm 4); all ones where the quotient does not fit a limb, which x &lt; n leaves for equal highest bits alone.
    /// </summary>
    private static ulong Quotient(ReadOnlySpan<byte> x, ulong divisor, int bits, ulong reciprocal)
    {
        int top = (bits - 1) >> 6;
        int shift = ~(bits - 1) & 63;
        ReadOnlySpan<ulong> number = MemoryMarshal.Cast<byte, ulong>(x);
        ulong high = Shifted(number, top, shift);
        ulong low = Shifted(number, top - 1, shift);
        if (high >= divisor)
        {
            return ulong.MaxValue;
        }

        ulong estimate = (reciprocal * high) + low;
        ulong quotient = High(reciprocal, high) + high + Bit(estimate < low) + 1;
        ulong rest = low - (quotient * divisor);
        if (rest > estimate)
        {
            quotient--;
            rest += divisor;
        }

        return rest >= divisor ? quotient + 1 : quotient;
    }

    // high:low / divisor, where high < divisor: bit by bit, since it is done once for many limbs and not every machine has such a division.
    private static ulong Divide(ulong high, ulong low, ulong divisor)
    {
        for (int i = 0; i < 64; i++)
        {
            ulong overflow = high >> 63;
            high = (high << 1) | (low >> 63);
            ulong fits = overflow | Bit(high >= divisor);
            high -= divisor & (0 - fits);
            low = (low << 1) | fits;
        }

        return low;
    }

    /// <summary>The upper half of a product: MULX where there is one, since Math.BigMul spills its lower half.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong High(ulong a, ulong b) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);

    /// <summary>A carry as a number: the compiler materialises the flag (SETB, CSET) and does not branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bit(bool carry) => Unsafe.BitCast<bool, byte>(carry);
}
