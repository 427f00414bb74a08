namespace Thimble.Boards;

/// <summary>
/// Milliseconds and seconds since the start, added up from the 24-bit SysTick without an interrupt. The counter wraps
/// after 167 ms at 100 MHz: <see cref="Update"/> is called more often than that. It lies in its user's memory.
/// </summary>
public struct Clock
{
    /// <summary>Ticks in a millisecond.</summary>
    public const uint TicksPerMillisecond = 100_000;

    /// <summary>Ticks in a microsecond.</summary>
    public const uint TicksPerMicrosecond = 100;

    private const uint CounterMask = 0x00FF_FFFF;
    private const uint PllControl = 0x400F_C080;
    private const uint PllStatus = 0x400F_C088;
    private const uint SystemControl = 0x400F_C1A0;
    private const int Patience = 1_000_000;

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

    /// <summary>Brings the time up to date and returns the ticks that passed since the last call. Bounded: 167 rounds.</summary>
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

    /// <summary>100 MHz from a crystal of 12 MHz: 2 x 12 x 100 / 6 = 400 MHz, divided by 4 (UM10360 §4.5.13).</summary>
    private static void SetSystemClock()
    {
        Board.Register(SystemControl) |= 1 << 5;                 // main oscillator on
        Await(SystemControl, 1 << 6);
        Board.Register(0x400F_C000) = 0x403A;                    // flash: 5 cycles an access
        Board.Register(0x400F_C10C) = 1;                         // PLL0 from the main oscillator
        Board.Register(0x400F_C104) = 3;                         // CCLK = PLL0 / 4
        Board.Register(PllControl + 4) = (5 << 16) | 99;         // N - 1, M - 1
        Feed();
        Board.Register(PllControl) = 1;                          // enable
        Feed();
        Await(PllStatus, 1 << 26);                               // locked
        Board.Register(PllControl) = 3;                          // connect
        Feed();
        Await(PllStatus, 3 << 24);
    }

    private static void Feed()
    {
        Board.Register(0x400F_C08C) = 0xAA;
        Board.Register(0x400F_C08C) = 0x55;
    }

    private static void Await(uint register, uint bits)
    {
        for (int poll = 0; poll < Patience && (Board.Read(register) & bits) != bits; poll++)
        {
        }
    }
}
