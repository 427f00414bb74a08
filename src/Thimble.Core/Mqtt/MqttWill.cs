using System;

namespace Thimble.Mqtt;

/// <summary>The message that the broker publishes for a client that is lost (MQTT 3.1.1 §3.1.2.5, MQTT 5 §3.1.2.5).</summary>
public readonly ref struct MqttWill
{
    /// <summary>Its topic, a topic name in UTF-8; empty is no will.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>Its payload, at most 65,535 bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>Its properties, from <see cref="MqttPropertyWriter"/> (MQTT 5 §3.1.3.2), such as <see cref="MqttProperty.WillDelayInterval"/>.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>Its QoS.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>Whether the broker retains it.</summary>
    public bool Retain { get; init; }
}
