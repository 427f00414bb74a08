using System;
using System.Numerics;

namespace Thimble.Crypto;

/// <summary>
/// Signed odd digits of a public number from the top, with no memory but a digit that waits: the mutual opposite form
/// (Okeya, Schmidt-Samoa, Spahn and Takagi, CRYPTO 2004), as sparse as the non-adjacent form of equal width. Leaks: everything.
/// </summary>
internal static class EcDigits
{
    /// <summary>
    /// The digit at a position, positions being asked for from the number's bit length down to 0. Where bit differs from
    /// the bit below, a window of so many positions begins: with b its bits and the one beneath, its value is b less 2^width where its top
    /// bit is set, halved with rounding up; freed of factors 2 it is the digit, due at the window's lowest non-zero position.
    /// </summary>
    public static int Next(ReadOnlySpan<byte> number, int position, int width, ref sbyte digit, ref byte wait)
    {
        if (digit == 0)
        {
            if (Bit(number, position) == Bit(number, position - 1))
            {
                return 0;
            }

            int value = -Bit(number, position);
            for (int i = 1; i < width; i++)
            {
                value = (2 * value) + Bit(number, position - i);
            }

            value += Bit(number, position - width);
            int zeros = BitOperations.TrailingZeroCount(value);
            digit = (sbyte)(value >> zeros);
            wait = (byte)(width - 1 - zeros);
        }

        if (wait != 0)
        {
            wait--;
            return 0;
        }

        int due = digit;
        digit = 0;
        return due;
    }

    private static int Bit(ReadOnlySpan<byte> number, int position) =>
        (uint)position < (uint)(number.Length * 8) ? (number[position >> 3] >> (position & 7)) & 1 : 0;
}
