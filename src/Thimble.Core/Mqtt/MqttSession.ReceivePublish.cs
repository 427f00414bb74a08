using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>PUBLISH from the broker (MQTT 3.1.1 §3.3, MQTT 5 §3.3).</summary>
public readonly ref partial struct MqttSession
{
    private MqttEvent OnTopicLength(ushort length)
    {
        ref MqttPacketCursor incoming = ref _state.Incoming;
        uint behind = (!Features.MqttQos || Qos == MqttQos.AtMostOnce ? 0u : sizeof(ushort)) + (Is5 ? 1u : 0);
        if (length + behind > incoming.Remaining)
        {
            return Fail(FaultReason.MqttRemainingLengthWrong, 2u + length + behind, 2u + incoming.Remaining);
        }

        if (length == 0 && !Is5)
        {
            return Fail(FaultReason.MqttTopicInvalid, 0, 0);   // [MQTT-4.7.3-1]; in MQTT 5 an alias may stand for it
        }

        if (length > TopicBytes(_profile))
        {
            return Fail(FaultReason.MqttTopicTooLong, (uint)TopicBytes(_profile), length);
        }

        incoming.Integer = length;
        incoming.TopicBytes = 0;
        incoming.Utf8 = Utf8State.Boundary;
        incoming.Reading = MqttReading.Topic;
        return length == 0 ? OnTopicEnd() : MqttEvent.NeedMoreData;
    }

    private MqttEvent OnTopicByte(byte next)
    {
        ref MqttPacketCursor incoming = ref _state.Incoming;
        incoming.Utf8 = Utf8Validation.After(incoming.Utf8, next);
        if (incoming.Utf8 == Utf8State.Invalid)
        {
            return Fail(FaultReason.MqttTopicNotUtf8, incoming.TopicBytes, next);
        }

        if (MqttText.IsWildcard(next))
        {
            return Fail(FaultReason.MqttTopicInvalid, incoming.TopicBytes, next);   // [MQTT-3.3.2-2]
        }

        _topic[incoming.TopicBytes++] = next;
        if (incoming.TopicBytes != incoming.Integer)
        {
            return MqttEvent.NeedMoreData;
        }

        return incoming.Utf8 == Utf8State.Boundary ? OnTopicEnd() : Fail(FaultReason.MqttTopicNotUtf8, incoming.TopicBytes, next);
    }

    private MqttEvent OnTopicEnd()
    {
        if (!Features.MqttQos || Qos == MqttQos.AtMostOnce)
        {
            return BeginMessage();
        }

        _state.Incoming.Reading = MqttReading.IdentifierHigh;
        return MqttEvent.NeedMoreData;
    }

    // It stays until the message has ended. One of QoS 2 that came before is not delivered again ([MQTT-4.3.3-2]; MQTT 5 [MQTT-4.3.3-10]).
    private MqttEvent OnPublishIdentifier(ushort identifier)
    {
        if (identifier == 0)
        {
            return Fail(FaultReason.MqttPublishIdentifierZero, 0, 0);
        }

        if (Qos == MqttQos.ExactlyOnce)
        {
            bool known = InFlightTable.HasInbound(identifier, DroppedInbound);
            _state.Incoming.Facts |= known ? MqttIncomingFacts.Known : MqttIncomingFacts.None;
            if (!known && InFlightTable.InboundCount == InFlightTable.InboundCapacity)
            {
                return Fail(FaultReason.MqttReceiveMaximumExceeded, (uint)InFlightTable.InboundCapacity, (uint)InFlightTable.InboundCapacity + 1);
            }
        }

        if (Is5 && !IsKnown && Unacknowledged >= MaxUnacknowledged)
        {
            return Fail(FaultReason.MqttReceiveMaximumExceeded, (uint)MaxUnacknowledged, (uint)MaxUnacknowledged + 1);   // [MQTT-3.3.4-9]
        }

        return BeginMessage();
    }

    private MqttEvent BeginMessage()
    {
        _ = BeginProperties(MqttReading.Payload);
        return Is5 || IsKnown ? MqttEvent.NeedMoreData : MqttEvent.PublishBegin;
    }

    // The end of a message is where its acknowledgement begins to be owed.
    private MqttEvent OnPublishEnd()
    {
        if (Features.MqttQos && Qos != MqttQos.AtMostOnce && !TryOweForMessage())
        {
            return CannotOwe();
        }

        _state.Incoming.Reading = MqttReading.FixedHeader;
        return IsKnown ? MqttEvent.NeedMoreData : IsSkipped ? MqttEvent.PublishSkipped : MqttEvent.PublishEnd;
    }

    private bool TryOweForMessage()
    {
        ushort identifier = _state.Incoming.Integer;
        if (Qos == MqttQos.AtLeastOnce)
        {
            return TryOwe(identifier, MqttPacketType.Puback, _state.Incoming.Reason);
        }

        if (!TryOwe(identifier, MqttPacketType.Pubrec, _state.Incoming.Reason))
        {
            return false;
        }

        if (!IsKnown && !MqttReasonCodes.IsRefusal(_state.Incoming.Reason))
        {
            InFlightTable.AddInbound(identifier);
        }

        return true;
    }
}
