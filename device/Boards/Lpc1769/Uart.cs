namespace Thimble.Boards;

/// <summary>The first serial port (UART0).</summary>
public static partial class Uart
{
    private const uint Base = 0x4000_C000;
    private const uint HoldingEmpty = 0x20;

    /// <summary>Sets 115,200 bits a second from a peripheral clock of 25 MHz, eight data bits, FIFOs on (UM10360 §14.4).</summary>
    public static void Start()
    {
        Board.Register(0x400F_C0C4) |= 1 << 3;   // PCONP: UART0
        Board.Register(0x4002_C000) |= 0x50;     // PINSEL0: P0.2 and P0.3 are TXD0 and RXD0
        Board.Register(Base + 0x0C) = 0x83;      // 8 bits; the divisor shows
        Board.Register(Base) = 10;               // 25,000,000 / (16 * 10 * (1 + 5/14)) = 115,132
        Board.Register(Base + 0x04) = 0;
        Board.Register(Base + 0x28) = 0xE5;
        Board.Register(Base + 0x0C) = 0x03;
        Board.Register(Base + 0x08) = 0x07;      // FIFOs on and empty
    }

    /// <summary>Writes one byte, when the one before it is on its way: 87 µs a byte at most.</summary>
    public static void Write(byte character)
    {
        while ((Board.Read(Base + 0x14) & HoldingEmpty) == 0)
        {
        }

        Board.Register(Base) = character;
    }
}
