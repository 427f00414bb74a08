namespace Thimble.Boards;

/// <summary>The first serial port (PL011), which QEMU prints as it comes.</summary>
public static partial class Uart
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

    /// <summary>Writes one byte, when the FIFO has room: 87 µs a byte where it is full.</summary>
    public static void Write(byte character)
    {
        while ((Board.Read(Base + 0x18) & FifoFull) != 0)
        {
        }

        Board.Register(Base) = character;
    }
}
