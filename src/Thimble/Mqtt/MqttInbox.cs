using System;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace Thimble;

/// <summary>The messages that wait for the client's one reader; bounded by whoever fills it, who asks <see cref="IsFull"/>.</summary>
internal sealed class MqttInbox(MqttClient client, int capacity)
{
    private readonly Lock _gate = new();
    private readonly WakeSignal _filled = new();
    private readonly WakeSignal _room = new();
    private InboundMessage? _first;
    private InboundMessage? _last;
    private int _count;
    private bool _over = true;
    private Exception? _cause;

    /// <summary>How many messages wait.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Whether no more should be put in.</summary>
    public bool IsFull => Count >= capacity;

    /// <summary>More messages may come.</summary>
    public void Open()
    {
        lock (_gate)
        {
            _over = false;
            _cause = null;
        }
    }

    /// <summary>No more messages will come, and why if something went wrong. Those that wait can still be taken.</summary>
    public void Close(Exception? cause)
    {
        lock (_gate)
        {
            _over = true;
            _cause = cause;
        }

        _filled.Set();
        _room.Set();
    }

    public void Put(InboundMessage message)
    {
        lock (_gate)
        {
            message.Next = null;
            if (_last is null)
            {
                _first = message;
            }
            else
            {
                _last.Next = message;
            }

            _last = message;
            _count++;
        }

        _filled.Set();
    }

    /// <summary>Completes when there may be room, or the wait was ended by <see cref="WakeFiller"/>.</summary>
    public ValueTask WaitForRoomAsync() => _room.WaitAsync();

    /// <summary>Ends the wait of whoever fills.</summary>
    public void WakeFiller() => _room.Set();

    /// <summary>Takes the first message, if one waits.</summary>
    public bool TryTake(out MqttMessage message)
    {
        InboundMessage? taken;
        lock (_gate)
        {
            taken = _first;
            if (taken is null)
            {
                message = default;
                return false;
            }

            _first = taken.Next;
            _last = _first is null ? null : _last;
            _count--;
            if (_count == capacity - 1)
            {
                _room.Set();
            }
        }

        message = new MqttMessage(taken);
        client.Taken(taken);
        return true;
    }

    /// <summary>Takes the first message, and waits for one.</summary>
    public ValueTask<MqttMessage> TakeAsync(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<MqttMessage>(cancellationToken);
        }

        return TryTake(out MqttMessage message) ? new ValueTask<MqttMessage>(message) : TakeLaterAsync(cancellationToken);
    }

    /// <summary>Waits until a message can be taken. False: none will come.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenRegistration end = cancellationToken.UnsafeRegister(static inbox => ((MqttInbox)inbox!)._filled.Set(), this);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_gate)
            {
                if (_first is not null)
                {
                    return true;
                }

                if (_over)
                {
                    return _cause is null ? false : throw _cause;
                }
            }

            await _filled.WaitAsync().ConfigureAwait(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<MqttMessage> TakeLaterAsync(CancellationToken cancellationToken)
    {
        while (await WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            if (TryTake(out MqttMessage message))
            {
                return message;
            }
        }

        throw MqttExplanations.NotConnected();
    }
}
