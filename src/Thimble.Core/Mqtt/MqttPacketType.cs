namespace Thimble.Mqtt;

/// <summary>The control packets that this client sends or receives, by their numbers in MQTT 3.1.1 §2.2.1.</summary>
internal enum MqttPacketType : byte
{
    None = 0,
    Connect = 1,
    Connack = 2,
    Publish = 3,
    Puback = 4,
    Subscribe = 8,
    Suback = 9,
    Pingreq = 12,
    Pingresp = 13,
    Disconnect = 14,
}
