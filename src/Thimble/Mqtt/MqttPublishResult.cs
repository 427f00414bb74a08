using Thimble.Mqtt;

namespace Thimble;

/// <summary>How a publication ended that the broker did not refuse.</summary>
/// <param name="Reason">
/// <see cref="MqttReasonCode.Success"/>, or of an MQTT 5 broker <see cref="MqttReasonCode.NoMatchingSubscribers"/>. With QoS 0 nothing is heard of the
/// message: success is that it was written.
/// </param>
public readonly record struct MqttPublishResult(MqttReasonCode Reason);
