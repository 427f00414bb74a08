using System.Runtime.InteropServices;

namespace Thimble.Mqtt;

/// <summary>The part of <see cref="Mqtt5State"/> that received bytes may change, and that goes back when they were forged.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct Mqtt5Incoming
{
    /// <summary>What it takes, in bytes.</summary>
    public const int Bytes = 16 + MqttPropertyCursor.Bytes + 4;

    /// <summary>What CONNACK allows.</summary>
    public MqttServerLimits Limits;

    /// <summary>The properties that are being read.</summary>
    public MqttPropertyCursor Properties;

    /// <summary>The keep-alive interval that CONNACK sets, in seconds.</summary>
    public ushort KeepAliveSeconds;

    /// <summary>Whether it sets one.</summary>
    public bool SetsKeepAlive;
}
