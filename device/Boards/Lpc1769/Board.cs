using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Boards;

/// <summary>
/// The LPC1769 from its manual (UM10360). It compiles and links; it was never run, because no emulator here has this chip.
/// </summary>
public static unsafe class Board
{
    /// <summary>Bytes of <see cref="Memory"/>: three quarters of the local RAM; the rest is the stack's.</summary>
    public const int MemoryBytes = 24 * 1024;

    private const uint LightBit = 1 << 22;

    private const int TracedCalls = 8;

    private const uint StackTop = 0x1000_7FE0;

    private const uint CodeEnd = 512 * 1024;

    /// <summary>The board's name, as it is printed.</summary>
    public static ReadOnlySpan<byte> Name => "lpc1769"u8;

    /// <summary>The memory that a program divides as it likes, at a multiple of 8. It holds paint, not zeros.</summary>
    public static Span<byte> Memory => new((void*)0x1000_0000, MemoryBytes);

    /// <summary>The device image that was linked into flash, or nothing. Its bounds stand in two reserved vectors.</summary>
    public static ReadOnlySpan<byte> Image => new((void*)Read(0x20), (int)(Read(0x24) - Read(0x20)));

    /// <summary>Counts this start in a register of the clock domain, which keeps its value while the battery pin has power (§27.6.6.1).</summary>
    public static uint CountStart() => ++Register(0x4002_4044);

    /// <summary>The light: LED2 of the LPCXpresso board at P0.22.</summary>
    public static void SetLight(bool on)
    {
        Register(0x2009_C000) |= LightBit;                              // FIO0DIR
        Register(on ? 0x2009_C018u : 0x2009_C01C) = LightBit;           // FIO0SET, FIO0CLR
    }

    /// <summary>A register of the chip, to write to. A call, so that the compiler knows nothing of it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ref uint Register(uint address) => ref *(uint*)address;

    /// <summary>Prints why the runtime stopped, where, and who called that; the reset code then begins again.</summary>
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
