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
    /// </summary>
    public MqttEvent Receive(ReadOnlySpan<byte> source, out int consumed, out ReadOnlySpan<byte> data)
    {
        consumed = 0;
        data = default;
        if (HasFailed)
        {
            return MqttEvent.Faulted;
        }

        if (_state.State == MqttState.Disconnected)
        {
            consumed = source.Length;
            return MqttEvent.Disconnected;
        }

        while (true)
        {
            if (_state.Reading == MqttReading.Payload && (_state.Remaining == 0 || consumed != source.Length))
            {
                return OnPayload(source[consumed..], ref consumed, ref data);
            }

            if (consumed == source.Length)
            {
                return MqttEvent.NeedMoreData;
            }

            MqttEvent found = OnByte(source[consumed++]);
            if (found != MqttEvent.NeedMoreData)
            {
                data = found == MqttEvent.PublishBegin ? Topic : default;
                return found;
            }
        }
    }

    /// <summary>
    /// Tells the session that the transport has ended. That is in order only after DISCONNECT; before, the broker has
    /// dropped the client, and the fault names the packet that was awaited. MQTT 3.1.1 gives a broker no other way to object.
    /// </summary>
    public MqttEvent ReceiveEnd()
    {
        if (HasFailed || _state.State == MqttState.Disconnected)
        {
            return HasFailed ? MqttEvent.Faulted : MqttEvent.Disconnected;
        }

        MqttPacketType awaited = AwaitedFirst != MqttPacketType.None ? AwaitedFirst
            : _state.AwaitsSuback ? MqttPacketType.Suback
            : _state.AwaitsPingresp ? MqttPacketType.Pingresp
            : MqttPacketType.None;
        return Fail(FaultReason.MqttConnectionLost, (uint)awaited, _state.Remaining);
    }

    // [MQTT-3.2.0-1]: nothing comes before CONNACK.
    private MqttPacketType AwaitedFirst
        => _state.State == MqttState.ExpectConnack ? MqttPacketType.Connack : MqttPacketType.None;

    private MqttEvent OnPayload(ReadOnlySpan<byte> source, ref int consumed, ref ReadOnlySpan<byte> data)
    {
        if (_state.Remaining == 0)
        {
            _state.Reading = MqttReading.FixedHeader;
            return MqttEvent.PublishEnd;
        }

        int count = (uint)source.Length < _state.Remaining ? source.Length : (int)_state.Remaining;
        data = source[..count];
        consumed += count;
        _state.Remaining -= (uint)count;
        return MqttEvent.PublishData;
    }

    // NeedMoreData: nothing to tell yet. The length of each body was checked before its first byte, so Remaining suffices.
    private MqttEvent OnByte(byte next)
    {
        if (_state.Reading > MqttReading.RemainingLength)
        {
            _state.Remaining--;
        }

        return _state.Reading switch
        {
            MqttReading.FixedHeader => OnFixedHeader(next),
            MqttReading.RemainingLength => OnRemainingLength(next),
            MqttReading.AcknowledgeFlags => OnAcknowledgeFlags(next),
            MqttReading.ConnectReturnCode => OnConnectReturnCode(next),
            MqttReading.IdentifierHigh => OnHighByte(next, MqttReading.IdentifierLow),
            MqttReading.IdentifierLow => OnIdentifier((ushort)(_state.Integer | next)),
            MqttReading.SubscribeReturnCode => OnSubscribeReturnCode(next),
            MqttReading.TopicLengthHigh => OnHighByte(next, MqttReading.TopicLengthLow),
            MqttReading.TopicLengthLow => OnTopicLength((ushort)(_state.Integer | next)),
            _ => OnTopicByte(next),
        };
    }

    private MqttEvent OnFixedHeader(byte header)
    {
        _state.FixedHeader = header;
        var type = (MqttPacketType)(header >> 4);
        bool awaited = type switch
        {
            MqttPacketType.Connack => _state.State == MqttState.ExpectConnack,   // [MQTT-3.2.0-1]: first, and once
            MqttPacketType.Publish => _state.State == MqttState.Connected,
            MqttPacketType.Suback => _state.AwaitsSuback,
            MqttPacketType.Pingresp => _state.AwaitsPingresp,
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

        // Only QoS 0 is ever subscribed, and the broker may not raise it ([MQTT-3.8.4-6]).
        if (isPublish && (flags & QosBits) != 0)
        {
            return Fail(FaultReason.MqttPublishQos, 0, (uint)(flags & QosBits) >> 1);
        }

        _state.Remaining = 0;
        _state.LengthShift = 0;
        _state.Reading = MqttReading.RemainingLength;
        return MqttEvent.NeedMoreData;
    }

    // DUP belongs to QoS 1 and 2 ([MQTT-3.3.1-2]), and there is no QoS 3 ([MQTT-3.3.1-4]).
    private static bool AreMalformedPublishFlags(int flags)
        => (flags & QosBits) == QosBits || (flags & (QosBits | DupFlag)) == DupFlag;

    // Seven bits a byte, the low ones first, in at most four bytes (§2.2.3). 3.1.1 does not ask for the shortest form.
    private MqttEvent OnRemainingLength(byte next)
    {
        _state.Remaining |= (next & 0x7Fu) << _state.LengthShift;
        if ((next & 0x80) == 0)
        {
            return OnBodyLength();
        }

        _state.LengthShift += 7;
        return _state.LengthShift < 28
            ? MqttEvent.NeedMoreData
            : Fail(FaultReason.MqttRemainingLengthMalformed, 4, 5);
    }

    private MqttEvent OnBodyLength() => (MqttPacketType)(_state.FixedHeader >> 4) switch
    {
        MqttPacketType.Connack => OnBody(_state.Remaining == 2, 2, MqttReading.AcknowledgeFlags),
        MqttPacketType.Suback => OnBody(_state.Remaining == 3, 3, MqttReading.IdentifierHigh),
        MqttPacketType.Publish => OnBody(_state.Remaining >= 2, 2, MqttReading.TopicLengthHigh),
        _ => OnPingresp(),
    };

    private MqttEvent OnBody(bool fits, uint expected, MqttReading first)
    {
        if (!fits)
        {
            return Fail(FaultReason.MqttRemainingLengthWrong, expected, _state.Remaining);
        }

        _state.Reading = first;
        return MqttEvent.NeedMoreData;
    }

    private MqttEvent OnPingresp()
    {
        if (OnBody(_state.Remaining == 0, 0, MqttReading.FixedHeader) == MqttEvent.Faulted)
        {
            return MqttEvent.Faulted;
        }

        _state.AwaitsPingresp = false;
        return MqttEvent.PingResponse;
    }

    // [MQTT-3.2.2-1]: a clean session is never present on the broker, and the other bits are reserved.
    private MqttEvent OnAcknowledgeFlags(byte flags)
    {
        _state.Reading = MqttReading.ConnectReturnCode;
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

        _state.Reading = MqttReading.FixedHeader;
        _state.State = MqttState.Connected;
        return MqttEvent.Connected;
    }

    private MqttEvent OnHighByte(byte high, MqttReading low)
    {
        _state.Integer = (ushort)(high << 8);
        _state.Reading = low;
        return MqttEvent.NeedMoreData;
    }

    // [MQTT-3.8.4-2]
    private MqttEvent OnIdentifier(ushort identifier)
    {
        _state.Reading = MqttReading.SubscribeReturnCode;
        return identifier == _state.SubscribeIdentifier
            ? MqttEvent.NeedMoreData
            : Fail(FaultReason.MqttPacketIdentifier, _state.SubscribeIdentifier, identifier);
    }

    // [MQTT-3.9.3-2]; QoS 1 and 2 would be more than was asked for ([MQTT-3.8.4-6]).
    private MqttEvent OnSubscribeReturnCode(byte code)
    {
        if (code is not (0 or SubscriptionFailure))
        {
            return Fail(FaultReason.MqttReturnCode, 0, code);
        }

        _state.AwaitsSuback = false;
        _state.Reading = MqttReading.FixedHeader;
        return code == 0 ? MqttEvent.Subscribed : MqttEvent.SubscriptionRefused;
    }

    private MqttEvent OnTopicLength(ushort length)
    {
        if (length > _state.Remaining)
        {
            return Fail(FaultReason.MqttRemainingLengthWrong, 2u + length, 2u + _state.Remaining);
        }

        if (length == 0)
        {
            return Fail(FaultReason.MqttTopicInvalid, 0, 0);   // [MQTT-4.7.3-1]
        }

        if (length > _topic.Length)
        {
            return Fail(FaultReason.MqttTopicTooLong, (uint)_topic.Length, length);
        }

        _state.Integer = length;
        _state.TopicBytes = 0;
        _state.Utf8 = Utf8State.Boundary;
        _state.Reading = MqttReading.Topic;
        return MqttEvent.NeedMoreData;
    }

    private MqttEvent OnTopicByte(byte next)
    {
        _state.Utf8 = Utf8Validation.After(_state.Utf8, next);
        if (_state.Utf8 == Utf8State.Invalid)
        {
            return Fail(FaultReason.MqttTopicNotUtf8, _state.TopicBytes, next);
        }

        if (MqttText.IsWildcard(next))
        {
            return Fail(FaultReason.MqttTopicInvalid, _state.TopicBytes, next);   // [MQTT-3.3.2-2]
        }

        _topic[_state.TopicBytes++] = next;
        if (_state.TopicBytes != _state.Integer)
        {
            return MqttEvent.NeedMoreData;
        }

        _state.Reading = MqttReading.Payload;
        return _state.Utf8 == Utf8State.Boundary
            ? MqttEvent.PublishBegin
            : Fail(FaultReason.MqttTopicNotUtf8, _state.TopicBytes, next);
    }
}
