using System;
using System.Collections.Generic;

namespace Thimble.Net.Tests.Link;

/// <summary>
/// One direction of a link in virtual time that drops, duplicates, delays (and so reorders), truncates and corrupts frames by a
/// seed: the same seed does the same again.
/// </summary>
internal sealed class SeededLink(int seed, LinkFaults faults)
{
    private readonly Random _random = new(seed);
    private readonly PriorityQueue<byte[], (ulong At, int Order)> _frames = new();
    private int _order;

    /// <summary>When the next frame arrives, in milliseconds, or never.</summary>
    public ulong NextAt => _frames.TryPeek(out _, out var priority) ? priority.At : ulong.MaxValue;

    public void Send(ulong now, byte[] frame)
    {
        int copies = Happens(faults.Drop) ? 0 : Happens(faults.Duplicate) ? 2 : 1;
        for (int i = 0; i < copies; i++)
        {
            ulong at = now + (ulong)(faults.Delay + _random.Next(faults.Jitter + 1));
            _frames.Enqueue(Damaged(frame), (at, _order++));
        }
    }

    public bool TryReceive(ulong now, out byte[] frame)
    {
        frame = [];
        if (NextAt > now)
        {
            return false;
        }

        frame = _frames.Dequeue();
        return true;
    }

    private byte[] Damaged(byte[] frame)
    {
        byte[] copy = [.. frame];
        if (Happens(faults.Corrupt))
        {
            copy[_random.Next(copy.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return Happens(faults.Truncate) ? copy[.._random.Next(copy.Length)] : copy;
    }

    private bool Happens(int thousandths) => _random.Next(1000) < thousandths;
}
