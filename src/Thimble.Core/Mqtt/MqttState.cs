namespace Thimble.Mqtt;

/// <summary>Where a session stands, between the packets that MQTT 3.1.1 §3 names.</summary>
public enum MqttState : byte
{
    /// <summary>Not begun: the value of cleared memory.</summary>
    None = 0,

    /// <summary>Begun; CONNECT is not yet wholly written.</summary>
    ExpectConnect = 1,

    /// <summary>CONNECT is written, CONNACK is awaited.</summary>
    ExpectConnack = 2,

    /// <summary>The broker accepted the connection.</summary>
    Connected = 3,

    /// <summary>DISCONNECT is written; nothing may follow it ([MQTT-3.14.4-2]).</summary>
    Disconnected = 4,
}
