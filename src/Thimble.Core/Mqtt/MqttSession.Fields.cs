using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>The fixed header of an incoming packet, and the fields in front of its properties and its payload, byte by byte.</summary>
public readonly ref partial struct MqttSession
{
    // NeedMoreData: nothing to tell yet. The length of each body was checked before its first byte, so Remaining suffices.
    private MqttEvent OnByte(byte next)
    {
        if (_state.Incoming.Reading > MqttReading.RemainingLength)
        {
            _state.Incoming.Remaining--;
        }

        return _state.Incoming.Reading switch
        {
            MqttReading.FixedHeader => OnFixedHeader(next),
            MqttReading.RemainingLength => OnRemainingLength(next),
            MqttReading.AcknowledgeFlags => OnAcknowledgeFlags(next),
            MqttReading.ReasonCode => OnReasonCode((MqttReasonCode)next),
            MqttReading.IdentifierHigh => OnHighByte(next, MqttReading.IdentifierLow),
            MqttReading.IdentifierLow => OnIdentifier((ushort)(_state.Incoming.Integer | next)),
            MqttReading.TopicLengthHigh => OnHighByte(next, MqttReading.TopicLengthLow),
            MqttReading.TopicLengthLow => OnTopicLength((ushort)(_state.Incoming.Integer | next)),
            MqttReading.Topic => OnTopicByte(next),
            _ => Features.Mqtt5 ? OnPropertyLength(next) : MqttEvent.Faulted,
        };
    }

    private MqttEvent OnFixedHeader(byte header)
    {
        _state.Incoming.FixedHeader = header;
        MqttPacketType type = Packet;
        if (!IsExpected(type))
        {
            return Fail(FaultReason.MqttUnexpectedPacket, (uint)AwaitedFirst, (uint)type);
        }

        int flags = header & 0x0F;
        bool isPublish = type == MqttPacketType.Publish;
        int expected = Features.MqttInFlight && type == MqttPacketType.Pubrel ? PubrelFlags : 0;
        if (isPublish ? AreMalformedPublishFlags(flags) : flags != expected)   // [MQTT-2.2.2-2], [MQTT-2.1.3-1] of MQTT 5
        {
            return Fail(FaultReason.MqttFixedHeaderFlags, 0, header);
        }

        if (isPublish && Qos > HighestQos)
        {
            return Fail(FaultReason.MqttPublishQos, (uint)HighestQos, (uint)Qos);
        }

        _state.Incoming.Remaining = 0;
        _state.Incoming.LengthShift = 0;
        _state.Incoming.Reason = MqttReasonCode.Success;
        _state.Incoming.Facts = MqttIncomingFacts.None;
        _state.Incoming.Reading = MqttReading.RemainingLength;
        return MqttEvent.NeedMoreData;
    }

    private bool IsExpected(MqttPacketType type) => type switch
    {
        MqttPacketType.Publish => IsAccepted,
        MqttPacketType.Puback or MqttPacketType.Pubrec or MqttPacketType.Pubcomp => Features.MqttInFlight && IsAccepted && InFlightTable.Capacity != 0,
        MqttPacketType.Pubrel => Features.MqttInFlight && IsAccepted && InFlightTable.InboundCapacity != 0,
        MqttPacketType.Disconnect => Is5 && IsAccepted,   // [MQTT-3.14.0-1]
        _ => Awaits(type),
    };

    private bool IsAccepted => _state.State == MqttState.Connected || Heard(MqttAnswers.Connack);

    // The broker may not raise what was subscribed ([MQTT-3.8.4-6]). What an older session subscribed is not known.
    private MqttQos HighestQos
        => !Is(MqttFacts.KeepsSession) ? _state.HighestQos
        : CanReceive(MqttQos.ExactlyOnce) ? MqttQos.ExactlyOnce
        : CanReceive(MqttQos.AtLeastOnce) ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce;

    // DUP belongs to QoS 1 and 2 ([MQTT-3.3.1-2]), and there is no QoS 3 ([MQTT-3.3.1-4]).
    private static bool AreMalformedPublishFlags(int flags)
        => (flags & QosBits) == QosBits || (flags & (QosBits | DupFlag)) == DupFlag;

    // Seven bits a byte, the low ones first, in at most four bytes (§2.2.3). 3.1.1 does not ask for the shortest form.
    private MqttEvent OnRemainingLength(byte next)
    {
        _state.Incoming.Remaining |= (next & 0x7Fu) << _state.Incoming.LengthShift;
        _state.Incoming.LengthShift += 7;
        if ((next & 0x80) != 0)
        {
            return _state.Incoming.LengthShift < 28
                ? MqttEvent.NeedMoreData
                : Fail(FaultReason.MqttRemainingLengthMalformed, 4, 5);
        }

        if (Is5)
        {
            uint lengthBytes = _state.Incoming.LengthShift / 7u;
            uint whole = 1 + lengthBytes + _state.Incoming.Remaining;
            if (next == 0 && lengthBytes > 1)
            {
                return Fail(FaultReason.MqttLengthNotShortest, lengthBytes - 1, lengthBytes);   // [MQTT-1.5.5-1]
            }

            if (OurMaximumPacketBytes != 0 && whole > OurMaximumPacketBytes)
            {
                return Fail(FaultReason.MqttPacketTooLarge, OurMaximumPacketBytes, whole);   // [MQTT-3.1.2-24]
            }
        }

        return OnBodyLength(_state.Incoming.Remaining);
    }

    // In MQTT 5 the reason code and the properties of some packets may be left out.
    private MqttEvent OnBodyLength(uint length)
    {
        const uint IdentifierBytes = sizeof(ushort);
        switch (Packet)
        {
            case MqttPacketType.Connack:
                return Is5 ? ExpectBody(length >= 3, 3, MqttReading.AcknowledgeFlags) : ExpectBody(length == 2, 2, MqttReading.AcknowledgeFlags);
            case MqttPacketType.Publish:
                return ExpectBody(length >= 2, 2, MqttReading.TopicLengthHigh);
            case MqttPacketType.Suback:
                uint codes = _state.RequestFilters;
                return Is5
                    ? ExpectBody(length > IdentifierBytes + codes, IdentifierBytes + codes + 1, MqttReading.IdentifierHigh)
                    : ExpectBody(length == IdentifierBytes + codes, IdentifierBytes + codes, MqttReading.IdentifierHigh);
            case MqttPacketType.Unsuback:
                return Is5
                    ? ExpectBody(length > IdentifierBytes + _state.RequestFilters, IdentifierBytes + _state.RequestFilters + 1u, MqttReading.IdentifierHigh)
                    : ExpectBody(length == IdentifierBytes, IdentifierBytes, MqttReading.IdentifierHigh);
            case MqttPacketType.Disconnect:
            case MqttPacketType.Auth:
                return ExpectBody(true, 0, length == 0 ? MqttReading.End : MqttReading.ReasonCode);
            case MqttPacketType.Pingresp:
                return ExpectBody(length == 0, 0, MqttReading.End);
            default:
                return ExpectBody(Is5 ? length >= IdentifierBytes : length == IdentifierBytes, IdentifierBytes, MqttReading.IdentifierHigh);
        }
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
            case MqttPacketType.Publish:
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
