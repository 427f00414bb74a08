namespace Thimble;

/// <summary>An acknowledgement that the broker will get: of QoS 1 PUBACK, of QoS 2 PUBREC. The default is none.</summary>
/// <param name="Owed">The entry of the session's queue.</param>
internal readonly record struct MqttDeferral(uint Owed);
