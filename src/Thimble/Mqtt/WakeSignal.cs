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
                _isSet = false;
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
        lock (_gate)
        {
            if (!_waits || _wakes)
            {
                _isSet = true;
                return;
            }

            _wakes = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: true);
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

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
