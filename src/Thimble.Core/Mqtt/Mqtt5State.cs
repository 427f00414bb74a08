using System.Runtime.InteropServices;

namespace Thimble.Mqtt;

/// <summary>What a session that may speak MQTT 5 remembers besides, behind <see cref="MqttSessionState"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct Mqtt5State
{
    /// <summary>What it takes, in bytes.</summary>
    public const int Bytes = Mqtt5Incoming.Bytes + sizeof(uint);

    /// <summary>What received bytes may change.</summary>
    public Mqtt5Incoming Incoming;

    /// <summary>The mark of the authentication method that CONNECT named ([MQTT-4.12.0-5]).</summary>
    public uint AuthenticationMethod;
}
