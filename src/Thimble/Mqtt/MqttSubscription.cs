using Thimble.Mqtt;

namespace Thimble;

/// <summary>One topic filter of a SUBSCRIBE with its options (MQTT 5 §3.8.3.1).</summary>
/// <param name="Filter">The topic filter; '+' fills a level, '#' the last ones; <c>$share/group/filter</c> shares the messages.</param>
/// <param name="Qos">The highest QoS that its messages may have.</param>
public sealed record MqttSubscription(string Filter, MqttQos Qos = MqttQos.AtMostOnce)
{
    /// <summary>Whether the client's own messages do not come back to it (MQTT 5).</summary>
    public bool NoLocal { get; init; }

    /// <summary>Whether the retain flag arrives as it was published (MQTT 5).</summary>
    public bool RetainAsPublished { get; init; }

    /// <summary>When retained messages are sent (MQTT 5).</summary>
    public MqttRetainHandling RetainHandling { get; init; }

    /// <summary>A number that its messages carry, from 1 to 268,435,455, or 0 for none (MQTT 5 §3.8.2.1.2). One SUBSCRIBE has one.</summary>
    public uint Identifier { get; init; }
}
