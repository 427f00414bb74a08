using System.Runtime.InteropServices;

namespace Thimble.Mqtt;

/// <summary>How far the packet has arrived that is being received: all that reading one byte may change, besides the topic and MQTT 5's properties.</summary>
[StructLayout(LayoutKind.Sequential, Size = 16)]
internal struct MqttPacketCursor
{
    /// <summary>Bytes of the packet's body still to come; once the length of its properties is known, those not counted.</summary>
    public uint Remaining;

    /// <summary>The integer that is being read; afterwards the packet identifier.</summary>
    public ushort Integer;

    /// <summary>The bytes of the topic that have arrived.</summary>
    public ushort TopicBytes;

    /// <summary>What comes next.</summary>
    public MqttReading Reading;

    /// <summary>The packet's first byte.</summary>
    public byte FixedHeader;

    /// <summary>The weight of the next byte of the remaining length, or of the properties' length.</summary>
    public byte LengthShift;

    /// <summary>How far into a character the topic is.</summary>
    public Utf8State Utf8;

    /// <summary>The packet's reason code; of several the one to tell; of a PUBLISH the one that we answer.</summary>
    public MqttReasonCode Reason;

    /// <summary>What else is known of it.</summary>
    public MqttIncomingFacts Facts;
}
