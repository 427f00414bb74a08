using System;
using System.Collections.Generic;
using System.Diagnostics.Metrics;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>What the meter counts. A count that nobody listens to costs a test of a flag.</summary>
internal sealed class MqttMetrics
{
    private static readonly Meter s_shared = new(MqttClient.MeterName);
    private static readonly KeyValuePair<string, object?>[] s_qos = [new("mqtt.qos", 0), new("mqtt.qos", 1), new("mqtt.qos", 2)];

    private readonly Counter<long> _sent;
    private readonly Counter<long> _received;
    private readonly Counter<long> _bytesSent;
    private readonly Counter<long> _bytesReceived;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _reconnects;
    private readonly UpDownCounter<long> _inFlight;
    private readonly Histogram<double> _acknowledgement;

    public MqttMetrics(IMeterFactory? factory)
    {
        Meter meter = factory is null ? s_shared : factory.Create(new MeterOptions(MqttClient.MeterName));
        _sent = meter.CreateCounter<long>("mqtt.client.messages.sent", "{message}", "Publications that were written, by QoS; also those that go out again.");
        _received = meter.CreateCounter<long>("mqtt.client.messages.received", "{message}", "Messages that arrived, by QoS.");
        _bytesSent = meter.CreateCounter<long>("mqtt.client.bytes.sent", "By", "Bytes of MQTT that were sent.");
        _bytesReceived = meter.CreateCounter<long>("mqtt.client.bytes.received", "By", "Bytes of MQTT that arrived.");
        _dropped = meter.CreateCounter<long>("mqtt.client.messages.dropped", "{message}", "Publications that the queue's policy dropped.");
        _skipped = meter.CreateCounter<long>("mqtt.client.messages.skipped", "{message}", "Messages that were too large, and nobody took them.");
        _reconnects = meter.CreateCounter<long>("mqtt.client.reconnects", "{connection}", "Connections that were made again.");
        _inFlight = meter.CreateUpDownCounter<long>("mqtt.client.messages.in_flight", "{message}", "Publications of QoS 1 and 2 that wait for the broker.");
        _acknowledgement = meter.CreateHistogram<double>("mqtt.client.acknowledgement.duration", "s", "From the writing of a publication to its last acknowledgement.");
    }

    public void Sent(MqttQos qos) => _sent.Add(1, s_qos[(int)qos]);

    public void Received(MqttQos qos) => _received.Add(1, s_qos[(int)qos]);

    public void BytesSent(int bytes) => _bytesSent.Add(bytes);

    public void BytesReceived(int bytes) => _bytesReceived.Add(bytes);

    public void Dropped() => _dropped.Add(1);

    public void Skipped() => _skipped.Add(1);

    public void Reconnected() => _reconnects.Add(1);

    public void InFlight(int change) => _inFlight.Add(change);

    public void Acknowledged(MqttQos qos, TimeSpan after) => _acknowledgement.Record(after.TotalSeconds, s_qos[(int)qos]);
}
