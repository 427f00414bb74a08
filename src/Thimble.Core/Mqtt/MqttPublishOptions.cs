using System;

namespace Thimble.Mqtt;

/// <summary>What a PUBLISH says besides its payload (MQTT 3.1.1 §3.3, MQTT 5 §3.3).</summary>
public readonly ref struct MqttPublishOptions
{
    /// <summary>The topic name in UTF-8. Empty only where <see cref="TopicAlias"/> stands for a topic that was sent with it before on this connection.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>Properties from <see cref="MqttPropertyWriter"/> (MQTT 5 §3.3.2.3), without a topic alias.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>What the caller knows the message by: with QoS 1 and 2 each event about it gives this number back.</summary>
    public uint Token { get; init; }

    /// <summary>The topic alias (MQTT 5 §3.3.2.3.4), at most <see cref="MqttServerLimits.TopicAliasMaximum"/>; 0 for none. It lasts as long as the connection.</summary>
    public ushort TopicAlias { get; init; }

    /// <summary>The QoS; 1 and 2 need <see cref="Memory.Profile.MaxMqttInFlight"/>.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>Whether the broker retains the message.</summary>
    public bool Retain { get; init; }

    /// <summary>
    /// Whether this is the message that <see cref="MqttStatus.RedeliveryDue"/> asked for: it goes out under its old identifier, with DUP,
    /// and <see cref="Token"/> and <see cref="Qos"/> must be those that it had.
    /// </summary>
    public bool Redelivers { get; init; }
}
