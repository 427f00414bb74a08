using System;

namespace Thimble.Boards;

/// <summary>What a program finds of the machine: memory, the device image in flash, one light, and a last message.</summary>
public static unsafe partial class Board
{
    /// <summary>Bytes of <see cref="Memory"/>: the lower half of RAM; the upper is the stack's.</summary>
    public const int MemoryBytes = 32 * 1024;

    private const uint GpioF0 = 1;

    /// <summary>The lowest address that the stack may reach.</summary>
    internal const uint StackLimit = 0x2000_8000;

    /// <summary>Where the stack begins, as the vectors say.</summary>
    internal const uint StackTop = 0x2001_0000;

    private const uint CodeEnd = 256 * 1024;

    /// <summary>The board's name, as it is printed.</summary>
    public static ReadOnlySpan<byte> Name => "lm3s6965evb"u8;

    /// <summary>The memory that a program divides as it likes, at a multiple of 8. It holds paint, not zeros.</summary>
    public static Span<byte> Memory => new((void*)0x2000_0000, MemoryBytes);

    /// <summary>
    /// Counts this start and returns a number that no two starts share, where the board can remember one (RULES 24). Real
    /// chips of this family have no EEPROM, so it would be kept in a page of flash; QEMU forgets everything, and this is 0.
    /// </summary>
    public static uint CountStart() => 0;

    /// <summary>The light: LED1 of the evaluation board at PF0. QEMU has no light; the register takes the value.</summary>
    public static void SetLight(bool on)
    {
        Register(0x400F_E108) |= 0x20;             // RCGC2: clock for port F
        Register(0x4002_5400) |= GpioF0;           // DIR
        Register(0x4002_551C) |= GpioF0;           // DEN
        Register(0x4002_5004) = on ? GpioF0 : 0;   // DATA, masked by its address
    }
}
