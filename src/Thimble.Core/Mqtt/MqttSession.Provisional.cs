using System;
using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>
/// Reading bytes before it is known whether they are genuine (RULES 1 and 5). What they say about the session is noted and
/// takes effect at the commit; until then nothing is told of it, nothing is acknowledged and no fault counts.
/// </summary>
public readonly ref partial struct MqttSession
{
    /// <summary>True from <see cref="BeginProvisional"/> to <see cref="Commit"/> or <see cref="Abort"/>.</summary>
    public bool IsProvisional => HasRollback && Rollback.Active;

    /// <summary>
    /// Says that what <see cref="Receive"/> gets from here on is provisional: the payloads and properties that it gives out go to where they can
    /// be forgotten. Does nothing where that holds already. <see cref="MqttStatus.WrongState"/>: the session has no
    /// memory to go back to. Everything may be sent meanwhile, besides acknowledgements of provisional messages. Bounded by
    /// the topic and the topic aliases.
    /// </summary>
    public MqttStatus BeginProvisional()
    {
        if (HasFailed || !HasRollback)
        {
            return Busy();
        }

        ref MqttRollbackState rollback = ref Rollback;
        if (!rollback.Active)
        {
            rollback.Active = true;
            rollback.Before = _state.Incoming;
            rollback.VerifiedAcknowledgements = _state.Acknowledgements;
            if (Features.MqttQos)
            {
                InFlightTable.BeginProvisional();
            }

            if (Features.Mqtt5 && Bytes5(_profile) != 0)
            {
                Incoming5Before = State5.Incoming;
                Aliases.CopyTo(AliasesBefore);
            }

            Topic.CopyTo(TopicBefore);
        }

        return MqttStatus.Complete;
    }

    /// <summary>
    /// The provisional bytes, all of which were received, are genuine: they count. <see cref="Receive"/> then tells the answers
    /// that were among them. <see cref="MqttStatus.Faulted"/>: so does the fault that was found in them.
    /// </summary>
    public MqttStatus Commit()
    {
        if (IsProvisional)
        {
            ref MqttRollbackState rollback = ref Rollback;
            _state.RequestReason = (rollback.Heard & (MqttAnswers.OfSubscribe | MqttAnswers.OfUnsubscribe)) != 0 ? rollback.RequestReason : _state.RequestReason;
            MqttAnswers heard = rollback.Heard;
            if (rollback.Held.Reason != FaultReason.None)
            {
                _state.Fault = rollback.Held;
            }

            End(ref rollback);
            Settle(heard);
            _state.Facts |= Features.MqttQos && InFlightTable.Commit() ? MqttFacts.AcknowledgementsUntold : MqttFacts.None;
        }

        return HasFailed ? MqttStatus.Faulted : MqttStatus.Complete;
    }

    /// <summary>
    /// The provisional bytes count for nothing: the session stands where it stood before them, in the middle of a packet
    /// or of a topic if need be. Does nothing where there are none.
    /// </summary>
    public void Abort()
    {
        if (IsProvisional)
        {
            ref MqttRollbackState rollback = ref Rollback;
            _state.Incoming = rollback.Before;
            _state.Acknowledgements = rollback.VerifiedAcknowledgements;
            if (Features.MqttQos)
            {
                InFlightTable.Abort();
            }

            if (Features.Mqtt5 && Bytes5(_profile) != 0)
            {
                State5.Incoming = Incoming5Before;
                AliasesBefore.CopyTo(Aliases);
            }

            TopicBefore[.._state.Incoming.TopicBytes].CopyTo(_topic);
            End(ref rollback);
        }
    }

    private bool HasRollback => _rollback.Length >= MqttRollbackState.Bytes && _rollback.Length >= RollbackBytes(_profile);

    private ref MqttRollbackState Rollback => ref MemoryMarshal.AsRef<MqttRollbackState>(_rollback);

    private ref Mqtt5Incoming Incoming5Before => ref MemoryMarshal.AsRef<Mqtt5Incoming>(_rollback[MqttRollbackState.Bytes..]);

    private Span<byte> TopicBefore => _rollback[(MqttRollbackState.Bytes + (Bytes5(_profile) != 0 ? Mqtt5Incoming.Bytes : 0))..];

    private Span<byte> AliasesBefore => TopicBefore.Slice(TopicBytes(_profile), AliasesBytes(_profile));

    private bool HoldsFault => IsProvisional && Rollback.Held.Reason != FaultReason.None;

    private static void End(ref MqttRollbackState rollback)
    {
        rollback.Active = false;
        rollback.Heard = MqttAnswers.None;
        rollback.Held = default;
    }

    /// <summary>How many identifiers of QoS 2 belong to an older session, which the broker has dropped in provisional bytes. They take their room until the commit.</summary>
    private int DroppedInbound
        => IsProvisional && (Rollback.Heard & (MqttAnswers.Connack | MqttAnswers.SessionPresent)) == MqttAnswers.Connack && InFlightTable.Exists
            ? InFlightTable.Header.VerifiedInbound
            : 0;

    /// <summary>Whether provisional bytes hold one of these answers.</summary>
    private bool Heard(MqttAnswers answers) => IsProvisional && (Rollback.Heard & answers) != 0;
}
