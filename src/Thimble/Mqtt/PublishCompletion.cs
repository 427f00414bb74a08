using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using System.Threading.Tasks.Sources;

namespace Thimble;

/// <summary>
/// Tells a publisher how his publication ended, once: his continuation runs on a thread of the pool, by <see cref="ContinuationRunner"/>, and holds nobody up for
/// long. It is used again when he has heard the result.
/// </summary>
internal sealed class PublishCompletion(MqttClient client) : IValueTaskSource<MqttPublishResult>
{
    private ManualResetValueTaskSourceCore<MqttPublishResult> _core;
    private CancellationTokenRegistration _registration;
    private MqttPublishResult _result;
    private Exception? _failure;

    /// <summary>The publication, as long as its end was not told. Guarded by the client's lock.</summary>
    public OutgoingMessage? Message { get; set; }

    /// <summary>The next of those that wait to be told.</summary>
    public PublishCompletion? Next { get; set; }

    /// <summary>The trace's view of the publication, or null.</summary>
    public Activity? Activity { get; set; }

    public ValueTask<MqttPublishResult> Task => new(this, _core.Version);

    /// <summary>Listens to the publisher's token. Called once, before the publisher gets the task.</summary>
    public void Register(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _registration = cancellationToken.UnsafeRegister(static (completion, token) => ((PublishCompletion)completion!).Cancel(token), this);
        }
    }

    /// <summary>Notes the end. Called once, by whoever took <see cref="Message"/> away.</summary>
    public void Complete(MqttPublishResult result, Exception? failure)
    {
        _result = result;
        _failure = failure;
        client.Tell(this);
    }

    /// <summary>Tells the end: the publisher's continuation runs.</summary>
    public void Tell()
    {
        if (Activity is { } activity)
        {
            Activity = null;
            activity.SetStatus(_failure is null ? ActivityStatusCode.Ok : ActivityStatusCode.Error, _failure?.GetType().Name);
            activity.Dispose();
        }

        if (_failure is null)
        {
            _core.SetResult(_result);
        }
        else
        {
            _core.SetException(_failure);
        }
    }

    MqttPublishResult IValueTaskSource<MqttPublishResult>.GetResult(short token)
    {
        _ = _core.GetStatus(token); // a task that is awaited twice throws here
        try
        {
            return _core.GetResult(token);
        }
        finally
        {
            // Waits for a cancellation that is under way: it must not find the next publication here.
            _registration.Dispose();
            _registration = default;
            _failure = null;
            _core.Reset();
            client.Return(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource<MqttPublishResult>.GetStatus(short token) => _core.GetStatus(token);

    void IValueTaskSource<MqttPublishResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken cancellationToken) => client.Cancel(this, cancellationToken);
}
