using System;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble.Cli.Register;

/// <summary>How long DPS is waited for, and how long before it is asked again.</summary>
/// <param name="whole">The time from now on.</param>
/// <param name="time">The clock.</param>
internal sealed class Patience(TimeSpan whole, TimeProvider time)
{
    /// <summary>What DPS itself says when it is not busy.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(1);

    private readonly long _start = time.GetTimestamp();
    private int _refusals;

    public TimeSpan Whole => whole;

    public TimeSpan Left => whole - time.GetElapsedTime(_start);

    /// <summary>
    /// How long to wait: as DPS says, but a second at least; otherwise the usual, and twice as long for each refusal in a row, with up to a quarter more at random so that devices
    /// that were refused together do not come back together.
    /// </summary>
    public TimeSpan Next(TimeSpan? retryAfter, bool isRefused)
    {
        _refusals = isRefused ? _refusals + 1 : 0;
        if (retryAfter is { } asked)
        {
            return asked > s_least ? asked : s_least;
        }

        TimeSpan doubled = Usual * (1 << int.Clamp(_refusals - 1, 0, 10));
        return isRefused ? (doubled < s_longest ? doubled : s_longest) * (1 + (Random.Shared.NextDouble() / 4)) : Usual;
    }

    public Task WaitAsync(TimeSpan wait, CancellationToken stop) => Task.Delay(wait, time, stop);
}
