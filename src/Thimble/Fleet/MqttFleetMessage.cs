using System;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>Takes a message of one of many clients. What it throws ends that client.</summary>
/// <param name="client">Whose message it is.</param>
/// <param name="message">Valid until this returns.</param>
public delegate void MqttFleetMessageHandler(MqttFleetClient client, MqttFleetMessage message);

/// <summary>A message that came, whole and verified. The spans are valid while the handler runs.</summary>
public readonly ref struct MqttFleetMessage
{
    /// <summary>The topic in UTF-8.</summary>
    public ReadOnlySpan<byte> Topic { get; init; }

    /// <summary>The payload.</summary>
    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The QoS with which the broker sent it.</summary>
    public MqttQos Qos { get; init; }

    /// <summary>Whether the broker had retained it.</summary>
    public bool Retained { get; init; }
}
