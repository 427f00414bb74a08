using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

namespace Thimble.Bench.Many;

/// <summary>What this process has for itself, when its heap has settled.</summary>
internal static class ProcessMemory
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Private dirty pages, the objects that live on the heap, and what that has of the system, in bytes.</summary>
    public static (long Private, long Heap, long Committed) Settled()
    {
        for (int round = 0; round < 3; round++)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
            Thread.Sleep(s_pause);
        }

        string line = File.ReadLines("/proc/self/smaps_rollup").First(line => line.StartsWith("Private_Dirty:", StringComparison.Ordinal));
        long kilobytes = long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        return (kilobytes * 1024, GC.GetTotalMemory(forceFullCollection: false), GC.GetGCMemoryInfo().TotalCommittedBytes);
    }
}
