using System;
using System.Collections.Generic;
using System.Text;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>One MQTT session over one audited connection, both in the same planned buffer.</summary>
internal sealed class MqttOverTls(AuditedClient tls)
{
    private readonly Profile _profile = tls.Profile;
    private readonly byte[] _packet = new byte[32_768];
    private readonly byte[] _received = new byte[4096];
    private int _start;
    private int _end;

    /// <summary>The time as the session knows it, in milliseconds: it passes only when a test says so.</summary>
    public uint Now { get; set; } = 1000;

    public void Connect(string clientId, ushort keepAliveSeconds = 60)
    {
        MqttSession session = Session();
        session.Begin(Now);
        Send(session.Connect(new MqttConnectOptions { ClientId = Encoding.UTF8.GetBytes(clientId), KeepAliveSeconds = keepAliveSeconds }, _packet, out int written), written);
        Await(MqttEvent.Connected);
    }

    public void Subscribe(string filter)
    {
        Send(Session().Subscribe(Encoding.UTF8.GetBytes(filter), _packet, out int written), written);
        Await(MqttEvent.Subscribed);
    }

    public void Publish(string topic, ReadOnlySpan<byte> payload) =>
        Send(Session().Publish(Encoding.UTF8.GetBytes(topic), payload, retain: false, _packet, out int written), written);

    public MqttStatus Poll() => Session().Poll(Now, out _);

    public void Ping()
    {
        Send(Session().Ping(_packet, out int written), written);
        Await(MqttEvent.PingResponse);
    }

    public void Disconnect() => Send(Session().Disconnect(_packet, out int written), written);

    /// <summary>Waits for a message. Null when the connection ended in it.</summary>
    public (string Topic, byte[] Payload)? Receive()
    {
        string topic = "";
        var payload = new List<byte>();
        while (true)
        {
            switch (Next(out ReadOnlySpan<byte> data))
            {
                case MqttEvent.PublishBegin:
                    topic = Encoding.UTF8.GetString(data);
                    break;
                case MqttEvent.PublishData:
                    payload.AddRange(data);
                    break;
                case MqttEvent.PublishEnd:
                    return (topic, [.. payload]);
                case MqttEvent.Faulted:
                    return null;
            }
        }
    }

    private MqttSession Session() => new(_profile, tls.Region(RegionId.MqttSession), tls.Region(RegionId.MqttTopic));

    private void Send(MqttStatus status, int written)
    {
        Assert.Equal(MqttStatus.Complete, status);
        tls.Write(_packet.AsSpan(0, written));
    }

    private void Await(MqttEvent wanted) => Assert.Equal(wanted, Next(out _));

    private MqttEvent Next(out ReadOnlySpan<byte> data)
    {
        while (true)
        {
            MqttEvent found = Session().Receive(_received.AsSpan(_start, _end - _start), out int consumed, out data);
            _start += consumed;
            if (found != MqttEvent.NeedMoreData)
            {
                return found;
            }

            _start = 0;
            _end = Math.Max(tls.Read(_received), 0);
            if (_end == 0)
            {
                return Session().ReceiveEnd();
            }
        }
    }
}
