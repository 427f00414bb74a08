using System;
using System.Diagnostics;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Tls;

namespace Thimble.Cli.Demo;

/// <summary>
/// A device's side of the demonstration: one MQTT session over one TLS connection, with both states in the same
/// planned buffer. It joins two parts that know nothing of one another. A record larger than the window streams through both
/// before its tag is known: what it says is kept where it can be forgotten, and answered when it counts.
/// </summary>
internal sealed class DemoClient(TlsConnection tls, Profile profile)
{
    private readonly Profile _profile = profile;
    private readonly byte[] _packet = new byte[512];
    private readonly byte[] _received = new byte[512];
    private readonly MessageInbox _inbox = new();
    private int _start;
    private int _end;
    private bool _commits;
    private (int Pieces, int Bytes) _provisional;

    /// <summary>Of the latest record that was larger than the window, the pieces in which it came.</summary>
    public int RecordPieces { get; private set; }

    /// <summary>The bytes in them.</summary>
    public int RecordBytes { get; private set; }

    /// <summary>How many messages were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Connects to the broker.</summary>
    public void Connect(ReadOnlySpan<byte> clientId)
    {
        MqttSession session = Session();
        session.Begin(Now);
        Send(session.Connect(new MqttConnectOptions { ClientId = clientId, KeepAliveSeconds = 60 }, _packet, out int written), written);
        Await(MqttEvent.Connected);
    }

    /// <summary>Subscribes, and waits until the broker agrees.</summary>
    public void Subscribe(ReadOnlySpan<byte> filter, MqttQos qos)
    {
        Send(Session().Subscribe(filter, qos, _packet, out int written), written);
        Await(MqttEvent.Subscribed);
    }

    /// <summary>Publishes with QoS 0.</summary>
    public void Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload) =>
        Send(Session().Publish(topic, payload, retain: false, _packet, out int written), written);

    /// <summary>Asks the broker whether it lives, which it answers when it has taken all that was sent before.</summary>
    public void Ping()
    {
        Send(Session().Ping(_packet, out int written), written);
        Await(MqttEvent.PingResponse);
    }

    /// <summary>Waits for a message that counts.</summary>
    public DemoMessage Receive()
    {
        DemoMessage? message;
        while (!_inbox.TryTake(out message))
        {
            _ = Next();
        }

        return message;
    }

    /// <summary>Says goodbye to the broker.</summary>
    public void Disconnect() => Send(Session().Disconnect(_packet, out int written), written);

    private static uint Now => (uint)Environment.TickCount64;

    private MqttSession Session() => new(
        _profile, tls.Region(RegionId.MqttSession), tls.Region(RegionId.MqttTopic), tls.Region(RegionId.MqttRollback), tls.Region(RegionId.MqttInFlight));

    private void Send(MqttStatus status, int written)
    {
        if (status != MqttStatus.Complete)
        {
            throw status == MqttStatus.Faulted ? Failed() : new UnreachableException($"MQTT: {status}");
        }

        tls.Write(_packet.AsSpan(0, written));
    }

    private void Await(MqttEvent wanted)
    {
        while (Next() != wanted)
        {
            // Whatever else the broker says is not what we wait for; time-outs end the wait.
        }
    }

    private MqttEvent Next()
    {
        MqttEvent found = Session().Receive(_received.AsSpan(_start, _end - _start), out int consumed, out ReadOnlySpan<byte> data);
        _start += consumed;
        switch (found)
        {
            case MqttEvent.NeedMoreData when _commits:
                Commit();
                break;
            case MqttEvent.NeedMoreData:
                Acknowledge();
                Fill();
                break;
            case MqttEvent.AcknowledgementDue:
                Acknowledge();
                break;
            case MqttEvent.PublishBegin:
                _inbox.Begin(data);
                break;
            case MqttEvent.PublishData:
                _inbox.Write(data);
                break;
            case MqttEvent.PublishEnd:
                _inbox.End();
                break;
            case MqttEvent.Faulted:
                throw Failed();
            default:
                break;
        }

        return found;
    }

    /// <summary>Reads a piece, and learns what it is worth.</summary>
    private void Fill()
    {
        _start = 0;
        switch (tls.Read(_received, out _end))
        {
            case TlsStatus.Provisional:
                _provisional = (_provisional.Pieces + 1, _provisional.Bytes + _end);
                Begin();
                break;
            case TlsStatus.Committed:
                (RecordPieces, RecordBytes) = (_provisional.Pieces + (_end > 0 ? 1 : 0), _provisional.Bytes + _end);
                _provisional = default;
                _commits = true;
                break;
            case TlsStatus.Withdrawn:
                _provisional = default;
                Session().Abort();
                _inbox.Abort();
                break;
            case TlsStatus.Closed:
                _ = Session().ReceiveEnd();
                _inbox.Abort();
                break;
            default:
                break;
        }
    }

    private void Begin()
    {
        MqttStatus status = Session().BeginProvisional();
        if (status != MqttStatus.Complete)
        {
            throw status == MqttStatus.Faulted ? Failed() : new UnreachableException($"MQTT: {status}");
        }

        _inbox.Mark();
    }

    private void Commit()
    {
        _commits = false;
        if (Session().Commit() == MqttStatus.Faulted)
        {
            throw Failed();
        }

        _inbox.Commit();
    }

    private void Acknowledge()
    {
        int due = Session().AcknowledgementsDue;
        if (due != 0)
        {
            Send(Session().Acknowledge(_packet, out int written), written);
            Acknowledged += due;
        }
    }

    private TlsFaultException Failed()
    {
        Fault fault = Session().Fault;
        return new TlsFaultException(fault, FaultExplanation.Of(fault, tls.FaultContext));
    }
}
