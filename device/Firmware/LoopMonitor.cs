using Thimble.Boards;

namespace Thimble.Firmware;

/// <summary>The longest time between two turns of the loop: what a watchdog would have to tolerate. Lines on the serial port are left out.</summary>
internal struct LoopMonitor
{
    private bool _forgive;

    /// <summary>The longest turn since the start, in ticks of the board's clock.</summary>
    public uint LongestTicks { get; private set; }

    /// <summary>The longest turn since <see cref="Begin"/>.</summary>
    public uint LongestOfStepTicks { get; private set; }

    /// <summary>The next turn is not counted: it waited for a serial line.</summary>
    public void Forgive() => _forgive = true;

    /// <summary>A step begins.</summary>
    public void Begin() => LongestOfStepTicks = 0;

    /// <summary>A turn took so many ticks.</summary>
    public void Note(uint ticks)
    {
        uint counted = _forgive ? 0 : ticks;
        _forgive = false;
        LongestTicks = counted > LongestTicks ? counted : LongestTicks;
        LongestOfStepTicks = counted > LongestOfStepTicks ? counted : LongestOfStepTicks;
    }

    /// <summary>Ticks in microseconds.</summary>
    public static uint Microseconds(uint ticks) => ticks / Clock.TicksPerMicrosecond;
}
