using System;
using System.Collections.Generic;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>
/// A message to publish, with all that MQTT 5 lets it say. With MQTT 3.1.1 what only MQTT 5 knows must not be set. It may be
/// published many times, by many threads.
/// </summary>
public sealed record MqttPublication
{
    /// <summary>The topic, without wildcards; at most 65,535 bytes of UTF-8.</summary>
    public required string Topic { get; init; }

    /// <summary>What is published. Must not change until the call that publishes it has returned its task, which holds a copy or has sent it.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    /// <summary>How surely it arrives.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>Whether the broker keeps it for those who subscribe later.</summary>
    public bool Retain { get; init; }

    /// <summary>How long it is worth delivering, in whole seconds, or null for ever (MQTT 5 §3.3.2.3.3).</summary>
    public TimeSpan? Expiry { get; init; }

    /// <summary>What the payload is (MQTT 5 §3.3.2.3.2).</summary>
    public MqttPayloadFormat PayloadFormat { get; init; }

    /// <summary>The type of the payload, such as a MIME type, or null (MQTT 5 §3.3.2.3.9).</summary>
    public string? ContentType { get; init; }

    /// <summary>Where an answer is to be published, or null (MQTT 5 §3.3.2.3.5).</summary>
    public string? ResponseTopic { get; init; }

    /// <summary>What tells the asker which question an answer belongs to (MQTT 5 §3.3.2.3.6).</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; init; }

    /// <summary>Further properties (MQTT 5 §3.3.2.3.7).</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];
}
