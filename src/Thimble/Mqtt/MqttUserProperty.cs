namespace Thimble;

/// <summary>A name and a value that the two ends of MQTT 5 agreed upon (MQTT 5 §3.3.2.3.7); a name may come more than once.</summary>
/// <param name="Name">The name, at most 65,535 bytes of UTF-8.</param>
/// <param name="Value">The value, at most 65,535 bytes of UTF-8.</param>
public readonly record struct MqttUserProperty(string Name, string Value);
