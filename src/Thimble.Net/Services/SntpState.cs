using System.Runtime.InteropServices;
using Thimble.Net.Wire;

namespace Thimble.Net.Services;

/// <summary>What the time client remembers: one question, and the time since it is known.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct SntpState
{
    public const int Bytes = 28;

    private const uint MaxElapsedMilliseconds = 1u << 30;

    /// <summary>Seconds since 1970 when the clock showed <see cref="SecondsAt"/>; 0 while unknown.</summary>
    public uint Seconds;
    public uint SecondsAt;

    public Ipv4Address Server;
    public uint NextAt;
    public uint SentAt;
    public ushort ServerPort;
    public ushort LocalPort;
    public QueryStatus Status;
    public byte Attempts;

    public readonly long UnixSeconds(uint now) => Seconds == 0 ? 0 : (long)Seconds + ((now - SecondsAt) / 1000);

    /// <summary>Moves the sample forward before the clock comes round.</summary>
    public void Advance(uint now)
    {
        if (Seconds != 0 && now - SecondsAt >= MaxElapsedMilliseconds)
        {
            uint passed = (now - SecondsAt) / 1000;
            Seconds += passed;
            SecondsAt += passed * 1000;
        }
    }

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public readonly uint AdvanceAt(uint now) => Seconds == 0 ? uint.MaxValue : MaxElapsedMilliseconds - uint.Min(now - SecondsAt, MaxElapsedMilliseconds);
}
