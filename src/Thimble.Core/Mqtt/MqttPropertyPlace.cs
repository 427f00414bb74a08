namespace Thimble.Mqtt;

/// <summary>
/// Where properties stand: the packet's number, but that what we say in PUBLISH and DISCONNECT, and may not say there, has the numbers of packets
/// without properties, and the will has 0.
/// </summary>
internal enum MqttPropertyPlace : byte
{
    Will = 0,
    Connect = MqttPacketType.Connect,
    Connack = MqttPacketType.Connack,
    Publish = MqttPacketType.Publish,
    Subscribe = MqttPacketType.Subscribe,
    Unsubscribe = MqttPacketType.Unsubscribe,
    OurPublish = MqttPacketType.Pingreq,
    OurDisconnect = MqttPacketType.Pingresp,
    Disconnect = MqttPacketType.Disconnect,
    Auth = MqttPacketType.Auth,
}
