using System;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Thimble.Crypto;

/// <summary>Sums, differences and products of little-endian numbers in words of 64 bits. Leaks: only the number of words.</summary>
internal static class FieldWords64
{
    /// <summary>a + b + carry; the carry out replaces the carry in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AddCarry(ulong a, ulong b, ref ulong carry)
    {
        ulong sum = a + b;
        ulong first = Less(sum, a);
        sum += carry;
        carry = first + Less(sum, carry);
        return sum;
    }

    /// <summary>a - b - borrow; the borrow out replaces the borrow in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SubtractBorrow(ulong a, ulong b, ref ulong borrow)
    {
        ulong difference = a - b;
        ulong first = Less(a, b);
        ulong result = difference - borrow;
        borrow = first + Less(difference, borrow);
        return result;
    }

    /// <summary>a · b + addend + carry, which never overflows 128 bits: returns the low word, the high one becomes the carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyAdd(ulong a, ulong b, ulong addend, ref ulong carry)
    {
        ulong low = a * b;
        ulong high = High(a, b);
        low += carry;
        high += Less(low, carry);
        low += addend;
        carry = high + Less(low, addend);
        return low;
    }

    /// <summary>product = a · b, row by row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply(ref ulong product, ref byte a, ref byte b, int words)
    {
        for (int j = 0; j < words; j++)
        {
            Unsafe.Add(ref product, j) = 0;
        }

        for (int i = 0; i < words; i++)
        {
            ref ulong row = ref Unsafe.Add(ref product, i);
            Unsafe.Add(ref row, words) = MultiplyAdd(ref row, Word(ref a, i), ref Unsafe.As<byte, ulong>(ref b), words);
        }
    }

    /// <summary>row += factor · b; returns the word carried out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyAdd(ref ulong row, ulong factor, ref ulong b, int words)
    {
        ulong carry = 0;
        for (int j = 0; j < words; j++)
        {
            ref ulong word = ref Unsafe.Add(ref row, j);
            word = MultiplyAdd(factor, Unsafe.Add(ref b, j), word, ref carry);
        }

        return carry;
    }

    /// <summary>row = factor · b for a b of six words; row has seven.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply6(ref ulong row, ulong factor, ref ulong b)
    {
        ulong carry = 0;
        row = MultiplyAdd(factor, b, 0, ref carry);
        Unsafe.Add(ref row, 1) = MultiplyAdd(factor, Unsafe.Add(ref b, 1), 0, ref carry);
        Unsafe.Add(ref row, 2) = MultiplyAdd(factor, Unsafe.Add(ref b, 2), 0, ref carry);
        Unsafe.Add(ref row, 3) = MultiplyAdd(factor, Unsafe.Add(ref b, 3), 0, ref carry);
        Unsafe.Add(ref row, 4) = MultiplyAdd(factor, Unsafe.Add(ref b, 4), 0, ref carry);
        Unsafe.Add(ref row, 5) = MultiplyAdd(factor, Unsafe.Add(ref b, 5), 0, ref carry);
        Unsafe.Add(ref row, 6) = carry;
    }

    /// <summary>row += factor · b for a b of six words; the seventh word of the row becomes the carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd6(ref ulong row, ulong factor, ref ulong b)
    {
        ulong carry = 0;
        row = MultiplyAdd(factor, b, row, ref carry);
        Unsafe.Add(ref row, 1) = MultiplyAdd(factor, Unsafe.Add(ref b, 1), Unsafe.Add(ref row, 1), ref carry);
        Unsafe.Add(ref row, 2) = MultiplyAdd(factor, Unsafe.Add(ref b, 2), Unsafe.Add(ref row, 2), ref carry);
        Unsafe.Add(ref row, 3) = MultiplyAdd(factor, Unsafe.Add(ref b, 3), Unsafe.Add(ref row, 3), ref carry);
        Unsafe.Add(ref row, 4) = MultiplyAdd(factor, Unsafe.Add(ref b, 4), Unsafe.Add(ref row, 4), ref carry);
        Unsafe.Add(ref row, 5) = MultiplyAdd(factor, Unsafe.Add(ref b, 5), Unsafe.Add(ref row, 5), ref carry);
        Unsafe.Add(ref row, 6) = carry;
    }

    /// <summary>The high word of a · b. MULX named twice beats <see cref="Math.BigMul(ulong, ulong, out ulong)"/>, which goes through memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong High(ulong a, ulong b) => Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);

    /// <summary>1 where a is below b, else 0: a compare and a set, no branch, on x64 and ARM64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Less(ulong a, ulong b) => Unsafe.BitCast<bool, byte>(a < b);

    /// <summary>result = a + b mod m, for a and b below m.</summary>
    [ConstantTime(PublicBranches = 2)]
    public static void Add(ref byte result, ref byte a, ref byte b, ref ulong modulus, int words)
    {
        ref ulong sum = ref Unsafe.As<byte, ulong>(ref result);
        ulong carry = 0, borrow = 0;
        for (int i = 0; i < words; i++)
        {
            ulong word = AddCarry(Word(ref a, i), Word(ref b, i), ref carry);
            Unsafe.Add(ref sum, i) = SubtractBorrow(word, Unsafe.Add(ref modulus, i), ref borrow);
        }

        AddMasked(ref sum, ref modulus, carry - borrow, words);
    }

    /// <summary>result = a - b mod m, for a and b below m.</summary>
    [ConstantTime(PublicBranches = 2)]
    public static void Subtract(ref byte result, ref byte a, ref byte b, ref ulong modulus, int words)
    {
        ref ulong difference = ref Unsafe.As<byte, ulong>(ref result);
        ulong borrow = 0;
        for (int i = 0; i < words; i++)
        {
            Unsafe.Add(ref difference, i) = SubtractBorrow(Word(ref a, i), Word(ref b, i), ref borrow);
        }

        AddMasked(ref difference, ref modulus, 0 - borrow, words);
    }

    /// <summary>value += m &amp; mask, the carry out being dropped.</summary>
    [ConstantTime(PublicBranches = 1)]
    public static void AddMasked(ref ulong value, ref ulong modulus, ulong mask, int words)
    {
        ulong carry = 0;
        for (int i = 0; i < words; i++)
        {
            ref ulong word = ref Unsafe.Add(ref value, i);
            word = AddCarry(word, Unsafe.Add(ref modulus, i) & mask, ref carry);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Word(ref byte number, int index) => Unsafe.Add(ref Unsafe.As<byte, ulong>(ref number), index);
}
