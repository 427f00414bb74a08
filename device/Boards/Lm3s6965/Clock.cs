using System.Runtime.CompilerServices;

namespace Thimble.Boards;

/// <summary>
/// Milliseconds and seconds since the start, added up from the 24-bit SysTick without an interrupt. The counter wraps
/// after 335 ms: <see cref="Update"/> is called more often than that, which a loop whose longest turn is 50 ms does.
/// It lies in its user's memory.
/// </summary>
/// <remarks>
/// The clock runs at 50 MHz, the chip's fastest: crystal of 8 MHz, PLL of 400 MHz, halved, and divided by 4. QEMU takes
/// the divider from the same register, so a tick is 20 ns there too. With <c>-icount shift=0</c> it is 20 instructions,
/// always, and with <c>shift=4</c> (16 ns an instruction) five ticks are four instructions: equal runs give equal numbers.
/// </remarks>
public struct Clock
{
    /// <summary>Ticks in a millisecond.</summary>
    public const uint TicksPerMillisecond = 50_000;

    /// <summary>Ticks in a microsecond.</summary>
    public const uint TicksPerMicrosecond = 50;

    private const uint CounterMask = 0x00FF_FFFF;

    // RCC: USESYSDIV, SYSDIV 3 (200 MHz / 4), XTAL 8 MHz, main oscillator on and chosen; PWRDN and BYPASS are cleared later.
    private const uint RunControl = 0x01C0_0380;
    private const uint PowerDown = 1 << 13;
    private const uint Bypass = 1 << 11;
    private const uint PllLocked = 1 << 6;
    private const int LockPolls = 100_000;

    private uint _last;
    private uint _rest;
    private uint _millisecondsOfSecond;

    /// <summary>Milliseconds since the start, modulo 2^32.</summary>
    public uint Milliseconds { get; private set; }

    /// <summary>Whole seconds since the start.</summary>
    public uint Seconds { get; private set; }

    /// <summary>Sets the system clock, starts the counter and begins at 0.</summary>
    public static void Start(out Clock clock)
    {
        SetSystemClock();
        SysTick.Start();
        clock = default;
        clock._last = SysTick.Now();
    }

    /// <summary>Brings the time up to date and returns the ticks that passed since the last call. Bounded: 335 rounds.</summary>
    public uint Update()
    {
        uint now = SysTick.Now();
        uint passed = (_last - now) & CounterMask;
        _last = now;
        _rest += passed;
        while (_rest >= TicksPerMillisecond)
        {
            _rest -= TicksPerMillisecond;
            Milliseconds++;
            _millisecondsOfSecond++;
        }

        if (_millisecondsOfSecond >= 1000)
        {
            _millisecondsOfSecond -= 1000;
            Seconds++;
        }

        return passed;
    }

    /// <summary>The order of the data sheet (§6.3): bypass the PLL, choose the crystal, power the PLL, wait for its lock, use it.</summary>
    private static void SetSystemClock()
    {
        const uint Rcc = 0x400F_E060;
        Board.Register(Rcc) = RunControl | PowerDown | Bypass;
        Board.Register(Rcc) = RunControl | Bypass;
        for (int poll = 0; poll < LockPolls && (Board.Read(0x400F_E050) & PllLocked) == 0; poll++)
        {
        }

        Board.Register(Rcc) = RunControl;
    }
}
