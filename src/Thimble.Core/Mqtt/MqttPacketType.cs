namespace Thimble.Mqtt;

/// <summary>The control packets by their numbers (MQTT 3.1.1 §2.2.1, MQTT 5 §2.1.2).</summary>
public enum MqttPacketType : byte
{
    /// <summary>No packet.</summary>
    None = 0,

    /// <summary>The client asks for a connection.</summary>
    Connect = 1,

    /// <summary>The broker's answer to <see cref="Connect"/>.</summary>
    Connack = 2,

    /// <summary>A message.</summary>
    Publish = 3,

    /// <summary>Ends the exchange of a message of QoS 1.</summary>
    Puback = 4,

    /// <summary>The receiver has a message of QoS 2.</summary>
    Pubrec = 5,

    /// <summary>The sender lets a message of QoS 2 go.</summary>
    Pubrel = 6,

    /// <summary>Ends the exchange of a message of QoS 2.</summary>
    Pubcomp = 7,

    /// <summary>The client asks for messages.</summary>
    Subscribe = 8,

    /// <summary>The broker's answer to <see cref="Subscribe"/>.</summary>
    Suback = 9,

    /// <summary>The client wants messages no more.</summary>
    Unsubscribe = 10,

    /// <summary>The broker's answer to <see cref="Unsubscribe"/>.</summary>
    Unsuback = 11,

    /// <summary>The client asks whether the broker lives.</summary>
    Pingreq = 12,

    /// <summary>The broker's answer to <see cref="Pingreq"/>.</summary>
    Pingresp = 13,

    /// <summary>The sender ends the connection.</summary>
    Disconnect = 14,

    /// <summary>A step of an enhanced authentication (MQTT 5 §4.12).</summary>
    Auth = 15,
}
