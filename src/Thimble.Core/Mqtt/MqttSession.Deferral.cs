using System.Buffers.Binary;

namespace Thimble.Mqtt;

/// <summary>Acknowledgements that wait until a message was dealt with.</summary>
public readonly ref partial struct MqttSession
{
    /// <summary>
    /// Takes the acknowledgement back of the message that has just ended, right after <see cref="MqttEvent.PublishEnd"/>: the broker is owed it when the caller gives it to
    /// <see cref="Owe"/>, on this connection, in the order of the messages ([MQTT-4.6.0-2]). The caller bounds how many he keeps. <c>false</c> where the
    /// message has QoS 0, bytes are provisional, or no message has just ended.
    /// </summary>
    public bool TryDefer(out uint acknowledgement)
    {
        acknowledgement = 0;
        bool ended = Packet == MqttPacketType.Publish && _state.Incoming.Reading == MqttReading.FixedHeader && Qos != MqttQos.AtMostOnce;
        if (!ended || IsProvisional || _state.Acknowledgements == 0)
        {
            return false;
        }

        uint latest = BinaryPrimitives.ReadUInt32LittleEndian(Owed.Slice((_state.Acknowledgements - 1) * OwedEntryBytes, OwedEntryBytes));
        if ((ushort)latest != PacketIdentifier)
        {
            return false;   // it was sent, or deferred, before
        }

        _state.Acknowledgements--;
        acknowledgement = latest;
        return true;
    }

    /// <summary>
    /// Owes the broker an acknowledgement that was deferred. <see cref="MqttStatus.AcknowledgementDue"/>: no more can be owed, call <see cref="Acknowledge"/> first.
    /// </summary>
    public MqttStatus Owe(uint acknowledgement)
    {
        if (HasFailed || IsProvisional)
        {
            return Busy();
        }

        if (_state.Acknowledgements == MaxAcknowledgements)
        {
            return MqttStatus.AcknowledgementDue;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(Owed.Slice(_state.Acknowledgements * OwedEntryBytes, OwedEntryBytes), acknowledgement);
        _state.Acknowledgements++;
        return MqttStatus.Complete;
    }
}
