using System;
using System.Diagnostics;
using System.Linq;

namespace Thimble.Bench.Tls;

/// <summary>What one handshake took on the client's thread, and the time that passed, the server's work included.</summary>
internal readonly record struct HandshakeCost(long CpuNanoseconds, long WallNanoseconds, long GcBytes)
{
    public static HandshakeCost Of(Action handshake)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long wall = Stopwatch.GetTimestamp();
        long time = ThreadCpu.Nanoseconds;
        handshake();
        time = ThreadCpu.Nanoseconds - time;
        wall = (long)Stopwatch.GetElapsedTime(wall).TotalNanoseconds;
        return new HandshakeCost(time, wall, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    public static HandshakeCost operator +(HandshakeCost a, HandshakeCost b) =>
        new(a.CpuNanoseconds + b.CpuNanoseconds, a.WallNanoseconds + b.WallNanoseconds, a.GcBytes + b.GcBytes);

    /// <summary>The median of each.</summary>
    public static HandshakeCost Median(HandshakeCost[] costs) => new(
        Middle(costs, cost => cost.CpuNanoseconds), Middle(costs, cost => cost.WallNanoseconds), Middle(costs, cost => cost.GcBytes));

    private static long Middle(HandshakeCost[] costs, Func<HandshakeCost, long> value) => costs.Select(value).Order().ElementAt(costs.Length / 2);
}
