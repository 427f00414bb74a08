using System;
using System.Runtime.InteropServices;

namespace Thimble.Boards;

/// <summary>What is left of the machine: a piece of RAM that no stack reaches, and a last message.</summary>
public static unsafe class Board
{
    /// <summary>Bytes of <see cref="Memory"/>: the lower half of RAM; the upper is the stack's.</summary>
    public const int MemoryBytes = 32 * 1024;

    /// <summary>The memory that a program divides as it likes. It holds paint, not zeros.</summary>
    public static Span<byte> Memory => new((void*)0x2000_0000, MemoryBytes);

    /// <summary>Prints why the runtime stopped and where from; the reset code then ends the program.</summary>
    [UnmanagedCallersOnly(EntryPoint = "board_stopped")]
    internal static void Stopped(int reason, uint address)
    {
        Uart.Write("stopped: reason "u8);
        Uart.WriteDecimal((uint)reason, 0);
        Uart.Write(" at "u8);
        Uart.WriteHex(address);
        Uart.Write("\n"u8);
    }
}
