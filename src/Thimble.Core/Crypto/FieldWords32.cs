using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>Sums, differences and products of little-endian numbers in words of 32 bits. Leaks: only the number of words, except for <see cref="PublicProducts"/>.</summary>
internal static class FieldWords32
{
    /// <summary>A table's words of 64 bits as words of 32, both from the lowest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref uint First(ReadOnlySpan<ulong> words) => ref Unsafe.As<ulong, uint>(ref MemoryMarshal.GetReference(words));

    /// <summary>result = a + b mod m, for a and b below m: the sum less m first, then m back where that fell below zero.</summary>
    [ConstantTime(PublicBranches = 2)]
    public static void Add(ref byte result, ref byte a, ref byte b, ref uint modulus, int words)
    {
        ref uint sum = ref Unsafe.As<byte, uint>(ref result);
        long carry = 0;
        for (int i = 0; i < words; i++)
        {
            carry += (long)Word(ref a, i) + Word(ref b, i) - Unsafe.Add(ref modulus, i);
            Unsafe.Add(ref sum, i) = (uint)carry;
            carry >>= 32;
        }

        AddMasked(ref sum, ref modulus, (uint)carry, words);
    }

    /// <summary>result = a - b mod m, for a and b below m.</summary>
    [ConstantTime(PublicBranches = 2)]
    public static void Subtract(ref byte result, ref byte a, ref byte b, ref uint modulus, int words)
    {
        ref uint difference = ref Unsafe.As<byte, uint>(ref result);
        long borrow = 0;
        for (int i = 0; i < words; i++)
        {
            borrow += (long)Word(ref a, i) - Word(ref b, i);
            Unsafe.Add(ref difference, i) = (uint)borrow;
            borrow >>= 32;
        }

        AddMasked(ref difference, ref modulus, (uint)borrow, words);
    }

    /// <summary>value += m &amp; mask, the carry out being dropped.</summary>
    [ConstantTime(PublicBranches = 2)]
    public static void AddMasked(ref uint value, ref uint modulus, uint mask, int words)
    {
        ulong carry = 0;
        for (int i = 0; i < words; i++)
        {
            carry += (ulong)Unsafe.Add(ref value, i) + (Unsafe.Add(ref modulus, i) & mask);
            Unsafe.Add(ref value, i) = (uint)carry;
            carry >>= 32;
        }
    }

    /// <summary>value -= m &amp; mask, the borrow out being dropped.</summary>
    [ConstantTime(PublicBranches = 2)]
    public static void SubtractMasked(ref uint value, ref uint modulus, uint mask, int words)
    {
        long borrow = 0;
        for (int i = 0; i < words; i++)
        {
            borrow += (long)Unsafe.Add(ref value, i) - (Unsafe.Add(ref modulus, i) & mask);
            Unsafe.Add(ref value, i) = (uint)borrow;
            borrow >>= 32;
        }
    }

    /// <summary>product = a · b, row by row: each step's sum is at most (2^32 - 1)² + 2 (2^32 - 1) and so never overflows.</summary>
    [ConstantTime(PublicBranches = 4)]
    public static void Multiply<TProducts>(ref uint product, ref byte a, ref byte b, int words)
        where TProducts : struct, IFieldProducts
    {
        ulong carry = 0;
        uint factor = Word(ref a, 0);
        for (int j = 0; j < words; j++)
        {
            carry += TProducts.Multiply(factor, Word(ref b, j));
            Unsafe.Add(ref product, j) = (uint)carry;
            carry >>= 32;
        }

        Unsafe.Add(ref product, words) = (uint)carry;
        for (int i = 1; i < words; i++)
        {
            ref uint row = ref Unsafe.Add(ref product, i);
            Unsafe.Add(ref row, words) = MultiplyAdd<TProducts>(ref row, Word(ref a, i), ref Unsafe.As<byte, uint>(ref b), words);
        }
    }

    /// <summary>product = a²: the products of different words once, then doubled while the squares are added.</summary>
    [ConstantTime(PublicBranches = 4)]
    public static void Square<TProducts>(ref uint product, ref byte a, int words)
        where TProducts : struct, IFieldProducts
    {
        ref uint factors = ref Unsafe.As<byte, uint>(ref a);
        ulong carry = 0;
        for (int j = 1; j < words; j++)
        {
            carry += TProducts.Multiply(factors, Unsafe.Add(ref factors, j));
            Unsafe.Add(ref product, j) = (uint)carry;
            carry >>= 32;
        }

        Unsafe.Add(ref product, words) = (uint)carry;
        for (int i = 1; i < words - 1; i++)
        {
            ref uint row = ref Unsafe.Add(ref product, (2 * i) + 1);
            int rest = words - 1 - i;
            Unsafe.Add(ref row, rest) = MultiplyAdd<TProducts>(ref row, Unsafe.Add(ref factors, i), ref Unsafe.Add(ref factors, i + 1), rest);
        }

        product = 0;
        Unsafe.Add(ref product, (2 * words) - 1) = 0;
        DoubleAndAddSquares<TProducts>(ref product, ref factors, words);
    }

    /// <summary>row += factor · b; returns the word carried out.</summary>
    [ConstantTime(PublicBranches = 2)]
    public static uint MultiplyAdd<TProducts>(ref uint row, uint factor, ref uint b, int words)
        where TProducts : struct, IFieldProducts
    {
        uint carry = 0;
        for (int j = 0; j < words; j++)
        {
            ulong sum = TProducts.Multiply(factor, Unsafe.Add(ref b, j)) + Unsafe.Add(ref row, j) + carry;
            Unsafe.Add(ref row, j) = (uint)sum;
            carry = (uint)(sum >> 32);
        }

        return carry;
    }

    private static void DoubleAndAddSquares<TProducts>(ref uint product, ref uint factors, int words)
        where TProducts : struct, IFieldProducts
    {
        ulong carry = 0;
        for (int i = 0; i < words; i++)
        {
            uint factor = Unsafe.Add(ref factors, i);
            ulong square = TProducts.Multiply(factor, factor);
            ref uint low = ref Unsafe.Add(ref product, 2 * i);
            ref uint high = ref Unsafe.Add(ref low, 1);
            carry += ((ulong)low << 1) + (uint)square;
            low = (uint)carry;
            carry = (carry >> 32) + ((ulong)high << 1) + (square >> 32);
            high = (uint)carry;
            carry >>= 32;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Word(ref byte number, int index) => Unsafe.Add(ref Unsafe.As<byte, uint>(ref number), index);
}
