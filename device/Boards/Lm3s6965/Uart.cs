using System;

namespace Thimble.Boards;

/// <summary>The first serial port (PL011), which QEMU prints as it comes.</summary>
public static class Uart
{
    private const uint Base = 0x4000_C000;
    private const uint FifoFull = 0x20;

    /// <summary>
    /// Sets 115,200 bits a second from a clock of 50 MHz, eight data bits, FIFOs on. QEMU needs none of it; there, text that
    /// is written before this arrives as well.
    /// </summary>
    public static void Start()
    {
        Board.Register(0x400F_E104) |= 1;        // RCGC1: clock for UART0
        Board.Register(0x400F_E108) |= 1;        // RCGC2: clock for port A
        Board.Register(0x4000_4420) |= 3;        // AFSEL: PA0 and PA1 are the UART's
        Board.Register(0x4000_451C) |= 3;        // DEN
        Board.Register(Base + 0x30) = 0;         // UARTCTL: off while it changes
        Board.Register(Base + 0x24) = 27;        // 50,000,000 / (16 * 115,200) = 27 + 8/64
        Board.Register(Base + 0x28) = 8;
        Board.Register(Base + 0x2C) = 0x70;      // UARTLCRH: 8 bits, FIFO
        Board.Register(Base + 0x30) = 0x301;     // on, both ways
    }

    /// <summary>Writes bytes.</summary>
    public static void Write(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            Write(character);
        }
    }

    /// <summary>Writes one byte, when the FIFO has room: 87 µs a byte where it is full.</summary>
    public static void Write(byte character)
    {
        while ((Board.Read(Base + 0x18) & FifoFull) != 0)
        {
        }

        Board.Register(Base) = character;
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
