using Thimble.Mqtt;

namespace Thimble;

/// <summary>What a message says of itself before its payload comes.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="PayloadBytes">The length of its payload.</param>
/// <param name="Qos">The QoS with which it comes.</param>
/// <param name="Retain">Whether the broker had kept it.</param>
/// <param name="Duplicate">Whether it may have come before.</param>
/// <param name="Properties">What MQTT 5 lets it say.</param>
public sealed record MqttLargeMessage(string Topic, long PayloadBytes, MqttQos Qos, bool Retain, bool Duplicate, MqttMessageProperties Properties);
