using System;
using System.Collections.Generic;

namespace Thimble;

/// <summary>What a received message says of itself besides its topic (MQTT 5 §3.3.2.3).</summary>
public sealed class MqttMessageProperties
{
    /// <summary>Of a message that says nothing.</summary>
    public static MqttMessageProperties None { get; } = new();

    /// <summary>What the payload is.</summary>
    public MqttPayloadFormat PayloadFormat { get; internal set; }

    /// <summary>For how long it was still worth delivering when the broker sent it, or null for ever.</summary>
    public TimeSpan? Expiry { get; internal set; }

    /// <summary>The type of the payload, or null.</summary>
    public string? ContentType { get; internal set; }

    /// <summary>Where an answer is to be published, or null.</summary>
    public string? ResponseTopic { get; internal set; }

    /// <summary>What tells the asker which question an answer belongs to.</summary>
    public ReadOnlyMemory<byte> CorrelationData { get; internal set; }

    /// <summary>The numbers of the subscriptions that it matched.</summary>
    public IReadOnlyList<uint> SubscriptionIdentifiers { get; internal set; } = [];

    /// <summary>Further properties, in their order.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; internal set; } = [];
}
