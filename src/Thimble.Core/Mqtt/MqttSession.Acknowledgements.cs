using System.Buffers.Binary;

namespace Thimble.Mqtt;

/// <summary>The acknowledgements that the broker is owed, the oldest first, in a bounded queue behind the state.</summary>
public readonly ref partial struct MqttSession
{
    /// <summary>
    /// How many messages of QoS 1 may be acknowledged now (MQTT 3.1.1 §4.3.2). Those in bytes that nobody vouches for yet are
    /// not among them. None where the session has failed.
    /// </summary>
    public int AcknowledgementsDue => HasFailed ? 0 : IsProvisional ? Rollback.VerifiedAcknowledgements : _state.Acknowledgements;

    private int MaxAcknowledgements => int.Min(_acknowledgements.Length / sizeof(ushort), byte.MaxValue);

    private ushort OldestOwed => BinaryPrimitives.ReadUInt16LittleEndian(_acknowledgements);

    private bool TryOwe(ushort identifier)
    {
        if (_state.Acknowledgements == MaxAcknowledgements)
        {
            return false;
        }

        BinaryPrimitives.WriteUInt16LittleEndian(_acknowledgements[(_state.Acknowledgements * sizeof(ushort))..], identifier);
        _state.Acknowledgements++;
        return true;
    }

    // The oldest is acknowledged.
    private void Settled()
    {
        _acknowledgements[sizeof(ushort)..(_state.Acknowledgements * sizeof(ushort))].CopyTo(_acknowledgements);
        _state.Acknowledgements--;
        if (IsProvisional)
        {
            Rollback.VerifiedAcknowledgements--;
        }
    }
}
