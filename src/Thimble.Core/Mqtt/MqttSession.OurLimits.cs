using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>What the plan allows the broker, told in CONNECT (MQTT 5 §3.1.2.11).</summary>
public readonly ref partial struct MqttSession
{
    /// <summary>
    /// How many messages of QoS 1 and 2 the broker may send before it is answered: each takes an acknowledgement and, where QoS 2 is planned
    /// for, an identifier. 0: none.
    /// </summary>
    private int OurReceiveMaximum
    {
        get
        {
            int inbound = InboundCapacity;
            return inbound == 0 ? MaxAcknowledgements : int.Min(MaxAcknowledgements, inbound);
        }
    }

    // With more identifiers than acknowledgements a broker is borne that sends more than it was told.
    private int MaxUnacknowledged => int.Max(OurReceiveMaximum, InboundCapacity);

    /// <summary>A packet that fits into one record that the window holds is received whatever happens; without provisional reading none other is sure to be. 0: any size.</summary>
    private uint OurMaximumPacketBytes => _profile.ProvisionalMqtt ? 0 : (uint)int.Max(_profile.InWindowBytes, 0);

    private int OurTopicAliasMaximum => MaxAliases(_profile);

    private uint OurLimitsBytes
        => (OurReceiveMaximum != 0 ? 3u : 0) + (OurMaximumPacketBytes != 0 ? 5u : 0) + (OurTopicAliasMaximum != 0 ? 3u : 0);

    private void WriteOurLimits(scoped ref MqttPacketWriter writer)
    {
        if (OurReceiveMaximum != 0)
        {
            writer.Byte((byte)MqttProperty.ReceiveMaximum);
            writer.UInt16((ushort)OurReceiveMaximum);
        }

        if (OurMaximumPacketBytes != 0)
        {
            writer.Byte((byte)MqttProperty.MaximumPacketSize);
            writer.UInt16((ushort)(OurMaximumPacketBytes >> 16));
            writer.UInt16((ushort)OurMaximumPacketBytes);
        }

        if (OurTopicAliasMaximum != 0)
        {
            writer.Byte((byte)MqttProperty.TopicAliasMaximum);
            writer.UInt16((ushort)OurTopicAliasMaximum);
        }
    }
}
