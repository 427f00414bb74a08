using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Boards;

/// <summary>What every board does alike: the image in its flash, its registers, a last message.</summary>
public static unsafe partial class Board
{
    private const int TracedCalls = 8;

    /// <summary>The device image that was linked into flash, or nothing. Its bounds stand in two reserved vectors.</summary>
    public static ReadOnlySpan<byte> Image => new((void*)Read(0x20), (int)(Read(0x24) - Read(0x20)));

    /// <summary>A register of the chip, to write to. A call, so that the compiler knows nothing of it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ref uint Register(uint address) => ref *(uint*)address;

    /// <summary>Prints why the runtime stopped, where, and who called that; the reset code then ends the program or begins again.</summary>
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

    /// <summary>Reads a register once: where reading takes something away, the compiler may not read it again for each use.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static uint Read(uint address) => *(uint*)address;
}
