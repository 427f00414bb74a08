using System;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>A message as it is printed.</summary>
/// <param name="Topic">The topic in UTF-8.</param>
/// <param name="Payload">The payload.</param>
/// <param name="Qos">The QoS with which it came.</param>
/// <param name="Retain">Whether the broker had kept it.</param>
/// <param name="PacketIdentifier">The number of its packet, or 0 with QoS 0.</param>
/// <param name="Properties">What MQTT 5 lets it say besides.</param>
/// <param name="At">When it came, by this machine's clock and in its time zone.</param>
internal readonly record struct ReceivedMessage(
    ReadOnlyMemory<byte> Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos, bool Retain, ushort PacketIdentifier, MqttMessageProperties Properties, DateTimeOffset At);
