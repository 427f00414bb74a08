namespace Thimble.Mqtt;

/// <summary>The version of MQTT that one connection speaks, by its protocol level (MQTT 3.1.1 §3.1.2.2, MQTT 5 §3.1.2.2).</summary>
public enum MqttVersion : byte
{
    /// <summary>In <see cref="MqttConnectOptions"/>: the newest that the profile names. In a session: none yet.</summary>
    None = 0,

    /// <summary>MQTT 3.1.1.</summary>
    V311 = 4,

    /// <summary>MQTT 5.</summary>
    V5 = 5,
}
