using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>What the broker sends, byte by byte, so that every split of it gives the same events.</summary>
public readonly ref partial struct MqttSession
{
    private const byte QosBits = 0x06;
    private const byte DupFlag = 0x08;
    private const byte LastReturnCode = 5;          // §3.2.2.3: 6 and above are reserved
    private const byte SubscriptionFailure = 0x80;  // §3.9.3

    /// <summary>
    /// Consumes bytes that came over the transport until there is something to tell. Call it again with the rest, even
    /// an empty one, until it says <see cref="MqttEvent.NeedMoreData"/>. <paramref name="data"/> is the topic or a
    /// slice of the source where the event says so. Bounded by the source; nothing a broker sends costs more memory.
    /// While <see cref="IsProvisional"/>, it tells of messages only, and all of that may have to be forgotten.
    /// </summary>
    public MqttEvent Receive(ReadOnlySpan<byte> source, out int consumed, out ReadOnlySpan<byte> data)
    {
        consumed = 0;
        data = default;
        if (TryTellAnswer(out MqttEvent answer))
        {
            return answer;
        }

        if (HasFailed)
        {
            return MqttEvent.Faulted;
        }

        if (_state.State == MqttState.Disconnected)
        {
            consumed = source.Length;
            return MqttEvent.Disconnected;
        }

        MqttEvent found = HoldsFault ? MqttEvent.Faulted : Read(source, ref consumed, ref data);
        if (found == MqttEvent.Faulted && HoldsFault)
        {
            consumed = source.Length;
            return MqttEvent.NeedMoreData;
        }

        return found;
    }

    /// <summary>
    /// Says, behind <see cref="MqttEvent.PublishBegin"/>, that nobody wants the payload: it passes, and
    /// <see cref="MqttEvent.PublishSkipped"/> ends it. A message too large for its receiver is acknowledged all the same, or
    /// the broker would send it again for ever (RULES 5).
    /// </summary>
    public void SkipPayload()
    {
        if (_state.Incoming.Reading == MqttReading.Payload)
        {
            _state.Incoming.Reading = MqttReading.SkippedPayload;
        }
    }

    /// <summary>
    /// Says, between <see cref="MqttEvent.PublishBegin"/> and the end of the message, that it is not taken: with QoS 1 and 2 its acknowledgement carries this
    /// <paramref name="reason"/> (MQTT 5 §3.4.2.1, §3.5.2.1). <see cref="MqttStatus.InvalidArgument"/>: no reason of 0x80 or above that PUBACK may have.
    /// <see cref="MqttStatus.WrongState"/>: no message is being received, or the connection speaks MQTT 3.1.1, which has no refusal.
    /// </summary>
    public MqttStatus Refuse(MqttReasonCode reason) => Busy();

    /// <summary>
    /// Tells the session that the transport has ended. That is in order only after DISCONNECT; before, the broker has
    /// dropped the client, and the fault names the packet that was awaited. MQTT 3.1.1 gives a broker no other way to object.
    /// What is provisional is aborted.
    /// </summary>
    public MqttEvent ReceiveEnd()
    {
        Abort();
        if (HasFailed || _state.State == MqttState.Disconnected)
        {
            return HasFailed ? MqttEvent.Faulted : MqttEvent.Disconnected;
        }

        MqttPacketType awaited = AwaitedFirst != MqttPacketType.None ? AwaitedFirst
            : Is(MqttFacts.AwaitsSuback) ? MqttPacketType.Suback
            : Is(MqttFacts.AwaitsPingresp) ? MqttPacketType.Pingresp
            : MqttPacketType.None;
        return Fail(FaultReason.MqttConnectionLost, (uint)awaited, _state.Incoming.Remaining);
    }

    // [MQTT-3.2.0-1]: nothing comes before CONNACK.
    private MqttPacketType AwaitedFirst
        => Awaits(MqttAnswers.Connack) ? MqttPacketType.Connack : MqttPacketType.None;

    private MqttEvent Read(ReadOnlySpan<byte> source, ref int consumed, ref ReadOnlySpan<byte> data)
    {
        MqttEvent found = MqttEvent.NeedMoreData;
        while (found == MqttEvent.NeedMoreData)
        {
            bool payload = _state.Incoming.Reading >= MqttReading.Payload;
            if (payload && _state.Incoming.Remaining == 0)
            {
                return OnPayloadEnd();
            }

            if (consumed == source.Length)
            {
                break;
            }

            found = payload ? OnPayload(source[consumed..], ref consumed, ref data) : OnByte(source[consumed++]);
        }

        data = found == MqttEvent.PublishBegin ? Topic : data;
        return found;
    }

    private MqttEvent OnPayload(ReadOnlySpan<byte> source, ref int consumed, ref ReadOnlySpan<byte> data)
    {
        ref MqttPacketCursor incoming = ref _state.Incoming;
        int count = (uint)source.Length < incoming.Remaining ? source.Length : (int)incoming.Remaining;
        consumed += count;
        incoming.Remaining -= (uint)count;
        if (incoming.Reading == MqttReading.SkippedPayload)
        {
            return MqttEvent.NeedMoreData;
        }

        data = source[..count];
        return MqttEvent.PublishData;
    }

    // The end of a message is where its acknowledgement begins to be owed.
    private MqttEvent OnPayloadEnd()
    {
        if (Qos != MqttQos.AtMostOnce && !TryOwe(_state.Incoming.Integer))
        {
            return AcknowledgementsDue != 0
                ? MqttEvent.AcknowledgementDue
                : Fail(FaultReason.MqttAcknowledgementsOwed, _state.Acknowledgements, _state.Acknowledgements + 1u);
        }

        bool skipped = _state.Incoming.Reading == MqttReading.SkippedPayload;
        _state.Incoming.Reading = MqttReading.FixedHeader;
        return skipped ? MqttEvent.PublishSkipped : MqttEvent.PublishEnd;
    }

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
            MqttReading.ConnectReturnCode => OnConnectReturnCode(next),
            MqttReading.IdentifierHigh => OnHighByte(next, MqttReading.IdentifierLow),
            MqttReading.IdentifierLow => OnIdentifier((ushort)(_state.Incoming.Integer | next)),
            MqttReading.SubscribeReturnCode => OnSubscribeReturnCode(next),
            MqttReading.TopicLengthHigh => OnHighByte(next, MqttReading.TopicLengthLow),
            MqttReading.TopicLengthLow => OnTopicLength((ushort)(_state.Incoming.Integer | next)),
            MqttReading.PublishIdentifierHigh => OnHighByte(next, MqttReading.PublishIdentifierLow),
            MqttReading.PublishIdentifierLow => OnPublishIdentifier((ushort)(_state.Incoming.Integer | next)),
            _ => OnTopicByte(next),
        };
    }

    private MqttEvent OnFixedHeader(byte header)
    {
        _state.Incoming.FixedHeader = header;
        var type = (MqttPacketType)(header >> 4);
        bool awaited = type switch
        {
            MqttPacketType.Connack => Awaits(MqttAnswers.Connack),   // [MQTT-3.2.0-1]: first, and once
            MqttPacketType.Publish => _state.State == MqttState.Connected || Heard(MqttAnswers.Connack),
            MqttPacketType.Suback => Awaits(MqttAnswers.Suback),
            MqttPacketType.Pingresp => Awaits(MqttAnswers.Pingresp),
            _ => false,
        };
        if (!awaited)
        {
            return Fail(FaultReason.MqttUnexpectedPacket, (uint)AwaitedFirst, (uint)type);
        }

        int flags = header & 0x0F;
        bool isPublish = type == MqttPacketType.Publish;
        if (isPublish ? AreMalformedPublishFlags(flags) : flags != 0)   // [MQTT-2.2.2-2]
        {
            return Fail(FaultReason.MqttFixedHeaderFlags, 0, header);
        }

        // The broker may not raise what was subscribed ([MQTT-3.8.4-6]).
        uint subscribed = Is(MqttFacts.MayGetAtLeastOnce) ? 1u : 0;
        if (isPublish && (uint)Qos > subscribed)
        {
            return Fail(FaultReason.MqttPublishQos, subscribed, (uint)Qos);
        }

        _state.Incoming.Remaining = 0;
        _state.Incoming.LengthShift = 0;
        _state.Incoming.Reading = MqttReading.RemainingLength;
        return MqttEvent.NeedMoreData;
    }

    // DUP belongs to QoS 1 and 2 ([MQTT-3.3.1-2]), and there is no QoS 3 ([MQTT-3.3.1-4]).
    private static bool AreMalformedPublishFlags(int flags)
        => (flags & QosBits) == QosBits || (flags & (QosBits | DupFlag)) == DupFlag;

    // Seven bits a byte, the low ones first, in at most four bytes (§2.2.3). 3.1.1 does not ask for the shortest form.
    private MqttEvent OnRemainingLength(byte next)
    {
        _state.Incoming.Remaining |= (next & 0x7Fu) << _state.Incoming.LengthShift;
        if ((next & 0x80) == 0)
        {
            return OnBodyLength();
        }

        _state.Incoming.LengthShift += 7;
        return _state.Incoming.LengthShift < 28
            ? MqttEvent.NeedMoreData
            : Fail(FaultReason.MqttRemainingLengthMalformed, 4, 5);
    }

    private MqttEvent OnBodyLength() => (MqttPacketType)(_state.Incoming.FixedHeader >> 4) switch
    {
        MqttPacketType.Connack => OnBody(_state.Incoming.Remaining == 2, 2, MqttReading.AcknowledgeFlags),
        MqttPacketType.Suback => OnBody(_state.Incoming.Remaining == 3, 3, MqttReading.IdentifierHigh),
        MqttPacketType.Publish => OnBody(_state.Incoming.Remaining >= 2, 2, MqttReading.TopicLengthHigh),
        _ => OnPingresp(),
    };

    private MqttEvent OnBody(bool fits, uint expected, MqttReading first)
    {
        if (!fits)
        {
            return Fail(FaultReason.MqttRemainingLengthWrong, expected, _state.Incoming.Remaining);
        }

        _state.Incoming.Reading = first;
        return MqttEvent.NeedMoreData;
    }

    private MqttEvent OnPingresp()
    {
        if (OnBody(_state.Incoming.Remaining == 0, 0, MqttReading.FixedHeader) == MqttEvent.Faulted)
        {
            return MqttEvent.Faulted;
        }

        return OnAnswer(MqttAnswers.Pingresp);
    }

    // [MQTT-3.2.2-1]: a clean session is never present on the broker, and the other bits are reserved.
    private MqttEvent OnAcknowledgeFlags(byte flags)
    {
        _state.Incoming.Reading = MqttReading.ConnectReturnCode;
        return flags == 0 ? MqttEvent.NeedMoreData : Fail(FaultReason.MqttAcknowledgeFlags, 0, flags);
    }

    private MqttEvent OnConnectReturnCode(byte code)
    {
        if (code != 0)
        {
            return code <= LastReturnCode
                ? Fail(FaultReason.MqttConnectionRefused, 0, code)
                : Fail(FaultReason.MqttReturnCode, LastReturnCode, code);
        }

        return OnAnswer(MqttAnswers.Connack);
    }

    private MqttEvent OnHighByte(byte high, MqttReading low)
    {
        _state.Incoming.Integer = (ushort)(high << 8);
        _state.Incoming.Reading = low;
        return MqttEvent.NeedMoreData;
    }

    // [MQTT-3.8.4-2]
    private MqttEvent OnIdentifier(ushort identifier)
    {
        _state.Incoming.Reading = MqttReading.SubscribeReturnCode;
        return identifier == _state.SubscribeIdentifier
            ? MqttEvent.NeedMoreData
            : Fail(FaultReason.MqttPacketIdentifier, _state.SubscribeIdentifier, identifier);
    }

    // [MQTT-3.9.3-2]; the broker may grant less than was asked for, and not more ([MQTT-3.8.4-6]).
    private MqttEvent OnSubscribeReturnCode(byte code)
    {
        uint asked = Is(MqttFacts.AskedAtLeastOnce) ? 1u : 0;
        if (code > asked && code != SubscriptionFailure)
        {
            return Fail(FaultReason.MqttReturnCode, asked, code);
        }

        return OnAnswer(code == SubscriptionFailure ? MqttAnswers.SubackRefused : MqttAnswers.Suback);
    }

    private MqttEvent OnTopicLength(ushort length)
    {
        uint identifierBytes = Qos == MqttQos.AtMostOnce ? 0u : sizeof(ushort);
        if (length + identifierBytes > _state.Incoming.Remaining)
        {
            return Fail(FaultReason.MqttRemainingLengthWrong, 2u + length + identifierBytes, 2u + _state.Incoming.Remaining);
        }

        if (length == 0)
        {
            return Fail(FaultReason.MqttTopicInvalid, 0, 0);   // [MQTT-4.7.3-1]
        }

        if (length > _topic.Length)
        {
            return Fail(FaultReason.MqttTopicTooLong, (uint)_topic.Length, length);
        }

        _state.Incoming.Integer = length;
        _state.Incoming.TopicBytes = 0;
        _state.Incoming.Utf8 = Utf8State.Boundary;
        _state.Incoming.Reading = MqttReading.Topic;
        return MqttEvent.NeedMoreData;
    }

    private MqttEvent OnTopicByte(byte next)
    {
        _state.Incoming.Utf8 = Utf8Validation.After(_state.Incoming.Utf8, next);
        if (_state.Incoming.Utf8 == Utf8State.Invalid)
        {
            return Fail(FaultReason.MqttTopicNotUtf8, _state.Incoming.TopicBytes, next);
        }

        if (MqttText.IsWildcard(next))
        {
            return Fail(FaultReason.MqttTopicInvalid, _state.Incoming.TopicBytes, next);   // [MQTT-3.3.2-2]
        }

        _topic[_state.Incoming.TopicBytes++] = next;
        if (_state.Incoming.TopicBytes != _state.Incoming.Integer)
        {
            return MqttEvent.NeedMoreData;
        }

        if (_state.Incoming.Utf8 != Utf8State.Boundary)
        {
            return Fail(FaultReason.MqttTopicNotUtf8, _state.Incoming.TopicBytes, next);
        }

        bool identified = Qos != MqttQos.AtMostOnce;
        _state.Incoming.Reading = identified ? MqttReading.PublishIdentifierHigh : MqttReading.Payload;
        return identified ? MqttEvent.NeedMoreData : MqttEvent.PublishBegin;
    }

    // It stays until the message has ended.
    private MqttEvent OnPublishIdentifier(ushort identifier)
    {
        _state.Incoming.Integer = identifier;
        _state.Incoming.Reading = MqttReading.Payload;
        return identifier != 0 ? MqttEvent.PublishBegin : Fail(FaultReason.MqttPublishIdentifierZero, 0, 0);
    }
}
