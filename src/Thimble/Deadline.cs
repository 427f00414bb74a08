using System;
using System.Threading;

namespace Thimble;

/// <summary>The end of the time that an operation has.</summary>
internal readonly struct Deadline(TimeProvider time, TimeSpan limit)
{
    private readonly long _start = time.GetTimestamp();

    /// <summary>The time that it had at first.</summary>
    public TimeSpan Limit => limit;

    /// <summary>What is left, or <see cref="Timeout.InfiniteTimeSpan"/>; never less than nothing.</summary>
    public TimeSpan Left
    {
        get
        {
            if (limit == Timeout.InfiniteTimeSpan)
            {
                return limit;
            }

            TimeSpan left = limit - time.GetElapsedTime(_start);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }
}
