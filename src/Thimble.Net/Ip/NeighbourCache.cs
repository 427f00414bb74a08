using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Thimble.Net.Wire;

namespace Thimble.Net.Ip;

/// <summary>What is known of the way to a neighbour.</summary>
internal enum NeighbourStatus : byte
{
    /// <summary>Nothing, and nobody asks.</summary>
    Unknown = 0,

    /// <summary>Its station is known.</summary>
    Known,

    /// <summary>It, or another before it, is being asked for: what is to be sent waits.</summary>
    Asking,

    /// <summary>It did not answer: what is to be sent is lost, and each loss asks again.</summary>
    Silent,
}

/// <summary>
/// The stations of the few neighbours that we send to (RFC 826), and the one question that is open. Only an answer to that
/// question makes an entry; whatever else is heard can only refresh an entry that exists, so a flood fills nothing.
/// Bounded: three entries, one request a second.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct NeighbourCache
{
    public const int Bytes = (Entries * Neighbour.Bytes) + 12;

    /// <summary>A gateway, and two neighbours on the link.</summary>
    public const int Entries = 3;

    private const byte MaxAttempts = 3;
    private const byte FellSilent = MaxAttempts + 1;
    private const byte AskAgain = MaxAttempts + 2;
    private const uint RetryMilliseconds = 1000;

    // In units of 1,024 ms: an entry is asked for again after a minute, and forgotten after two (RFC 1122 §2.3.2.1).
    private const int StaleAge = 59;
    private const int LastAge = 117;

    private Table _table;
    private Ipv4Address _wanted;
    private uint _askAt;
    private byte _attempts;

    /// <summary>The address that is asked for, or none.</summary>
    public readonly Ipv4Address Wanted => _wanted;

    /// <summary>When the next request, or the end of patience, is due; <see cref="uint.MaxValue"/> for never.</summary>
    public readonly uint PollAt(uint now) =>
        _wanted.IsNone || _attempts == FellSilent ? uint.MaxValue : Instant.Until(now, _askAt);

    /// <summary>Looks for the station of <paramref name="hop"/>; changes nothing.</summary>
    public readonly NeighbourStatus Find(uint now, Ipv4Address hop, out MacAddress station)
    {
        for (int i = 0; i < Entries; i++)
        {
            if (_table[i].Address.Is(hop) && _table[i].Age(now) <= LastAge)
            {
                station = _table[i].Station;
                return NeighbourStatus.Known;
            }
        }

        station = default;
        bool asking = !_wanted.IsNone && _attempts <= MaxAttempts;
        return asking ? NeighbourStatus.Asking : _wanted.Is(hop) ? NeighbourStatus.Silent : NeighbourStatus.Unknown;
    }

    /// <summary>Says that something waits for <paramref name="hop"/>: asks for it if that is not known, growing old, or was not answered.</summary>
    public void Want(uint now, Ipv4Address hop)
    {
        if (IsFresh(now, hop) || (!_wanted.IsNone && _attempts <= MaxAttempts))
        {
            return;
        }

        if (_wanted.Is(hop))
        {
            _attempts = AskAgain;
            return;
        }

        _wanted = hop;
        _attempts = 0;
        _askAt = now;
    }

    /// <summary>Whether a request is due, which counts as sent. <paramref name="fellSilent"/> tells once that patience ended.</summary>
    public bool TryAsk(uint now, out bool fellSilent)
    {
        fellSilent = false;
        if (PollAt(now) != 0)
        {
            return false;
        }

        if (_attempts == MaxAttempts)
        {
            _attempts = FellSilent;
            fellSilent = Find(now, _wanted, out _) != NeighbourStatus.Known;
            return false;
        }

        _attempts = _attempts == AskAgain ? FellSilent : (byte)(_attempts + 1);
        _askAt = now + RetryMilliseconds;
        return true;
    }

    /// <summary>Hears that <paramref name="sender"/> is at <paramref name="station"/>, said to us or to all.</summary>
    public void Hear(uint now, Ipv4Address sender, MacAddress station)
    {
        int slot = -1;
        for (int i = 0; i < Entries; i++)
        {
            slot = _table[i].Address.Is(sender) ? i : slot;
        }

        bool answers = _wanted.Is(sender);
        if (answers)
        {
            _wanted = default;
            slot = slot < 0 ? Oldest(now) : slot;
        }

        if (slot >= 0)
        {
            _table[slot].Address = sender;
            _table[slot].Station = station;
            _table[slot].Seen = Neighbour.Time(now);
        }
    }

    /// <summary>Forgets all, because the link or our address changed.</summary>
    public void Clear() => this = default;

    private readonly bool IsFresh(uint now, Ipv4Address hop)
    {
        bool fresh = false;
        for (int i = 0; i < Entries; i++)
        {
            fresh |= _table[i].Address.Is(hop) && _table[i].Age(now) <= StaleAge;
        }

        return fresh;
    }

    /// <summary>An empty entry, or the one that was confirmed longest ago.</summary>
    private readonly int Oldest(uint now)
    {
        int oldest = 0;
        for (int i = 0; i < Entries; i++)
        {
            bool older = _table[i].Address.IsNone || (!_table[oldest].Address.IsNone && _table[i].Age(now) > _table[oldest].Age(now));
            oldest = older ? i : oldest;
        }

        return oldest;
    }

    [InlineArray(Entries)]
    private struct Table
    {
        private Neighbour _first;
    }
}

/// <summary>One neighbour; no address means an empty entry.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct Neighbour
{
    public const int Bytes = 12;

    public Ipv4Address Address;
    public MacAddress Station;
    public ushort Seen;

    /// <summary>A time in units of 1,024 ms, which divide the clock's 2^32 ms evenly.</summary>
    public static ushort Time(uint now) => (ushort)(now >> 10);

    /// <summary>How long ago it was confirmed, in the same units; comes round after 18 hours.</summary>
    public readonly int Age(uint now) => (ushort)(Time(now) - Seen);
}
