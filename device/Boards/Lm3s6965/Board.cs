using System;
using System.Runtime.InteropServices;

namespace Thimble.Boards;

/// <summary>What is left of the machine: a piece of RAM that no stack reaches, and a last message.</summary>
public static unsafe class Board
{
    /// <summary>Bytes of <see cref="Memory"/>: the lower half of RAM; the upper is the stack's.</summary>
    public const int MemoryBytes = 32 * 1024;

    private const int TracedCalls = 8;

    private const uint StackTop = 0x2001_0000;

    private const uint CodeEnd = 256 * 1024;

    /// <summary>The memory that a program divides as it likes. It holds paint, not zeros.</summary>
    public static Span<byte> Memory => new((void*)0x2000_0000, MemoryBytes);

    /// <summary>Prints why the runtime stopped, where, and who called that; the reset code then ends the program.</summary>
    [UnmanagedCallersOnly(EntryPoint = "board_stopped")]
    internal static void Stopped(int reason, uint address, uint* stack)
    {
        Uart.Write("stopped: "u8);
        Uart.Write(StopReasons.Describe(reason));
        Uart.Write(" at "u8);
        Uart.WriteHex(address);
        Uart.Write(", called from"u8);
        uint* word = stack;
        for (int i = 0; i < TracedCalls && (word = CallTrace.Next(word, (uint*)StackTop, CodeEnd)) != null; i++)
        {
            Uart.Write((byte)' ');
            Uart.WriteHex(*word - 1);
            word++;
        }

        Uart.Write("\n"u8);
    }
}
