using System;
using System.Diagnostics;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble.Cli.Demo;

/// <summary>
/// A device's side of the demonstration: one MQTT session over one TLS connection, with both states in the same
/// planned buffer. It joins two parts that know nothing of one another.
/// </summary>
internal sealed class DemoClient(TlsConnection tls, Profile profile)
{
    private readonly byte[] _packet = new byte[512];
    private readonly byte[] _received = new byte[512];
    private int _start;
    private int _end;

    /// <summary>Connects to the broker.</summary>
    public void Connect(ReadOnlySpan<byte> clientId)
    {
        MqttSession session = Session();
        session.Begin(Now);
        Send(session.Connect(new MqttConnectOptions { ClientId = clientId, KeepAliveSeconds = 60 }, _packet, out int written), written);
        Await(MqttEvent.Connected);
    }

    /// <summary>Subscribes, and waits until the broker agrees.</summary>
    public void Subscribe(ReadOnlySpan<byte> filter)
    {
        Send(Session().Subscribe(filter, _packet, out int written), written);
        Await(MqttEvent.Subscribed);
    }

    /// <summary>Publishes with QoS 0.</summary>
    public void Publish(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload) =>
        Send(Session().Publish(topic, payload, retain: false, _packet, out int written), written);

    /// <summary>Waits for a message and returns its payload.</summary>
    public byte[] Receive()
    {
        Await(MqttEvent.PublishBegin);
        byte[] payload = [];
        while (true)
        {
            MqttEvent found = Next(out ReadOnlySpan<byte> data);
            if (found == MqttEvent.PublishEnd)
            {
                return payload;
            }

            if (found == MqttEvent.PublishData)
            {
                payload = [.. payload, .. data];
            }
        }
    }

    /// <summary>Says goodbye to the broker.</summary>
    public void Disconnect() => Send(Session().Disconnect(_packet, out int written), written);

    private static uint Now => (uint)Environment.TickCount64;

    private MqttSession Session() => new(
        tls.Region(RegionId.MqttSession)[..MqttSession.StateBytes], tls.Region(RegionId.MqttTopic)[..MqttSession.TopicBytes(profile)]);

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
        while (Next(out _) != wanted)
        {
            // Whatever else the broker says is not what we wait for; time-outs end the wait.
        }
    }

    private MqttEvent Next(out ReadOnlySpan<byte> data)
    {
        while (true)
        {
            MqttEvent found = Session().Receive(_received.AsSpan(_start, _end - _start), out int consumed, out data);
            _start += consumed;
            if (found == MqttEvent.NeedMoreData)
            {
                _start = 0;
                _end = tls.Read(_received);
                found = _end == 0 ? Session().ReceiveEnd() : found;
            }

            if (found == MqttEvent.Faulted)
            {
                throw Failed();
            }

            if (found != MqttEvent.NeedMoreData)
            {
                return found;
            }
        }
    }

    private TlsFaultException Failed()
    {
        Fault fault = Session().Fault;
        return new TlsFaultException(fault, FaultExplanation.Of(fault, tls.FaultContext));
    }
}
