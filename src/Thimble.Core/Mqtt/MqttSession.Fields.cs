using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>The fixed header of an incoming packet, and the fields in front of its properties and its payload, byte by byte.</summary>
public readonly ref partial struct MqttSession
{
    // NeedMoreData: nothing to tell yet. The length of each body was checked before its first byte, so Remaining suffices.
    private MqttEvent OnByte(byte next)
    {
        ref MqttPacketCursor incoming = ref _state.Incoming;
        if (incoming.Reading > MqttReading.RemainingLength)
        {
            incoming.Remaining--;
        }

        return incoming.Reading switch
        {
            MqttReading.FixedHeader => OnFixedHeader(next),
            MqttReading.RemainingLength => OnRemainingLength(next),
            MqttReading.AcknowledgeFlags => OnAcknowledgeFlags(next),
            MqttReading.ReasonCode => OnReasonCode((MqttReasonCode)next),
            MqttReading.IdentifierHigh => OnHighByte(next, MqttReading.IdentifierLow),
            MqttReading.IdentifierLow => OnIdentifier((ushort)(incoming.Integer | next)),
            MqttReading.TopicLengthHigh => OnHighByte(next, MqttReading.TopicLengthLow),
            MqttReading.TopicLengthLow => OnTopicLength((ushort)(incoming.Integer | next)),
            MqttReading.Topic => OnTopicByte(next),
            _ => Features.Mqtt5 ? OnPropertyLength(next) : MqttEvent.Faulted,
        };
    }

    private MqttEvent OnFixedHeader(byte header)
    {
        ref MqttPacketCursor incoming = ref _state.Incoming;
        incoming.FixedHeader = header;
        MqttPacketType type = Packet;
        if (!IsExpected(type))
        {
            return Fail(FaultReason.MqttUnexpectedPacket, (uint)AwaitedFirst, (uint)type);
        }

        int flags = header & 0x0F;
        bool isPublish = type == MqttPacketType.Publish;
        int expected = Features.MqttQos && type == MqttPacketType.Pubrel ? PubrelFlags : 0;
        if (isPublish ? AreMalformedPublishFlags(flags) : flags != expected)   // [MQTT-2.2.2-2], [MQTT-2.1.3-1] of MQTT 5
        {
            return Fail(FaultReason.MqttFixedHeaderFlags, 0, header);
        }

        if (isPublish && Qos > HighestQos)
        {
            return Fail(FaultReason.MqttPublishQos, (uint)HighestQos, (uint)Qos);
        }

        incoming.Remaining = 0;
        incoming.LengthShift = 0;
        incoming.Reason = MqttReasonCode.Success;
        incoming.Facts = MqttIncomingFacts.None;
        incoming.Reading = MqttReading.RemainingLength;
        return MqttEvent.NeedMoreData;
    }

    private bool IsExpected(MqttPacketType type) => type switch
    {
        MqttPacketType.Publish => IsAccepted,
        MqttPacketType.Puback or MqttPacketType.Pubrec or MqttPacketType.Pubcomp => Features.MqttQos && IsAccepted && InFlightCapacity != 0,
        MqttPacketType.Pubrel => Features.MqttQos && IsAccepted && InboundCapacity != 0,
        MqttPacketType.Disconnect => Is5 && IsAccepted,   // [MQTT-3.14.0-1]
        _ => Awaits(type),
    };

    private bool IsAccepted => _state.State == MqttState.Connected || Heard(MqttAnswers.Connack);

    // What can be acknowledged, subscribed or not: an older session may have subscribed it, and brokers can subscribe for their clients.
    private MqttQos HighestQos
        => !Features.MqttQos ? MqttQos.AtMostOnce
        : CanReceive(MqttQos.ExactlyOnce) ? MqttQos.ExactlyOnce
        : CanReceive(MqttQos.AtLeastOnce) ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce;

    // DUP belongs to QoS 1 and 2 ([MQTT-3.3.1-2]), and there is no QoS 3 ([MQTT-3.3.1-4]).
    private static bool AreMalformedPublishFlags(int flags)
        => (flags & QosBits) == QosBits || (flags & (QosBits | DupFlag)) == DupFlag;

    // Seven bits a byte, the low ones first, in at most four bytes (§2.2.3). 3.1.1 does not ask for the shortest form.
    private MqttEvent OnRemainingLength(byte next)
    {
        ref MqttPacketCursor incoming = ref _state.Incoming;
        incoming.Remaining |= (next & 0x7Fu) << incoming.LengthShift;
        incoming.LengthShift += 7;
        if ((next & 0x80) != 0)
        {
            return incoming.LengthShift < 28
                ? MqttEvent.NeedMoreData
                : Fail(FaultReason.MqttRemainingLengthMalformed, 4, 5);
        }

        if (Is5)
        {
            uint lengthBytes = incoming.LengthShift / 7u;
            uint whole = 1 + lengthBytes + incoming.Remaining;
            if (next == 0 && lengthBytes > 1)
            {
                return Fail(FaultReason.MqttLengthNotShortest, lengthBytes - 1, lengthBytes);   // [MQTT-1.5.5-1]
            }

            if (OurMaximumPacketBytes != 0 && whole > OurMaximumPacketBytes)
            {
                return Fail(FaultReason.MqttPacketTooLarge, OurMaximumPacketBytes, whole);   // [MQTT-3.1.2-24]
            }
        }

        return OnBodyLength(incoming.Remaining);
    }

    // In MQTT 5 the reason code and the properties of some packets may be left out.
    private MqttEvent OnBodyLength(uint length)
    {
        uint least = sizeof(ushort);   // the packet identifier, as a rule
        MqttReading first = MqttReading.IdentifierHigh;
        bool mayBeLonger = Is5;
        switch (Packet)
        {
            case MqttPacketType.Connack:
                least = Is5 ? 3u : 2;
                first = MqttReading.AcknowledgeFlags;
                break;
            case MqttPacketType.Publish:
                first = MqttReading.TopicLengthHigh;
                mayBeLonger = true;
                break;
            case MqttPacketType.Suback:
                least += _state.RequestFilters + (Is5 ? 1u : 0);
                break;
            case MqttPacketType.Unsuback when Is5:
                least += _state.RequestFilters + 1u;
                break;
            case MqttPacketType.Disconnect when Features.Mqtt5:
            case MqttPacketType.Auth when Features.Mqtt5:
                least = 0;
                first = length == 0 ? MqttReading.End : MqttReading.ReasonCode;
                break;
            case MqttPacketType.Pingresp:
                least = 0;
                first = MqttReading.End;
                mayBeLonger = false;
                break;
        }

        return ExpectBody(mayBeLonger ? length >= least : length == least, least, first);
    }

    private MqttEvent ExpectBody(bool fits, uint expected, MqttReading first)
    {
        if (!fits)
        {
            return Fail(FaultReason.MqttRemainingLengthWrong, expected, _state.Incoming.Remaining);
        }

        _state.Incoming.Reading = first;
        return MqttEvent.NeedMoreData;
    }

    private MqttEvent OnHighByte(byte high, MqttReading low)
    {
        _state.Incoming.Integer = (ushort)(high << 8);
        _state.Incoming.Reading = low;
        return MqttEvent.NeedMoreData;
    }

    private MqttEvent OnIdentifier(ushort identifier)
    {
        _state.Incoming.Integer = identifier;
        switch (Packet)
        {
            case MqttPacketType.Publish when Features.MqttQos:
                return OnPublishIdentifier(identifier);
            case MqttPacketType.Suback:
            case MqttPacketType.Unsuback:
                return OnRequestIdentifier();
            default:
                _state.Incoming.Reading = _state.Incoming.Remaining == 0 ? MqttReading.End : MqttReading.ReasonCode;
                return MqttEvent.NeedMoreData;
        }
    }

    private MqttEvent OnReasonCode(MqttReasonCode code)
    {
        _state.Incoming.Reason = code;
        if (!Is5)
        {
            _state.Incoming.Reading = MqttReading.End;
            return MqttEvent.NeedMoreData;
        }

        if (!MqttReasonCodes.MayStand(code, Packet))
        {
            return Fail(FaultReason.MqttReasonCodeInvalid, (uint)Packet, (uint)code);
        }

        _ = BeginProperties(MqttReading.End);
        _state.Incoming.Reading = _state.Incoming.Remaining == 0 ? MqttReading.End : MqttReading.PropertyLength;
        return MqttEvent.NeedMoreData;
    }
}
