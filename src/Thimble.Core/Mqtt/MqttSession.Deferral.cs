using System.Buffers.Binary;

namespace Thimble.Mqtt;

/// <summary>Acknowledgements that wait until a message was dealt with.</summary>
public readonly ref partial struct MqttSession
{
    /// <summary>
    /// Takes the acknowledgement back of the message that has just ended, right after <see cref="MqttEvent.PublishEnd"/>: the broker is owed it when the caller gives it to
    /// <see cref="Owe"/>, on this connection, in the order of the messages ([MQTT-4.6.0-2]). The caller bounds how many he keeps. <c>false</c> where the
    /// message has QoS 0, or bytes are provisional.
    /// </summary>
    public bool TryDefer(out uint acknowledgement)
    {
        acknowledgement = 0;
        if (Qos == MqttQos.AtMostOnce || IsProvisional || _state.Acknowledgements == 0)
        {
            return false;
        }

        _state.Acknowledgements--;
        acknowledgement = BinaryPrimitives.ReadUInt32LittleEndian(Owed.Slice(_state.Acknowledgements * OwedEntryBytes, OwedEntryBytes));
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
