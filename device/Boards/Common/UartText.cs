using System;

namespace Thimble.Boards;

/// <summary>Text and numbers on the serial port, byte by byte.</summary>
public static partial class Uart
{
    /// <summary>Writes bytes.</summary>
    public static void Write(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            Write(character);
        }
    }

    /// <summary>Writes a number in decimal, right-aligned in a column of so many characters.</summary>
    public static void WriteDecimal(uint number, int width)
    {
        ulong digits = 0;
        int count = 0;
        do
        {
            digits = (digits << 4) | (number % 10);
            number /= 10;
            count++;
        }
        while (number != 0);

        for (int i = count; i < width; i++)
        {
            Write((byte)' ');
        }

        for (; count > 0; count--)
        {
            Write((byte)('0' + ((uint)digits & 15)));
            digits >>= 4;
        }
    }

    /// <summary>Writes a number as eight hexadecimal digits.</summary>
    public static void WriteHex(uint number)
    {
        for (int shift = 28; shift >= 0; shift -= 4)
        {
            Write("0123456789abcdef"u8[(int)(number >> shift) & 15]);
        }
    }
}
