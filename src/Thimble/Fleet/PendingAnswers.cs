using System;
using System.Collections.Generic;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>What a client's callers wait for. It exists only while somebody waits, and is guarded by the client's lock.</summary>
internal sealed class PendingAnswers
{
    private readonly Dictionary<uint, TaskCompletionSource> _acknowledgements = [];
    private TaskCompletionSource? _connected;
    private TaskCompletionSource<bool>? _subscribed;
    private TaskCompletionSource? _room;
    private uint _lastToken;

    /// <summary>Whether nobody waits.</summary>
    public bool AreNone => _acknowledgements.Count == 0 && _connected is null && _subscribed is null && _room is null;

    /// <summary>CONNACK.</summary>
    public Task Connected() => (_connected ??= New()).Task;

    /// <summary>SUBACK, and whether it grants.</summary>
    public Task<bool> Subscribed() => (_subscribed ??= new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>A change after which one may try to send again.</summary>
    public Task Room() => (_room ??= New()).Task;

    /// <summary>A number for a message that is to be acknowledged.</summary>
    public uint NextToken() => ++_lastToken;

    /// <summary>The end of that message's exchange.</summary>
    public Task Acknowledged(uint token) => (_acknowledgements[token] = New()).Task;

    /// <summary>CONNACK came.</summary>
    public void OnConnected() => Take(ref _connected)?.TrySetResult();

    /// <summary>SUBACK came.</summary>
    public void OnSubscribed(bool granted) => Take(ref _subscribed)?.TrySetResult(granted);

    /// <summary>There is room.</summary>
    public void OnRoom() => Take(ref _room)?.TrySetResult();

    /// <summary>The exchange of a message is over, and where it was refused <paramref name="refusal"/> says so.</summary>
    public void OnAcknowledged(uint token, Exception? refusal)
    {
        if (_acknowledgements.Remove(token, out TaskCompletionSource? waiting))
        {
            _ = refusal is null ? waiting.TrySetResult() : waiting.TrySetException(refusal);
        }

        OnRoom();
    }

    /// <summary>No answer will come.</summary>
    public void Fail(Exception why)
    {
        Fail(Take(ref _connected), why);
        Fail(Take(ref _room), why);
        if (Take(ref _subscribed) is { } subscribed)
        {
            _ = subscribed.TrySetException(why);
            _ = subscribed.Task.Exception; // seen, even if nobody waits any more
        }

        foreach (TaskCompletionSource waiting in _acknowledgements.Values)
        {
            Fail(waiting, why);
        }

        _acknowledgements.Clear();
    }

    private static void Fail(TaskCompletionSource? waiting, Exception why)
    {
        if (waiting is not null)
        {
            _ = waiting.TrySetException(why);
            _ = waiting.Task.Exception; // the same
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static T? Take<T>(ref T? waiting)
        where T : class
    {
        T? taken = waiting;
        waiting = null;
        return taken;
    }
}
