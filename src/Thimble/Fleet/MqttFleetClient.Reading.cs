using System;
using System.Net.Sockets;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Tls;

namespace Thimble;

/// <summary>What a client hears. One turn at a time reads: the connection is watched again only when a turn has ended.</summary>
public sealed partial class MqttFleetClient
{
    private enum Heard : byte
    {
        /// <summary>The connection is over, or the turn is to go on later.</summary>
        Nothing = 0,

        /// <summary>A message is to be told.</summary>
        Message = 1,

        /// <summary>All that came was read.</summary>
        Silence = 2,
    }

    /// <summary>The socket has bytes of the broker, or its end.</summary>
    internal void Readable() => TakeTurn(_fleet.Memory.BorrowStep());

    /// <summary>Takes a turn in memory that was borrowed for it, and gives that back.</summary>
    private void TakeTurn(StepMemory step)
    {
        try
        {
            Go(step);
        }
        finally
        {
            _fleet.Memory.Return(step);
        }
    }

    /// <summary>Reads what is there, tells the messages among it without the lock, and watches the connection again.</summary>
    private void Go(StepMemory step)
    {
        bool waits = false;
        while (!waits)
        {
            Heard heard;
            MqttQos qos = default;
            bool retained = false;
            lock (_line)
            {
                heard = _over ? Heard.Nothing : Read(step, out qos, out retained);
                if (heard == Heard.Silence)
                {
                    Rest();
                    heard = _line.HasSentAll ? heard : Heard.Nothing; // a broker that does not read is not read either
                    _waitsToSend = heard == Heard.Nothing;
                }
            }

            if (heard == Heard.Message)
            {
                Tell(step, qos, retained);
            }
            else
            {
                step.TransportAsked = false;
                waits = heard == Heard.Nothing || _line.Watch();
            }
        }
    }

    private void Tell(StepMemory step, MqttQos qos, bool retained)
    {
        try
        {
            _fleet.Options.Received?.Invoke(this, new MqttFleetMessage
            {
                Topic = step.Topic,
                Payload = step.Payload,
                Qos = qos,
                Retained = retained,
            });
        }
        catch (Exception e)
        {
            lock (_line)
            {
                End(e);
            }
        }
    }

    private Heard Read(StepMemory step, out MqttQos qos, out bool retained)
    {
        qos = default;
        retained = false;
        MqttSession session = Wake();
        while (true)
        {
            MqttEvent found = session.Receive(step.Plain, out int consumed, out ReadOnlySpan<byte> data);
            step.TakePlain(consumed);
            switch (found)
            {
                case MqttEvent.NeedMoreData:
                    if (!Acknowledge(session, step) || !ReadMore(session, step))
                    {
                        return _over ? Heard.Nothing : Heard.Silence;
                    }

                    break;
                case MqttEvent.PublishBegin:
                    step.BeginPayload();
                    if (session.PayloadBytes > _fleet.Options.MaxPayloadBytes)
                    {
                        session.SkipPayload();
                    }

                    break;
                case MqttEvent.PublishData:
                    Take(session, data, step);
                    break;
                case MqttEvent.PublishEnd:
                    step.SetTopic(session.Topic);
                    step.SetGathered(_payload, _payloadBytes);
                    _payload = null;
                    qos = session.Qos;
                    retained = session.Retained;
                    return Heard.Message;
                case MqttEvent.AcknowledgementDue:
                    if (!Acknowledge(session, step))
                    {
                        return Heard.Nothing;
                    }

                    break;
                case MqttEvent.Faulted:
                    End(Explain(session.Fault));
                    return Heard.Nothing;
                default:
                    Answer(found, session);
                    break;
            }
        }
    }

    /// <summary>Sends what the broker is owed. False after a failure.</summary>
    private bool Acknowledge(MqttSession session, StepMemory step)
    {
        if (session.AcknowledgementsDue == 0)
        {
            return true;
        }

        _ = session.Poll(_fleet.Wheel.Now, out _);
        MqttStatus status;
        do
        {
            status = session.Acknowledge(step.Packet, out int written);
            if (!_line.Seal(step.Packet[..written], step))
            {
                End(LineFailed());
                return false;
            }
        }
        while (status == MqttStatus.DestinationTooSmall);
        return true;
    }

    /// <summary>Reads of the next record, asking the transport once a turn. False where nothing more can be read now.</summary>
    private bool ReadMore(MqttSession session, StepMemory step)
    {
        TlsClient tls = _line.Wake();
        while (true)
        {
            TlsStatus status = tls.Read(step.Received, step.PlainRoom, out int consumed, out int written);
            step.Consume(consumed);
            step.SetPlain(written);
            if (!_line.SendOwed(step))
            {
                End(LineFailed());
                return false;
            }

            if (written != 0)
            {
                return true;
            }

            switch (status)
            {
                case TlsStatus.NeedMoreData when step.TransportAsked:
                    return false;
                case TlsStatus.NeedMoreData:
                    step.TransportAsked = true;
                    int bytes = _line.Receive(step.ReceivedRoom);
                    step.SetReceived(int.Max(0, bytes));
                    if (bytes <= 0)
                    {
                        EndOfTransport(tls, session, bytes);
                        return false;
                    }

                    break;
                case TlsStatus.Closed:
                    _ = session.ReceiveEnd();
                    End(Explain(session.Fault));
                    return false;
                case TlsStatus.Faulted:
                    End(Explain(tls.Fault));
                    return false;
            }
        }
    }

    /// <summary>Nothing came, or the transport has ended.</summary>
    private void EndOfTransport(TlsClient tls, MqttSession session, int bytes)
    {
        if (bytes < 0)
        {
            return;
        }

        if (_line.Problem != SocketError.Success)
        {
            End(LineFailed());
        }
        else if (tls.SourceEnded() == TlsStatus.Closed)
        {
            _ = session.ReceiveEnd();
            End(Explain(session.Fault));
        }
        else
        {
            End(Explain(tls.Fault));
        }
    }

    /// <summary>Takes a piece of a payload; it is copied only where the payload does not come in one.</summary>
    private void Take(MqttSession session, ReadOnlySpan<byte> data, StepMemory step)
    {
        if (_payload is null && session.PayloadBytes == 0)
        {
            step.SetPayload(data.Length);
            return;
        }

        if (_payload is null)
        {
            _payload = new PlanBuffer(data.Length + (int)session.PayloadBytes);
            _payloadBytes = 0;
        }

        data.CopyTo(_payload.Span[_payloadBytes..]);
        _payloadBytes += data.Length;
    }

    /// <summary>The broker answered.</summary>
    private void Answer(MqttEvent answer, MqttSession session)
    {
        switch (answer)
        {
            case MqttEvent.Connected:
                _connected = true;
                _ = session.Poll(_fleet.Wheel.Now, out uint wait);
                _fleet.Wheel.Add(this, wait);
                _pending?.OnConnected();
                break;
            case MqttEvent.Subscribed or MqttEvent.SubscriptionRefused:
                _pending?.OnSubscribed(answer == MqttEvent.Subscribed);
                break;
            case MqttEvent.Acknowledged:
                _pending?.OnAcknowledged(session.Token, null);
                break;
            case MqttEvent.PublishRefused:
                _pending?.OnAcknowledged(session.Token, new InvalidOperationException($"The broker refused the message: {session.ReasonCode} (0x{(int)session.ReasonCode:X2}). Check what it allows this client to write."));
                break;
        }

        Forget();
    }
}
