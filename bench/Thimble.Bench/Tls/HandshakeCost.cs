using System;

namespace Thimble.Bench.Tls;

/// <summary>What one handshake took on the client's thread.</summary>
internal readonly record struct HandshakeCost(long CpuNanoseconds, long GcBytes)
{
    public static HandshakeCost Of(Action handshake)
    {
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        long time = ThreadCpu.Nanoseconds;
        handshake();
        time = ThreadCpu.Nanoseconds - time;
        return new HandshakeCost(time, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }
}
