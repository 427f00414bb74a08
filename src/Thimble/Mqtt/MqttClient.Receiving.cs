using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>What arrives: one loop per connection reads, turns bytes into messages and answers under the lock, and waits without it.</summary>
public sealed partial class MqttClient
{
    private const int ReadBytes = 32 << 10;

    private readonly PropertyGatherer _properties = new();
    private readonly AcknowledgementOrder _order;
    private readonly Lock _freeInboundGate = new();
    private readonly Stack<InboundMessage> _freeInbound = new();
    private InboundMessage? _incoming;
    private readonly ContinuationRunner _runner;
    private bool _gathers;
    private bool _opened;
    private bool _large;

    /// <summary>A message was taken by the reader.</summary>
    internal void Taken(InboundMessage message)
    {
        if (!_options.ManualAcknowledgement && message.Place >= 0)
        {
            Acknowledge(message);
        }
    }

    /// <summary>A message was dealt with.</summary>
    internal void Acknowledge(InboundMessage message)
    {
        lock (_gate)
        {
            if (message.Place < 0 || _link is not { IsUp: true } link || link.Number != message.Link)
            {
                return;
            }

            _order.Mark(message.Place);
            message.Place = -1;
            PayAcknowledgements();
            Pump();
            _inbox.WakeFiller();
        }
    }

    /// <summary>Takes a message back that was read.</summary>
    internal void Return(InboundMessage message)
    {
        lock (_freeInboundGate)
        {
            if (_freeInbound.Count < KeptObjects)
            {
                _freeInbound.Push(message);
            }
        }
    }

    private void PayAcknowledgements()
    {
        MqttSession session = _memory.Session;
        while (_order.TryPeek(out uint acknowledgement) && session.Owe(acknowledgement) == MqttStatus.Complete)
        {
            _order.Take();
        }
    }

    private InboundMessage RentInbound()
    {
        lock (_freeInboundGate)
        {
            return _freeInbound.TryPop(out InboundMessage? free) ? free : new InboundMessage(this);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "Whatever ends the connection is told to whoever watches over it.")]
    private async Task ReadAsync(MqttLink link)
    {
        Exception? cause = null;
        try
        {
            await ReadToEndAsync(link).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            cause = MqttExplanations.Ended(e);
        }

        _runner.Call();
        if (cause is MqttException { Problem: MqttProblem.ProtocolFault })
        {
            await TellFaultAsync(link).ConfigureAwait(false);
        }

        if (_large)
        {
            _large = false;
            await AbortLargeAsync().ConfigureAwait(false);
        }

        Exception told = cause ?? MqttExplanations.Closed("connecting");
        End(link, told);
        if (link.Accepted.TrySetException(told))
        {
            _ = link.Accepted.Task.Exception; // seen
        }
    }

    /// <summary>Tells a broker of MQTT 5 how it broke the rules (§4.13), if it takes that in time.</summary>
    private async Task TellFaultAsync(MqttLink link)
    {
        Task drained = Task.CompletedTask;
        lock (_gate)
        {
            if (_options.Version == MqttVersion.V5 && _link == link && link.IsUp && !link.SaidGoodbye)
            {
                drained = SayGoodbye(link, MqttReasonCode.Success, []);
            }
        }

        await drained.WaitAsync(s_farewell, _options.TimeProvider).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ReadToEndAsync(MqttLink link)
    {
        CancellationToken end = link.End.Token;
        byte[] buffer = GC.AllocateUninitializedArray<byte>(ReadBytes, pinned: true);
        int gathered = 0;
        while (true)
        {
            ValueTask<int> read = link.Stream.ReadAsync(buffer, end);
            if (!read.IsCompleted || gathered > ReadBytes)
            {
                SendGathered(); // answers to all that was there leave together
                gathered = 0;
            }

            int bytes = await new ReadAndRun(read, _runner);
            gathered += bytes;
            if (bytes == 0)
            {
                throw TransportEnded();
            }

            _metrics.BytesReceived(bytes);
            int start = 0;
            while (true)
            {
                MqttTurn turn = Receive(link, buffer.AsSpan(start, bytes - start), out int consumed, out Range piece);
                ReadOnlyMemory<byte> data = buffer.AsMemory(start, bytes - start)[piece];
                start += consumed;
                if (turn == MqttTurn.Read)
                {
                    break;
                }

                SendGathered();
                _runner.Call();
                await TakeTurnAsync(link, turn, data, end).ConfigureAwait(false);
            }
        }
    }

    private async Task TakeTurnAsync(MqttLink link, MqttTurn turn, ReadOnlyMemory<byte> data, CancellationToken end)
    {
        switch (turn)
        {
            case MqttTurn.WaitForReader:
                await WaitForReaderAsync(link, end).ConfigureAwait(false);
                break;
            case MqttTurn.WaitForWriter:
                await WaitForWriterAsync(link, end).ConfigureAwait(false);
                break;
            case MqttTurn.BeginLarge:
                await BeginLargeAsync(data, end).ConfigureAwait(false);
                break;
            case MqttTurn.WriteLarge:
                await _options.LargeMessages!.WriteAsync(data, end).ConfigureAwait(false);
                break;
            case MqttTurn.CommitLarge:
                _large = false;
                await _options.LargeMessages!.CommitAsync(end).ConfigureAwait(false);
                Acknowledge(_incoming!);
                _incoming!.Release(_incoming.Use);
                _incoming = null;
                break;
            default:
                await AnswerAuthenticationAsync(link, end).ConfigureAwait(false);
                break;
        }
    }

    private async Task WaitForReaderAsync(MqttLink link, CancellationToken end)
    {
        while (_inbox.IsFull || IsOrderFull())
        {
            await _inbox.WaitForRoomAsync().ConfigureAwait(false);
            end.ThrowIfCancellationRequested();
        }

        lock (_gate)
        {
            link.IsHeldBack = false;
        }
    }

    private async Task WaitForWriterAsync(MqttLink link, CancellationToken end)
    {
        Task drained;
        lock (_gate)
        {
            if (link.IsEmpty && !link.IsWriting)
            {
                return;
            }

            link.Drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            drained = link.Drained.Task;
        }

        await drained.WaitAsync(end).ConfigureAwait(false);
    }

    private bool IsOrderFull()
    {
        lock (_gate)
        {
            return _order.IsFull;
        }
    }

    private async Task BeginLargeAsync(ReadOnlyMemory<byte> first, CancellationToken end)
    {
        MqttLargeMessage header;
        lock (_gate)
        {
            MqttSession session = _memory.Session;
            header = new MqttLargeMessage(
                Topics.Text(session.Topic), first.Length + (long)session.PayloadBytes, session.Qos, session.Retained, session.Duplicate, _incoming!.Properties);
        }

        IMqttPayloadSink sink = _options.LargeMessages!;
        if (await sink.BeginAsync(header, end).ConfigureAwait(false))
        {
            _large = true;
            await sink.WriteAsync(first, end).ConfigureAwait(false);
            return;
        }

        lock (_gate)
        {
            _memory.Session.SkipPayload();
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A sink may throw anything; the connection is over in any case.")]
    private async Task AbortLargeAsync()
    {
        try
        {
            await _options.LargeMessages!.AbortAsync().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _log.ListenerFailed(e);
        }
    }

    private MqttException TransportEnded()
    {
        lock (_gate)
        {
            MqttSession session = _memory.Session;
            _ = session.ReceiveEnd();
            return MqttExplanations.Of(session.Fault, _options.Version);
        }
    }

    /// <summary>Goes through what came, until the reader has to do something without the lock.</summary>
    private MqttTurn Receive(MqttLink link, ReadOnlySpan<byte> source, out int consumed, out Range piece)
    {
        consumed = 0;
        piece = default;
        lock (_gate)
        {
            _gathers = true;
            try
            {
                MqttSession session = _memory.Session;
                while (true)
                {
                    MqttEvent found = session.Receive(source[consumed..], out int more, out ReadOnlySpan<byte> data);
                    consumed += more;
                    if (Handle(link, session, found, data) is { } turn)
                    {
                        piece = data.IsEmpty || !source.Overlaps(data, out _) ? default : (consumed - data.Length)..consumed;
                        Pump();
                        return turn;
                    }
                }
            }
            finally
            {
                _gathers = false;
            }
        }
    }

    /// <summary>What the reader must do now, or null where it goes on.</summary>
    private MqttTurn? Handle(MqttLink link, MqttSession session, MqttEvent found, ReadOnlySpan<byte> data)
    {
        switch (found)
        {
            case MqttEvent.NeedMoreData or MqttEvent.Disconnected: // of what comes behind our DISCONNECT, all is consumed and nothing is told
                return MqttTurn.Read;
            case MqttEvent.PublishBegin:
                return OnPublishBegin(link, session);
            case MqttEvent.PublishData:
                return OnPublishData(session, data);
            case MqttEvent.PublishEnd:
                return OnPublishEnd(link, session);
            case MqttEvent.PublishSkipped:
                return OnPublishSkipped();
            case MqttEvent.Property:
                _properties.Begin(session.Property, session.PropertyInteger);
                break;
            case MqttEvent.PropertyName:
                _properties.Name(data);
                break;
            case MqttEvent.PropertyValue:
                _properties.Value(data);
                break;
            case MqttEvent.PropertyEnd:
                _properties.End(session.Property);
                break;
            case MqttEvent.Acknowledged:
                OnAcknowledged(session.Token, null, session.ReasonCode);
                _properties.Reset();
                break;
            case MqttEvent.Received:
                OnReceived(session.Token);
                _properties.Reset();
                break;
            case MqttEvent.PublishRefused:
                OnAcknowledged(session.Token, MqttExplanations.PublishRefused(session.ReasonCode, _properties.ReasonString), session.ReasonCode);
                _properties.Reset();
                break;
            case MqttEvent.AcknowledgementDue:
                Pump();
                return session.AcknowledgementsDue == 0 ? null : MqttTurn.WaitForWriter;
            case MqttEvent.AuthenticationContinues:
                return MqttTurn.Authenticate;
            default:
                HandleAnswer(link, session, found, data);
                break;
        }

        return null;
    }

    private void HandleAnswer(MqttLink link, MqttSession session, MqttEvent found, ReadOnlySpan<byte> data)
    {
        switch (found)
        {
            case MqttEvent.SessionLost:
                LoseSession();
                break;
            case MqttEvent.Connected:
                OnConnected(link, session);
                break;
            case MqttEvent.ReasonCodes:
                foreach (byte reason in data)
                {
                    _request?.Reasons.Add((MqttReasonCode)reason);
                }

                break;
            case MqttEvent.Subscribed or MqttEvent.SubscriptionRefused or MqttEvent.Unsubscribed or MqttEvent.UnsubscriptionRefused:
                OnAnswered(session.ReasonCode);
                _properties.Reset();
                break;
            case MqttEvent.PingResponse:
                link.IsPinging = false;
                break;
            case MqttEvent.Authenticated:
                _properties.Reset();
                _reauthentication?.TrySetResult();
                _reauthentication = null;
                break;
            default:
                throw MqttExplanations.Of(session.Fault, _options.Version, _properties.ReasonString, _properties.ServerReference);
        }
    }

    private MqttTurn? OnPublishBegin(MqttLink link, MqttSession session)
    {
        _properties.Reset();
        _opened = false;
        _incoming ??= RentInbound();
        _incoming.Begin(link.Number, session.Qos, session.Retained, session.Duplicate);
        return null;
    }

    /// <summary>The topic and the length of the payload are known when its first piece is there, or its end.</summary>
    private void Open(MqttSession session, int payloadBytes)
    {
        _opened = true;
        _incoming!.Open(session.Topic, payloadBytes);
        _incoming.PacketIdentifier = session.Qos == MqttQos.AtMostOnce ? (ushort)0 : session.PacketIdentifier;
        _incoming.Properties = _properties.Message();
    }

    private MqttTurn? OnPublishData(MqttSession session, ReadOnlySpan<byte> data)
    {
        if (_large)
        {
            return MqttTurn.WriteLarge;
        }

        if (!_opened)
        {
            long whole = data.Length + (long)session.PayloadBytes;
            bool fits = whole <= _options.MaxMessageBytes;
            Open(session, fits ? (int)whole : 0);
            if (!fits)
            {
                return Refuse(session, whole);
            }
        }

        _incoming!.Append(data);
        return null;
    }

    /// <summary>A payload that is too large to be gathered.</summary>
    private MqttTurn? Refuse(MqttSession session, long payloadBytes)
    {
        if (_options.LargeMessages is not null)
        {
            return MqttTurn.BeginLarge;
        }

        _log.Skips(payloadBytes, _options.MaxMessageBytes);
        session.SkipPayload();
        return null;
    }

    private MqttTurn? OnPublishEnd(MqttLink link, MqttSession session)
    {
        if (!_opened)
        {
            Open(session, 0);
        }

        InboundMessage message = _incoming!;
        message.Place = session.TryDefer(out uint acknowledgement) ? _order.Add(acknowledgement) : -1;
        _metrics.Received(message.Qos);
        if (_large)
        {
            return MqttTurn.CommitLarge;
        }

        _incoming = null;
        _inbox.Put(message);
        link.IsHeldBack = _inbox.IsFull || _order.IsFull;
        return link.IsHeldBack ? MqttTurn.WaitForReader : null;
    }

    private MqttTurn? OnPublishSkipped()
    {
        _metrics.Skipped();
        _incoming?.Reset();
        return null;
    }

    private void OnConnected(MqttLink link, MqttSession session)
    {
        link.IsUp = true;
        bool resubscribes = !session.SessionPresent;
        MqttServerLimits limits = session.Limits;
        var result = new MqttConnectResult
        {
            Version = _options.Version,
            SessionPresent = session.SessionPresent,
            ClientId = _properties.AssignedClientId ?? _options.ClientId,
            KeepAlive = TimeSpan.FromSeconds(session.KeepAliveSeconds),
            Limits = limits,
            ReasonString = _properties.ReasonString,
            ResponseInformation = _properties.ResponseInformation,
            UserProperties = _properties.UserProperties(),
        };
        _properties.Reset();
        _aliases.Reset(Math.Min(_options.TopicAliases, (int)limits.TopicAliasMaximum));
        _connection = result;
        if (resubscribes)
        {
            Resubscribe();
        }

        if (_state == MqttConnectionState.Reconnecting)
        {
            _metrics.Reconnected(); // before anybody sees the state
        }

        Change(MqttConnectionState.Connected, null);
        link.Accepted.TrySetResult(result);
        _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The connection has ended: what belonged to it is forgotten, what must not be lost is taken back. Holds the lock.</summary>
    private void TakeBack()
    {
        TakeBackPartial();
        TakeBackRequest();
        _order.Clear();
        _incoming?.Reset();
        _reauthentication?.TrySetException(MqttExplanations.Closed("authenticating"));
        _reauthentication = null;
        if (_standsStillSince is not null)
        {
            _standsStillSince = null;
        }
    }

    private void FailAll(Exception? cause)
    {
        FailPublications(cause ?? MqttExplanations.Closed("publishing"));
        FailRequests(cause ?? MqttExplanations.Closed("subscribing"));
    }
}
