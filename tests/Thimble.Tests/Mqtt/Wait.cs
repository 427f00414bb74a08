using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Xunit;

namespace Thimble.Tests.Mqtt;

/// <summary>Waits for what will be so in a moment, and not for ever.</summary>
internal static class Wait
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static async Task Until(Func<bool> holds, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, what);
            await Task.Delay(5);
        }
    }

    /// <summary>The exception that the task ends with, within the same time.</summary>
    public static async Task<T> ForFailure<T>(Task task)
        where T : Exception => await Assert.ThrowsAsync<T>(() => task.WaitAsync(s_patience));
}
