using System;
using System.Buffers.Binary;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>
/// What the broker is owed. For its messages: PUBACK, PUBREC and PUBCOMP in the order of their causes ([MQTT-4.6.0-2], [MQTT-4.6.0-3]), the
/// oldest first, in a bounded queue behind the state, four bytes each: the identifier, the packet's type, the reason code. For ours:
/// PUBREL, in the order of <see cref="MqttInFlightTable"/>.
/// </summary>
public readonly ref partial struct MqttSession
{
    private const int OwedEntryBytes = 4;
    private const byte PubrelFlags = 0x02;   // [MQTT-3.6.1-1]

    /// <summary>
    /// How many acknowledgements may be sent now (§4.3). Those of messages in bytes that nobody vouches for yet are
    /// not among them. None where the session has failed or is not connected. Bounded by the messages in flight.
    /// </summary>
    public int AcknowledgementsDue => HasFailed || _state.State != MqttState.Connected ? 0 : OwedNow + InFlightTable.CountIn(MqttInFlightState.OwesPubrel);

    private int MaxAcknowledgements => OwedBytes(_profile) / OwedEntryBytes;

    private Span<byte> Owed => _behind.Slice(Bytes5(_profile), OwedBytes(_profile));

    private int OwedNow => IsProvisional ? Rollback.VerifiedAcknowledgements : _state.Acknowledgements;

    /// <summary>
    /// Writes what the broker is owed: PUBACK, PUBREC and PUBCOMP for messages that came (§4.3), the oldest first, and PUBREL for ours: see
    /// <see cref="AcknowledgementsDue"/>. Bounded by the destination.
    /// </summary>
    public MqttStatus Acknowledge(scoped Span<byte> destination, out int written)
    {
        written = 0;
        MqttStatus status = HasFailed ? MqttStatus.Faulted : MqttStatus.Complete;
        while (status == MqttStatus.Complete && AcknowledgementsDue != 0)
        {
            status = AcknowledgeNext(destination[written..], out int more);
            written += more;
        }

        return status;
    }

    private static int OwedBytes(in Profile profile) => OwedEntryBytes * int.Clamp(profile.MaxMqttAcknowledgements, 0, byte.MaxValue);

    private bool TryOwe(ushort identifier, MqttPacketType type, MqttReasonCode reason)
    {
        if (_state.Acknowledgements == MaxAcknowledgements)
        {
            return false;
        }

        Span<byte> entry = Owed.Slice(_state.Acknowledgements * OwedEntryBytes, OwedEntryBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(entry, identifier);
        entry[2] = (byte)type;
        entry[3] = (byte)reason;
        _state.Acknowledgements++;
        return true;
    }

    // More are owed than fit: where some may be sent, that makes room.
    private MqttEvent CannotOwe()
        => OwedNow != 0
            ? MqttEvent.AcknowledgementDue
            : Fail(FaultReason.MqttAcknowledgementsOwed, _state.Acknowledgements, _state.Acknowledgements + 1u);

    // The oldest of the queue, unless a PUBREL is half sent or nothing is in it.
    private MqttStatus AcknowledgeNext(scoped Span<byte> destination, out int written)
    {
        bool isHalfReleased = IsSending && (MqttPacketType)(_state.OutgoingHeader >> 4) == MqttPacketType.Pubrel;
        if (Features.MqttInFlight && (isHalfReleased || OwedNow == 0))
        {
            return ReleaseNext(destination, out written);
        }

        ReadOnlySpan<byte> oldest = Owed;
        ushort identifier = BinaryPrimitives.ReadUInt16LittleEndian(oldest);
        var type = (MqttPacketType)oldest[2];
        MqttStatus status = SendAcknowledgement(type, identifier, (MqttReasonCode)oldest[3], destination, out written);
        if (status == MqttStatus.Complete)
        {
            Settled();
            if (type == MqttPacketType.Pubcomp)
            {
                InFlightTable.RemoveInbound(identifier);
            }
        }

        return status;
    }

    private MqttStatus ReleaseNext(scoped Span<byte> destination, out int written)
    {
        ref MqttInFlightEntry entry = ref InFlightTable[InFlightTable.FirstIn(MqttInFlightState.OwesPubrel)];
        MqttStatus status = SendAcknowledgement(MqttPacketType.Pubrel, entry.Identifier, MqttReasonCode.Success, destination, out written);
        if (status == MqttStatus.Complete)
        {
            entry.State = MqttInFlightState.ExpectPubcomp;
        }

        return status;
    }

    // The reason code is left out where it is success (MQTT 5 §3.4.2.1).
    private MqttStatus SendAcknowledgement(
        MqttPacketType type, ushort identifier, MqttReasonCode reason, scoped Span<byte> destination, out int written)
    {
        written = 0;
        bool hasReason = Is5 && reason != MqttReasonCode.Success;
        byte header = (byte)(Header(type) | (type == MqttPacketType.Pubrel ? PubrelFlags : 0));
        uint remaining = hasReason ? 3u : 2;
        MqttStatus ready = Open(MqttState.Connected, header, remaining);
        if (ready != MqttStatus.Complete)
        {
            return ready;
        }

        var writer = new MqttPacketWriter(destination, _state.OutgoingWritten);
        writer.FixedHeader(header, remaining);
        writer.UInt16(identifier);
        if (hasReason)
        {
            writer.Byte((byte)reason);
        }

        written = writer.Written;
        return Close(written) ? MqttStatus.Complete : MqttStatus.DestinationTooSmall;
    }

    // The oldest is acknowledged.
    private void Settled()
    {
        Span<byte> owed = Owed;
        owed[OwedEntryBytes..(_state.Acknowledgements * OwedEntryBytes)].CopyTo(owed);
        _state.Acknowledgements--;
        if (IsProvisional)
        {
            Rollback.VerifiedAcknowledgements--;
        }
    }
}
