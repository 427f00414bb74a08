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
    public bool IsProvisional => !_rollback.IsEmpty && Rollback.Active;

    private ref MqttRollbackState Rollback => ref MemoryMarshal.AsRef<MqttRollbackState>(_rollback);

    private bool HoldsFault => IsProvisional && Rollback.Held.Reason != FaultReason.None;

    /// <summary>
    /// Says that what <see cref="Receive"/> gets from here on is provisional: the payloads that it gives out go to where they can
    /// be forgotten. Does nothing where that holds already. <see cref="MqttStatus.WrongState"/>: the session has no
    /// memory to go back to. Everything may be sent meanwhile, besides acknowledgements of provisional messages. Bounded by
    /// the topic.
    /// </summary>
    public MqttStatus BeginProvisional()
    {
        if (HasFailed || _rollback.IsEmpty)
        {
            return Busy();
        }

        ref MqttRollbackState rollback = ref Rollback;
        if (!rollback.Active)
        {
            rollback.Active = true;
            rollback.Before = _state.Incoming;
            rollback.VerifiedAcknowledgements = _state.Acknowledgements;
            Topic.CopyTo(_rollback[MqttRollbackState.Bytes..]);
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
            Settle(rollback.Heard);
            rollback.Untold |= rollback.Heard;
            if (rollback.Held.Reason != FaultReason.None)
            {
                _state.Fault = rollback.Held;
            }

            End(ref rollback);
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
            _rollback.Slice(MqttRollbackState.Bytes, _state.Incoming.TopicBytes).CopyTo(_topic);
            End(ref rollback);
        }
    }

    private static void End(ref MqttRollbackState rollback)
    {
        rollback.Active = false;
        rollback.Heard = MqttAnswers.None;
        rollback.Held = default;
    }

    /// <summary>Whether provisional bytes hold one of these answers.</summary>
    private bool Heard(MqttAnswers answers) => IsProvisional && (Rollback.Heard & answers) != 0;

    private bool Awaits(MqttAnswers answer) => answer switch
    {
        MqttAnswers.Connack => _state.State == MqttState.ExpectConnack && !Heard(answer),
        MqttAnswers.Suback => Is(MqttFacts.AwaitsSuback) && !Heard(MqttAnswers.Suback | MqttAnswers.SubackRefused),
        _ => Is(MqttFacts.AwaitsPingresp) && !Heard(answer),
    };

    private MqttEvent OnAnswer(MqttAnswers answer)
    {
        _state.Incoming.Reading = MqttReading.FixedHeader;
        if (IsProvisional)
        {
            Rollback.Heard |= answer;
            return MqttEvent.NeedMoreData;
        }

        Settle(answer);
        return EventOf(answer);
    }

    private void Settle(MqttAnswers answers)
    {
        _state.State = (answers & MqttAnswers.Connack) != 0 ? MqttState.Connected : _state.State;
        _state.Facts &= (answers & (MqttAnswers.Suback | MqttAnswers.SubackRefused)) != 0 ? ~MqttFacts.AwaitsSuback : ~MqttFacts.None;
        _state.Facts &= (answers & MqttAnswers.Pingresp) != 0 ? ~MqttFacts.AwaitsPingresp : ~MqttFacts.None;
    }

    // The lowest first: they are numbered in the order in which a session goes through them.
    private bool TryTellAnswer(out MqttEvent found)
    {
        MqttAnswers untold = _rollback.IsEmpty ? MqttAnswers.None : Rollback.Untold;
        var next = (MqttAnswers)((int)untold & -(int)untold);
        found = EventOf(next);
        if (untold == MqttAnswers.None)
        {
            return false;
        }

        Rollback.Untold = untold & ~next;
        return true;
    }

    private static MqttEvent EventOf(MqttAnswers answer) => answer switch
    {
        MqttAnswers.Connack => MqttEvent.Connected,
        MqttAnswers.Suback => MqttEvent.Subscribed,
        MqttAnswers.SubackRefused => MqttEvent.SubscriptionRefused,
        MqttAnswers.Pingresp => MqttEvent.PingResponse,
        _ => MqttEvent.Faulted,
    };
}
