using System.Runtime.InteropServices;

namespace Thimble.Mqtt;

/// <summary>How far the packet has arrived that is being received: all that reading one byte may change, besides the topic.</summary>
[StructLayout(LayoutKind.Sequential, Size = 12)]
internal struct MqttPacketCursor
{
    /// <summary>Bytes of the packet's body still to come.</summary>
    public uint Remaining;

    /// <summary>The integer that is being read; while a payload passes, the packet identifier of its message.</summary>
    public ushort Integer;

    /// <summary>The bytes of the topic that have arrived.</summary>
    public ushort TopicBytes;

    /// <summary>What comes next.</summary>
    public MqttReading Reading;

    /// <summary>The packet's first byte.</summary>
    public byte FixedHeader;

    /// <summary>The weight of the remaining length's next byte.</summary>
    public byte LengthShift;

    /// <summary>How far into a character the topic is.</summary>
    public Utf8State Utf8;
}
