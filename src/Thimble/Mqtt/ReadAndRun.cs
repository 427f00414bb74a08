using System;
using System.Runtime.CompilerServices;
using System.Threading.Tasks;

namespace Thimble;

/// <summary>
/// Awaits a read, and lends the thread, once the read waits for the network and will go on elsewhere, to those whose publications have ended. Where the read need not wait
/// they get a thread of their own.
/// </summary>
internal readonly struct ReadAndRun(ValueTask<int> read, ContinuationRunner runner) : ICriticalNotifyCompletion
{
    private readonly ConfiguredValueTaskAwaitable<int>.ConfiguredValueTaskAwaiter _read = read.ConfigureAwait(false).GetAwaiter();

    public bool IsCompleted
    {
        get
        {
            bool completed = _read.IsCompleted;
            if (completed)
            {
                runner.Call();
            }

            return completed;
        }
    }

    public ReadAndRun GetAwaiter() => this;

    public int GetResult() => _read.GetResult();

    public void OnCompleted(Action continuation)
    {
        _read.OnCompleted(continuation);
        runner.Run();
    }

    public void UnsafeOnCompleted(Action continuation)
    {
        _read.UnsafeOnCompleted(continuation);
        runner.Run();
    }
}
