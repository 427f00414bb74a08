using System;

namespace Thimble.Boards;

/// <summary>
/// The LPC1769 from its manual (UM10360). It compiles and links; it was never run, because no emulator here has this chip.
/// </summary>
public static unsafe partial class Board
{
    /// <summary>Bytes of <see cref="Memory"/>: three quarters of the local RAM; the rest is the stack's.</summary>
    public const int MemoryBytes = 24 * 1024;

    private const uint LightBit = 1 << 22;

    /// <summary>The lowest address that the stack may reach.</summary>
    internal const uint StackLimit = 0x1000_6000;

    /// <summary>Where the stack begins, as the vectors say.</summary>
    internal const uint StackTop = 0x1000_7FE0;

    private const uint CodeEnd = 512 * 1024;

    /// <summary>The board's name, as it is printed.</summary>
    public static ReadOnlySpan<byte> Name => "lpc1769"u8;

    /// <summary>The memory that a program divides as it likes, at a multiple of 8. It holds paint, not zeros.</summary>
    public static Span<byte> Memory => new((void*)0x1000_0000, MemoryBytes);

    /// <summary>Counts this start in a register of the clock domain, which keeps its value while the battery pin has power (§27.6.6.1).</summary>
    public static uint CountStart() => ++Register(0x4002_4044);

    /// <summary>The light: LED2 of the LPCXpresso board at P0.22.</summary>
    public static void SetLight(bool on)
    {
        Register(0x2009_C000) |= LightBit;                              // FIO0DIR
        Register(on ? 0x2009_C018u : 0x2009_C01C) = LightBit;           // FIO0SET, FIO0CLR
    }
}
