using System;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Thimble;

/// <summary>
/// Wakes the one who waits for it, on a thread of the pool, and remembers one call while nobody waits. Costs no memory per use. Any
/// number may set it; one at a time may wait.
/// </summary>
internal sealed class WakeSignal : IValueTaskSource, IThreadPoolWorkItem
{
    private readonly Lock _gate = new();
    private ManualResetValueTaskSourceCore<bool> _core;
    private bool _isSet;
    private bool _waits;
    private bool _wakes;

    /// <summary>Whether the latest wait ended on the thread of <see cref="SetHere"/>, who waits until it gets it back.</summary>
    public bool WokeHere { get; private set; }

    /// <summary>Completes when the signal is set; it is not set afterwards.</summary>
    /// <exception cref="InvalidOperationException">Somebody else waits.</exception>
    public ValueTask WaitAsync()
    {
        lock (_gate)
        {
            if (_waits)
            {
                throw new InvalidOperationException("Somebody else waits already: messages have one reader at a time.");
            }

            if (_isSet)
            {
                _isSet = WokeHere = false;
                return ValueTask.CompletedTask;
            }

            _waits = true;
            _core.Reset();
            return new ValueTask(this, _core.Version);
        }
    }

    /// <summary>Wakes the one who waits, or who will be the next to.</summary>
    public void Set()
    {
        if (Wakes(here: false))
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
        }
    }

    /// <summary>Lends this thread, which holds no lock, to the one who waits, until he waits again.</summary>
    public void SetHere()
    {
        if (Wakes(here: true))
        {
            _core.SetResult(true);
        }
    }

    void IThreadPoolWorkItem.Execute() => _core.SetResult(true);

    void IValueTaskSource.GetResult(short token)
    {
        lock (_gate)
        {
            _core.GetResult(token);
            _waits = _wakes = false;
        }
    }

    private bool Wakes(bool here)
    {
        lock (_gate)
        {
            if (!_waits || _wakes)
            {
                _isSet = true;
                return false;
            }

            _wakes = true;
            WokeHere = here;
            return true;
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
