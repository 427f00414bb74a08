using System;
using System.Diagnostics;
using System.Threading;

namespace Thimble;

/// <summary>
/// Tells publishers how their publications ended, many on one thread of the pool, where one work item for each would cost more than all the rest of the client. What they
/// publish meanwhile gathers, and leaves together. Nobody waits for a slow one for long: where a continuation takes its time another thread goes on behind it, and what
/// was gathered leaves.
/// </summary>
internal sealed class ContinuationRunner : IThreadPoolWorkItem, IDisposable
{
    /// <summary>A continuation that never returns is noticed after this, or twice this.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(10);

    /// <summary>After so long the others do not wait behind those that are slow.</summary>
    private static readonly TimeSpan s_long = TimeSpan.FromMicroseconds(200);

    [ThreadStatic]
    private static ContinuationRunner? t_runs;

    [ThreadStatic]
    private static long t_since;

    private readonly Lock _gate = new();
    private readonly MqttClient _client;
    private readonly ITimer _watch;
    private PublishCompletion? _first;
    private PublishCompletion? _last;
    private int _threads;
    private bool _isCalled;
    private bool _isWatched;

    public ContinuationRunner(MqttClient client)
    {
        _client = client;

        // Of real time, whatever clock the client has: it is about threads.
        _watch = TimeProvider.System.CreateTimer(static runner => ((ContinuationRunner)runner!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether this thread runs continuations of this client, and did not take long yet: what they publish leaves when it has run them.</summary>
    public bool GathersHere => t_runs == this && !IsLong;

    private static bool IsLong => Stopwatch.GetElapsedTime(t_since) > s_long;

    /// <summary>Adds one, which <see cref="Run"/> or <see cref="Call"/> must follow.</summary>
    public void Add(PublishCompletion completion)
    {
        lock (_gate)
        {
            if (_last is null)
            {
                _first = completion;
            }
            else
            {
                _last.Next = completion;
            }

            _last = completion;
        }
    }

    /// <summary>Has another thread run what waits.</summary>
    public void Call()
    {
        lock (_gate)
        {
            if (_isCalled || _first is null)
            {
                return;
            }

            _isCalled = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
    }

    /// <summary>Runs what waits on this thread, for which nobody may wait.</summary>
    public void Run()
    {
        if (!Begin())
        {
            return;
        }

        ContinuationRunner? before = t_runs;
        t_runs = this;
        ExecutionContext? context = ExecutionContext.Capture();
        t_since = Stopwatch.GetTimestamp();
        while (Take() is { } completion)
        {
            completion.Tell();
            if (context is not null)
            {
                ExecutionContext.Restore(context); // one continuation's ambient values are none of the next
            }

            if (IsLong)
            {
                t_since = Stopwatch.GetTimestamp();
                Call();
                _client.SendGathered();
            }
        }

        t_runs = before;
        lock (_gate)
        {
            _threads--;
        }

        _client.SendGathered();
    }

    public void Dispose() => _watch.Dispose();

    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate)
        {
            _isCalled = false;
        }

        Run();
    }

    private bool Begin()
    {
        bool watches;
        lock (_gate)
        {
            if (_first is null)
            {
                return false;
            }

            _threads++;
            watches = !_isWatched;
            _isWatched = true;
        }

        if (watches)
        {
            _watch.Change(s_patience, Timeout.InfiniteTimeSpan);
        }

        return true;
    }

    private PublishCompletion? Take()
    {
        lock (_gate)
        {
            PublishCompletion? taken = _first;
            if (taken is not null)
            {
                _first = taken.Next;
                _last = _first is null ? null : _last;
                taken.Next = null;
            }

            return taken;
        }
    }

    /// <summary>Some thread has been running all the time, or runs again: perhaps its continuation waits for what only others can bring.</summary>
    private void Look()
    {
        lock (_gate)
        {
            if (_threads == 0)
            {
                _isWatched = false;
                return;
            }
        }

        Call();
        _client.SendGathered();
        _watch.Change(s_patience, Timeout.InfiniteTimeSpan);
    }
}
