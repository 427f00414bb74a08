using System.Runtime.CompilerServices;

namespace Thimble.Boards;

/// <summary>
/// The 24-bit timer of every Cortex-M. Where QEMU runs with <c>-icount shift=0</c>, each instruction takes a nanosecond of
/// its clock, and at the reset clock of 12.5 MHz one tick is 80 instructions, always.
/// </summary>
public static unsafe class SysTick
{
    /// <summary>Instructions in one tick.</summary>
    public const uint InstructionsPerTick = 80;

    private const uint Mask = 0x00FF_FFFF;

    private static uint* Control => (uint*)0xE000_E010;

    private static uint* Reload => (uint*)0xE000_E014;

    private static uint* Current => (uint*)0xE000_E018;

    /// <summary>Starts the timer; it counts down and wraps after 1,342 million instructions.</summary>
    public static void Start()
    {
        *Reload = Mask;
        *Current = 0;
        *Control = 5;
    }

    /// <summary>
    /// Instructions since <see cref="Start"/>: whole ticks, and what is left of the last one, which is found by waiting
    /// for its end. Equal stretches give equal numbers.
    /// </summary>
    public static uint Stop()
    {
        const uint InstructionsPerRound = 8;
        uint last = Now();
        uint rounds = 0;
        while (Now() == last)
        {
            rounds++;
        }

        return ((Mask - last + 1) * InstructionsPerTick) - (rounds * InstructionsPerRound);
    }

    /// <summary>The counter now. A call, or the compiler would read it once before a loop.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint Now() => *Current;

    /// <summary>Ticks since an earlier <see cref="Now"/>, at most one wrap ago.</summary>
    public static uint Since(uint start) => (start - *Current) & Mask;
}
