using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>
/// How publications pass through the client: from those that wait for room, through the queue, to the outbox, where they stay until the broker has acknowledged
/// them.
/// </summary>
public sealed partial class MqttClient
{
    /// <summary>Objects beyond this number are not kept for the next publication.</summary>
    private const int KeptObjects = 1024;

    private const int TopicScratchBytes = 256;

    private readonly OutgoingList _waiting = new();
    private readonly OutgoingList _queue = new();
    private readonly OutgoingList _sent = new();
    private readonly OutgoingMessage?[] _outbox;
    private readonly Stack<uint> _freeTokens = new();
    private readonly Stack<OutgoingMessage> _freeMessages = new();
    private readonly Stack<PublishCompletion> _freeCompletions = new();
    private OutgoingMessage? _partial;

    /// <summary>A publisher waits no more. What was not sent is taken back.</summary>
    internal void Cancel(PublishCompletion completion, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (completion.Message is not { } message)
            {
                return;
            }

            completion.Message = null;
            message.Completion = null;
            if (message.State is OutgoingState.Waiting or OutgoingState.Queued)
            {
                Forget(message);
                Admit();
            }
        }

        completion.Complete(default, new OperationCanceledException(cancellationToken));
    }

    /// <summary>A publication has ended: its publisher is told, by the reader's thread where that brought it, and otherwise by another one.</summary>
    internal void Tell(PublishCompletion completion)
    {
        _runner.Add(completion);
        if (!_gate.IsHeldByCurrentThread || !_gathers)
        {
            _runner.Call();
        }
    }

    /// <summary>Takes a completion back whose result was heard.</summary>
    internal void Return(PublishCompletion completion)
    {
        lock (_gate)
        {
            if (_freeCompletions.Count < KeptObjects)
            {
                _freeCompletions.Push(completion);
            }
        }
    }

    private ValueTask<MqttPublishResult> PublishCore(
        string topic, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain, MqttPublication? publication, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<MqttPublishResult>(cancellationToken);
        }

        ReadOnlySpan<byte> topicBytes = MqttEncoding.Topic(topic, stackalloc byte[TopicScratchBytes]);
        if (qos > MqttQos.ExactlyOnce)
        {
            throw new ArgumentOutOfRangeException(nameof(qos), qos, "QoS is 0, 1 or 2.");
        }

        Activity? activity = MqttTrace.Publish(topic, qos);
        byte[] properties = Properties(topic, publication, activity);
        PublishCompletion? completion = null;
        Exception? refused = null;
        lock (_gate)
        {
            if (qos != MqttQos.AtMostOnce || !TryPublishNow(topicBytes, properties, payload, retain))
            {
                refused = Refusal(topicBytes.Length + properties.Length + payload.Length, qos);
                completion = refused is null ? Enqueue(topicBytes, properties, payload, qos, retain) : null;
            }
        }

        if (completion is null)
        {
            activity?.Dispose();
            return refused is null ? new ValueTask<MqttPublishResult>(new MqttPublishResult(MqttReasonCode.Success)) : ValueTask.FromException<MqttPublishResult>(refused);
        }

        ValueTask<MqttPublishResult> task = completion.Task;
        completion.Register(cancellationToken);
        return task;

        PublishCompletion Enqueue(ReadOnlySpan<byte> topicBytes, byte[] properties, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain)
        {
            OutgoingMessage message = _freeMessages.TryPop(out OutgoingMessage? free) ? free : new OutgoingMessage();
            PublishCompletion completion = _freeCompletions.TryPop(out PublishCompletion? heard) ? heard : new PublishCompletion(this);
            message.Set(topicBytes, properties, payload, qos, retain);
            message.Completion = completion;
            completion.Message = message;
            completion.Activity = activity;
            message.State = OutgoingState.Waiting;
            _waiting.AddLast(message);
            Admit();
            Pump();
            return completion;
        }
    }

    private async ValueTask<MqttPublishResult> PublishRented(MqttPublication publication, byte[] payload, int length, CancellationToken cancellationToken)
    {
        // A message that waits for room still refers to the memory: it goes back when nobody does.
        MqttPublishResult result = await PublishCore(publication.Topic, payload.AsMemory(0, length), publication.Qos, publication.Retain, publication, cancellationToken).ConfigureAwait(false);
        ArrayPool<byte>.Shared.Return(payload);
        return result;
    }

    private byte[] Properties(string topic, MqttPublication? publication, Activity? activity)
    {
        string? traceParent = _options.PropagateTrace ? (activity ?? Activity.Current)?.Id : null;
        if (publication is null && traceParent is null)
        {
            return [];
        }

        publication ??= new MqttPublication { Topic = topic };
        byte[] properties = MqttEncoding.Publication(publication, traceParent, traceParent is null ? null : (activity ?? Activity.Current)?.TraceStateString);
        return properties.Length == 0 || _options.Version == MqttVersion.V5 ? properties : throw MqttExplanations.Invalid("A publication with properties");
    }

    /// <summary>Why a publication cannot be taken, or null. Makes room where the policy says so. Holds the lock.</summary>
    private MqttException? Refusal(int bytes, MqttQos qos)
    {
        MqttQueueOptions options = _options.Queue;
        if (_disposing is not null || _state is MqttConnectionState.Disconnected or MqttConnectionState.Disposed)
        {
            return _disposing is null ? MqttExplanations.NotConnected() : MqttExplanations.Closed("publishing");
        }

        if (qos == MqttQos.AtMostOnce && !options.KeepAtMostOnce && _link is not { IsUp: true })
        {
            return MqttExplanations.Offline();
        }

        while (options.WhenFull == MqttQueuePolicy.DropOldest && !HasRoom(bytes) && _queue.First is { } oldest)
        {
            _metrics.Dropped();
            Finish(oldest, default, MqttExplanations.QueueFull(options));
        }

        return options.WhenFull == MqttQueuePolicy.Wait || HasRoom(bytes) ? null : MqttExplanations.QueueFull(options);
    }

    private bool HasRoom(int bytes)
    {
        int count = _queue.Count + _sent.Count;
        return count == 0 || (count < _options.Queue.Capacity && _queue.Bytes + _sent.Bytes + bytes <= _options.Queue.CapacityBytes);
    }

    /// <summary>Lets those into the queue that have room, in their order. Holds the lock.</summary>
    private void Admit()
    {
        while (_waiting.First is { } first && HasRoom(first.Bytes))
        {
            _waiting.Remove(first);
            first.Own();
            first.State = OutgoingState.Queued;
            _queue.AddLast(first);
        }
    }

    /// <summary>Writes a message of QoS 0 straight into what leaves next, where nothing stands before it. Holds the lock.</summary>
    private bool TryPublishNow(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> properties, ReadOnlyMemory<byte> payload, bool retain)
    {
        if (_link is not { IsUp: true, SaidGoodbye: false } link || _partial is not null || _queue.First is not null || _waiting.First is not null
            || topic.Length + properties.Length + payload.Length + PacketOverheadBytes > link.Room.Length)
        {
            return false;
        }

        MqttSession session = _memory.Session;
        if (session.Poll(Now(link), out _) != MqttStatus.Complete)
        {
            return false;
        }

        ushort alias = _aliases.Find(topic, out bool isNew);
        MqttStatus status = session.Publish(
            new MqttPublishOptions
            {
                Topic = alias == 0 || isNew ? topic : default,
                TopicAlias = alias,
                Properties = properties,
                Retain = retain,
            },
            payload.Span,
            link.Room,
            out int written);
        link.Add(written);
        if (status != MqttStatus.Complete)
        {
            return false;
        }

        if (isNew)
        {
            _aliases.Add(topic);
        }

        _metrics.Sent(MqttQos.AtMostOnce);
        Send(link);
        return true;
    }

    /// <summary>Writes a message of the queue, or one that goes out again. False where it must wait. Holds the lock.</summary>
    private bool Publish(MqttLink link, MqttSession session, OutgoingMessage message, bool redelivers)
    {
        bool begins = message != _partial;
        if (begins && message.Bytes + PacketOverheadBytes > link.Room.Length && !link.IsEmpty)
        {
            return false;
        }

        bool identified = message.Qos != MqttQos.AtMostOnce;
        if (begins && !redelivers && identified && !TryReserve(message))
        {
            return false;
        }

        if (begins)
        {
            message.Redelivers = redelivers;
            message.Alias = _aliases.Find(message.Topic, out bool isNew);
            message.NamesAlias = isNew;
        }

        MqttStatus status = session.Publish(
            new MqttPublishOptions
            {
                Topic = message.Alias == 0 || message.NamesAlias ? message.Topic : default,
                TopicAlias = message.Alias,
                Properties = message.Properties,
                Qos = message.Qos,
                Retain = message.Retain,
                Token = message.Token,
                Redelivers = message.Redelivers,
            },
            message.Payload,
            link.Room,
            out int written);
        link.Add(written);
        return OnPublished(message, status, begins, session.Limits);
    }

    private bool OnPublished(OutgoingMessage message, MqttStatus status, bool begins, in MqttServerLimits limits)
    {
        switch (status)
        {
            case MqttStatus.Complete:
                _partial = null;
                OnSent(message);
                return true;
            case MqttStatus.DestinationTooSmall:
                if (begins)
                {
                    Move(message, OutgoingState.Partial);
                    _partial = message;
                }

                return false;
            case MqttStatus.InvalidArgument or MqttStatus.PacketTooLarge or MqttStatus.NotAvailable:
                Finish(message, default, status == MqttStatus.InvalidArgument ? MqttExplanations.Invalid("The publication") : MqttExplanations.BeyondLimit(status, limits));
                return true;
            default:
                if (begins && !message.Redelivers && message.Qos != MqttQos.AtMostOnce)
                {
                    Unreserve(message);
                }

                return false;
        }
    }

    private void OnSent(OutgoingMessage message)
    {
        if (message.NamesAlias)
        {
            message.NamesAlias = false;
            _aliases.Add(message.Topic);
        }

        _metrics.Sent(message.Qos);
        message.SentAt = _options.TimeProvider.GetTimestamp();
        if (message.Qos == MqttQos.AtMostOnce)
        {
            Finish(message, new MqttPublishResult(MqttReasonCode.Success), null);
        }
        else
        {
            Move(message, OutgoingState.InFlight);
        }
    }

    /// <summary>Takes a message to the list of its new state.</summary>
    private void Move(OutgoingMessage message, OutgoingState state)
    {
        if (message.State == OutgoingState.Queued)
        {
            _queue.Remove(message);
            _sent.AddLast(message);
        }

        message.State = state;
    }

    private bool TryReserve(OutgoingMessage message)
    {
        if (!_freeTokens.TryPop(out uint token))
        {
            return false;
        }

        message.Token = token;
        _outbox[token] = message;
        _metrics.InFlight(1);
        return true;
    }

    private void Unreserve(OutgoingMessage message)
    {
        if (message.Token < _outbox.Length && _outbox[message.Token] == message)
        {
            _outbox[message.Token] = null;
            _freeTokens.Push(message.Token);
            _metrics.InFlight(-1);
        }
    }

    /// <summary>The broker has acknowledged a message to the end, or refused it.</summary>
    private void OnAcknowledged(uint token, MqttException? refusal, MqttReasonCode reason)
    {
        if (token < _outbox.Length && _outbox[token] is { } message)
        {
            _metrics.Acknowledged(message.Qos, _options.TimeProvider.GetElapsedTime(message.SentAt));
            Finish(message, new MqttPublishResult(reason), refusal);
        }
    }

    /// <summary>The broker has a message of QoS 2: only its identifier matters from now on.</summary>
    private void OnReceived(uint token)
    {
        if (token < _outbox.Length && _outbox[token] is { } message)
        {
            _sent.Remove(message);
            message.DropPayload();
            message.State = OutgoingState.Received;
            _sent.AddLast(message);
        }
    }

    /// <summary>A publication has come to its end: tells its publisher, and makes room for others.</summary>
    private void Finish(OutgoingMessage message, MqttPublishResult result, Exception? failure)
    {
        if (message.Completion is { } completion)
        {
            completion.Message = null;
            message.Completion = null;
            completion.Complete(result, failure);
        }

        Forget(message);
        Admit();
    }

    /// <summary>Takes a publication out of all lists.</summary>
    private void Forget(OutgoingMessage message)
    {
        OutgoingList list = message.State switch
        {
            OutgoingState.Waiting => _waiting,
            OutgoingState.Queued => _queue,
            _ => _sent,
        };
        list.Remove(message);
        if (message.Qos != MqttQos.AtMostOnce)
        {
            Unreserve(message);
        }

        _partial = _partial == message ? null : _partial;
        message.Free();
        if (_freeMessages.Count < KeptObjects)
        {
            _freeMessages.Push(message);
        }
    }

    /// <summary>The connection has ended: what was half written begins again.</summary>
    private void TakeBackPartial()
    {
        if (_partial is { } message)
        {
            _partial = null;
            message.State = OutgoingState.InFlight;
            if (message.Qos == MqttQos.AtMostOnce)
            {
                _sent.Remove(message);
                message.State = OutgoingState.Queued;
                _queue.AddFirst(message);
            }
        }
    }

    /// <summary>
    /// The broker knows of no message in flight. Those of QoS 1 go out again, as new ones, unless their publishers were told that they were given up; those of
    /// QoS 2 may have arrived, and sending them again could double them.
    /// </summary>
    private void LoseSession()
    {
        while (_sent.Last is { } message)
        {
            if (message.Qos == MqttQos.ExactlyOnce || message.IsGivenUp)
            {
                Finish(message, default, MqttExplanations.SessionLost());
                continue;
            }

            _sent.Remove(message);
            Unreserve(message);
            message.State = OutgoingState.Queued;
            _queue.AddFirst(message);
        }
    }

    /// <summary>There will be no other connection: nothing is in flight any more.</summary>
    private void ForgetSent()
    {
        while (_sent.First is { } message)
        {
            Forget(message);
        }
    }

    /// <summary>Nobody is to wait any longer. What is in flight stays, for a connection to the same session.</summary>
    private void FailPublications(Exception cause)
    {
        while (_waiting.First is { } waiting)
        {
            Finish(waiting, default, cause);
        }

        while (_queue.First is { } queued)
        {
            Finish(queued, default, cause);
        }

        for (OutgoingMessage? message = _sent.First; message is not null; message = message.Next)
        {
            message.IsGivenUp = true;
            if (message.Completion is { } completion)
            {
                completion.Message = null;
                message.Completion = null;
                completion.Complete(default, cause);
            }
        }
    }
}
