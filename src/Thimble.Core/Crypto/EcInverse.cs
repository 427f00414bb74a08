using System;
using System.Numerics;

namespace Thimble.Crypto;

/// <summary>Inversion as x^(m - 2) (Fermat), the public exponent being read in sliding windows of 4 bits. Leaks: nothing of x.</summary>
internal static class EcInverse
{
    /// <summary>Registers for the odd powers x, x³ ... x^15.</summary>
    public const int Powers = 8;

    private const int WindowBits = 4;

    /// <summary>
    /// One piece (at most eight multiplications) of result = 1 / x in Montgomery form; zero for zero. x comes in the first of
    /// the <see cref="Powers"/> registers from <paramref name="powers"/> on. True once it is finished.
    /// </summary>
    public static bool Step<TField>(EcRegisters<TField> r, int result, int powers, ref ushort index, ref int work)
        where TField : struct, IField
    {
        if (index == 0)
        {
            FillPowers(r, result, powers);
            work -= Powers * EcRegisters<TField>.Cost;
            index = 1;
            return false;
        }

        int top = (TField.Bytes * 8) - index;
        int length = ExponentBit<TField>(top) == 0 ? 1 : Math.Min(WindowBits, top + 1);
        int value = 0;
        for (int i = 0; i < length; i++)
        {
            value = (value << 1) | ExponentBit<TField>(top - i);
        }

        length -= value == 0 ? 0 : BitOperations.TrailingZeroCount(value);
        for (int i = 0; i < length; i++)
        {
            r.Square(result, result);
        }

        if (value != 0)
        {
            r.Multiply(result, result, powers + (value >> (BitOperations.TrailingZeroCount(value) + 1)));
        }

        work -= (length + 1) * EcRegisters<TField>.Cost;
        index += (ushort)length;
        return index > TField.Bytes * 8;
    }

    private static void FillPowers<TField>(EcRegisters<TField> r, int result, int powers)
        where TField : struct, IField
    {
        r.Square(result, powers);
        for (int i = 1; i < Powers; i++)
        {
            r.Multiply(powers + i, powers + i - 1, result);
        }

        r.SetOne(result);
    }

    /// <summary>A bit of m - 2. No modulus here ends in a word of 0 or 1, so nothing is borrowed from the second.</summary>
    private static int ExponentBit<TField>(int position)
        where TField : struct, IField
    {
        ulong word = TField.Modulus[position >> 6] - (position < 64 ? 2UL : 0);
        uint half = (uint)((position & 32) == 0 ? word : word >> 32);
        return (int)(half >> (position & 31)) & 1;
    }
}
