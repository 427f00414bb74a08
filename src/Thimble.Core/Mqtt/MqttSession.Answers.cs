using System;
using System.Numerics;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>What the broker answers to what we sent: CONNACK, SUBACK, UNSUBACK, PINGRESP, AUTH.</summary>
public readonly ref partial struct MqttSession
{
    private const byte LastReturnCode = 5;   // MQTT 3.1.1 §3.2.2.3: 6 and above are reserved

    private bool Awaits(MqttPacketType type)
    {
        MqttFacts fact = MqttFacts.None;
        MqttAnswers answers = MqttAnswers.Connack;
        switch (type)
        {
            case MqttPacketType.Connack:
                break;
            case MqttPacketType.Suback:
                (fact, answers) = (MqttFacts.AwaitsSuback, MqttAnswers.OfSubscribe);
                break;
            case MqttPacketType.Unsuback:
                (fact, answers) = (MqttFacts.AwaitsUnsuback, MqttAnswers.OfUnsubscribe);
                break;
            case MqttPacketType.Pingresp:
                (fact, answers) = (MqttFacts.AwaitsPingresp, MqttAnswers.Pingresp);
                break;
            default:
                return Features.Mqtt5 && type == MqttPacketType.Auth && AwaitsAuth;
        }

        return (fact == MqttFacts.None ? _state.State == MqttState.ExpectConnack : Is(fact)) && !Heard(answers);
    }

    // [MQTT-4.12.0-6]: where CONNECT named a method; and then our turn comes.
    private bool AwaitsAuth
        => Is5 && Is(MqttFacts.Authenticates) && !Is(MqttFacts.OwesAuth) && !Heard(MqttAnswers.OfAuth)
        && ((_state.State == MqttState.ExpectConnack && !Heard(MqttAnswers.Connack)) || Is(MqttFacts.Reauthenticates));

    private MqttEvent OnAnswer(MqttAnswers answer)
    {
        _state.Incoming.Reading = MqttReading.FixedHeader;
        if (IsProvisional)
        {
            Rollback.Heard |= answer;
            return MqttEvent.NeedMoreData;
        }

        Settle(answer);
        _ = TryTell(out MqttEvent found);
        return found;
    }

    private void Settle(MqttAnswers answers)
    {
        MqttFacts over = MqttFacts.None;
        over |= (answers & MqttAnswers.OfSubscribe) != 0 ? MqttFacts.AwaitsSuback : MqttFacts.None;
        over |= (answers & MqttAnswers.OfUnsubscribe) != 0 ? MqttFacts.AwaitsUnsuback : MqttFacts.None;
        over |= (answers & MqttAnswers.Pingresp) != 0 ? MqttFacts.AwaitsPingresp : MqttFacts.None;
        if (Features.Mqtt5)
        {
            over |= (answers & MqttAnswers.Authenticated) != 0 ? MqttFacts.Reauthenticates : MqttFacts.None;
            _state.Facts |= (answers & MqttAnswers.AuthenticationContinues) != 0 ? MqttFacts.OwesAuth : MqttFacts.None;
        }

        _state.Facts &= ~over;
        _state.Untold |= answers & ~MqttAnswers.SessionPresent;
        if ((answers & MqttAnswers.Connack) != 0)
        {
            SettleConnection((answers & MqttAnswers.SessionPresent) != 0);
        }
    }

    // The session state belongs to the session that the broker goes on with ([MQTT-3.2.2-5] of MQTT 5).
    private void SettleConnection(bool sessionPresent)
    {
        _state.State = MqttState.Connected;
        if (Is5)
        {
            _state.Facts &= ~MqttFacts.OwesAuth;
        }

        if (Is5 && State5.Incoming.SetsKeepAlive)
        {
            _state.KeepAliveSeconds = State5.Incoming.KeepAliveSeconds;   // [MQTT-3.2.2-21]
        }

        if (Features.MqttQos)
        {
            _state.Facts |= sessionPresent ? MqttFacts.SessionPresent : MqttFacts.None;
            _state.Untold |= !sessionPresent && Is(MqttFacts.Continues) ? MqttAnswers.SessionLost : MqttAnswers.None;
            InFlightTable.Establish(sessionPresent);
        }
    }

    // What counts and was not told: the answers, the lowest first, and then what became of our messages.
    private bool TryTell(out MqttEvent found)
    {
        MqttAnswers untold = _state.Untold;
        if (untold == MqttAnswers.None)
        {
            found = MqttEvent.Faulted;
            return Features.MqttQos && Is(MqttFacts.AcknowledgementsUntold) && TryTellAcknowledgement(out found);
        }

        var next = (MqttAnswers)((int)untold & -(int)untold);
        _state.Untold = untold & ~next;
        _state.ReasonCode = (next & (MqttAnswers.OfSubscribe | MqttAnswers.OfUnsubscribe)) != 0 ? _state.RequestReason
            : next == MqttAnswers.AuthenticationContinues ? MqttReasonCode.ContinueAuthentication
            : MqttReasonCode.Success;
        found = EventOf(next);
        return true;
    }

    private static MqttEvent EventOf(MqttAnswers answer) => (MqttEvent)Events[BitOperations.TrailingZeroCount((uint)answer)];

    // In the order of MqttAnswers.
    private static ReadOnlySpan<byte> Events =>
    [
        (byte)MqttEvent.SessionLost, (byte)MqttEvent.Connected, (byte)MqttEvent.AuthenticationContinues, (byte)MqttEvent.Authenticated,
        (byte)MqttEvent.Subscribed, (byte)MqttEvent.SubscriptionRefused, (byte)MqttEvent.Unsubscribed, (byte)MqttEvent.UnsubscriptionRefused,
        (byte)MqttEvent.PingResponse,
    ];

    // A session that was to be a clean one is never present ([MQTT-3.2.2-1]), and the other bits are reserved.
    private MqttEvent OnAcknowledgeFlags(byte flags)
    {
        _state.Incoming.Reading = MqttReading.ReasonCode;
        _state.Incoming.Facts = (MqttIncomingFacts)(flags & (byte)MqttIncomingFacts.SessionPresent);
        return flags == 0 || (Features.MqttQos && flags == (byte)MqttIncomingFacts.SessionPresent && Is(MqttFacts.KeepsSession))
            ? MqttEvent.NeedMoreData
            : Fail(FaultReason.MqttAcknowledgeFlags, 0, flags);
    }

    private MqttEvent OnConnack()
    {
        MqttReasonCode code = _state.Incoming.Reason;
        bool sessionPresent = Features.MqttQos && (_state.Incoming.Facts & MqttIncomingFacts.SessionPresent) != 0;
        if (code != MqttReasonCode.Success)
        {
            return sessionPresent ? Fail(FaultReason.MqttAcknowledgeFlags, 0, 1)   // [MQTT-3.2.2-4], [MQTT-3.2.2-6] of MQTT 5
                : Is5 || (byte)code <= LastReturnCode ? Fail(FaultReason.MqttConnectionRefused, 0, (uint)code)
                : Fail(FaultReason.MqttReturnCode, LastReturnCode, (uint)code);
        }

        if (sessionPresent && !Is(MqttFacts.Continues))
        {
            return Fail(FaultReason.MqttSessionUnknown, 0, 1);   // [MQTT-3.2.2-4] of MQTT 5
        }

        if (Is5 && Is(MqttFacts.Authenticates) && !State5.Incoming.Properties.Has(MqttProperty.AuthenticationMethod))
        {
            return Fail(FaultReason.MqttAuthenticationMethod, State5.AuthenticationMethod, 0);   // [MQTT-4.12.0-5]
        }

        return OnAnswer(MqttAnswers.Connack | (sessionPresent ? MqttAnswers.SessionPresent : MqttAnswers.None));
    }

    // MQTT 5 §3.15: the broker continues, or ends what we began anew; CONNACK ends the first one.
    private MqttEvent OnAuth()
    {
        bool continues = _state.Incoming.Reason == MqttReasonCode.ContinueAuthentication;
        bool anew = Is(MqttFacts.Reauthenticates);
        if (continues ? !State5.Incoming.Properties.Has(MqttProperty.AuthenticationMethod) : !anew)
        {
            return continues
                ? Fail(FaultReason.MqttAuthenticationMethod, State5.AuthenticationMethod, 0)
                : Fail(FaultReason.MqttAuthenticationUnexpected, (uint)MqttReasonCode.ContinueAuthentication, (uint)_state.Incoming.Reason);
        }

        return OnAnswer(continues ? MqttAnswers.AuthenticationContinues : MqttAnswers.Authenticated);
    }

    // [MQTT-3.8.4-2], [MQTT-3.10.4-4]
    private MqttEvent OnRequestIdentifier()
        => _state.Incoming.Integer == _state.RequestIdentifier
            ? BeginProperties(MqttReading.ReasonCodes)
            : Fail(FaultReason.MqttPacketIdentifier, _state.RequestIdentifier, _state.Incoming.Integer);

    // One for each filter ([MQTT-3.8.4-6] of MQTT 5); the broker may grant less than was asked for, and not more ([MQTT-3.8.4-6]).
    private MqttEvent OnRequestReason(MqttReasonCode code)
    {
        MqttPacketType type = Packet;
        bool granted = type == MqttPacketType.Suback && !MqttReasonCodes.IsRefusal(code);
        if (Is5 ? !MqttReasonCodes.MayStand(code, type) : !granted && code != MqttReasonCode.UnspecifiedError)
        {
            return Is5 ? Fail(FaultReason.MqttReasonCodeInvalid, (uint)type, (uint)code) : Fail(FaultReason.MqttReturnCode, (uint)_state.RequestQos, (uint)code);
        }

        if (granted && (byte)code > (byte)_state.RequestQos)
        {
            return Fail(FaultReason.MqttReturnCode, (uint)_state.RequestQos, (uint)code);
        }

        // The first refusal is told, or the lowest of what was granted. Where only QoS 0 can be granted, that is one of two codes.
        MqttReasonCode told = _state.Incoming.Reason;
        if (!Features.Mqtt5 && !Features.MqttQos)
        {
            _state.Incoming.Reason = (MqttReasonCode)((byte)told | (byte)code);
            return MqttEvent.NeedMoreData;
        }

        bool first = (_state.Incoming.Facts & MqttIncomingFacts.HasReason) == 0;
        bool tells = first || (!MqttReasonCodes.IsRefusal(told) && (MqttReasonCodes.IsRefusal(code) || code < told));
        _state.Incoming.Reason = tells ? code : told;
        _state.Incoming.Facts |= MqttIncomingFacts.HasReason;
        return MqttEvent.NeedMoreData;
    }

    private MqttEvent OnRequestAnswered()
    {
        MqttReasonCode reason = _state.Incoming.Reason;
        bool refused = MqttReasonCodes.IsRefusal(reason);
        bool subscribed = Packet == MqttPacketType.Suback;
        if (IsProvisional)
        {
            Rollback.RequestReason = reason;
        }
        else
        {
            _state.RequestReason = reason;
        }

        return OnAnswer(subscribed
            ? refused ? MqttAnswers.SubackRefused : MqttAnswers.Suback
            : refused ? MqttAnswers.UnsubackRefused : MqttAnswers.Unsuback);
    }
}
