#pragma warning disable CA1822
using System;

namespace Thimble.Mqtt;

/// <summary>What the client sends. Each call may be repeated, with the same arguments, until its destination took all.</summary>
public readonly ref partial struct MqttSession
{
    private const byte RetainFlag = 0x01;
    private const byte SubscribeFlags = 0x02;              // [MQTT-3.8.1-1]
    private const uint MaxRemainingLength = 268_435_455;   // §2.2.3: four bytes of seven bits

    private const byte UserNameFlag = 0x80;
    private const byte PasswordFlag = 0x40;
    private const byte CleanSessionFlag = 0x02;
    private const byte ProtocolLevel = 4;
    private const uint ConnectHeaderBytes = 10;

    private static ReadOnlySpan<byte> ProtocolName => "MQTT"u8;

    /// <summary>Writes CONNECT without a will, as the other overload does.</summary>
    public MqttStatus Connect(scoped in MqttConnectOptions options, scoped Span<byte> destination, out int written)
        => Connect(options, default, destination, out written);

    /// <summary>
    /// Writes CONNECT (§3.1). When it is complete, feed <see cref="Receive"/> until it says
    /// <see cref="MqttEvent.Connected"/>; an enhanced authentication may come between (<see cref="MqttEvent.AuthenticationContinues"/>). Bounded by the packet's length. The user name and password stand in the
    /// destination, so that is to be sealed or wiped.
    /// </summary>
    public MqttStatus Connect(scoped in MqttConnectOptions options, scoped in MqttWill will, scoped Span<byte> destination, out int written)
    {
        written = 0;
        if (!IsValid(options))
        {
            return MqttStatus.InvalidArgument;
        }

        bool userName = !options.UserName.IsEmpty, password = !options.Password.IsEmpty;
        uint remaining = ConnectHeaderBytes + StringBytes(options.ClientId)
            + (userName ? StringBytes(options.UserName) : 0)
            + (password ? StringBytes(options.Password) : 0);
        byte header = Header(MqttPacketType.Connect);
        MqttStatus ready = Open(MqttState.ExpectConnect, header, remaining);
        if (ready != MqttStatus.Complete)
        {
            return ready;
        }

        var writer = new MqttPacketWriter(destination, _state.OutgoingWritten);
        writer.FixedHeader(header, remaining);
        writer.String(ProtocolName);
        writer.Byte(ProtocolLevel);
        writer.Byte((byte)(CleanSessionFlag | (userName ? UserNameFlag : 0) | (password ? PasswordFlag : 0)));
        writer.UInt16(options.KeepAliveSeconds);
        writer.String(options.ClientId);
        if (userName)
        {
            writer.String(options.UserName);
        }

        if (password)
        {
            writer.String(options.Password);
        }

        written = writer.Written;
        if (!Close(written))
        {
            return MqttStatus.DestinationTooSmall;
        }

        _state.KeepAliveSeconds = options.KeepAliveSeconds;
        _state.AnswerSince = _state.Now;
        _state.State = MqttState.ExpectConnack;
        return MqttStatus.Complete;
    }

    /// <summary>
    /// Writes a PUBLISH of QoS 0 with its payload (§3.3). After <see cref="MqttStatus.DestinationTooSmall"/> the same
    /// call goes on where this one stopped. Bounded by the destination and the topic.
    /// </summary>
    public MqttStatus Publish(
        scoped ReadOnlySpan<byte> topic, scoped ReadOnlySpan<byte> payload, bool retain, scoped Span<byte> destination, out int written)
    {
        written = 0;
        if (!IsSendingPayload)
        {
            MqttStatus header = PublishBegin(topic, (uint)payload.Length, retain, destination, out written);
            if (header != MqttStatus.Complete || payload.IsEmpty)
            {
                return header;
            }
        }

        if (_state.OutgoingBytes != (uint)payload.Length)
        {
            return MqttStatus.InvalidArgument;
        }

        ReadOnlySpan<byte> rest = payload[(int)_state.OutgoingWritten..];
        MqttStatus status = PublishData(rest, destination[written..], out _, out int data);
        written += data;
        return status;
    }

    /// <summary>
    /// Writes a PUBLISH of any QoS with its payload, as the other overload does. With QoS 1 and 2 it is in flight from the first byte on:
    /// the same call goes on, and after a loss of the connection it is due again (<see cref="MqttStatus.RedeliveryDue"/>). Events tell what
    /// became of it by its token.
    /// </summary>
    public MqttStatus Publish(scoped in MqttPublishOptions options, scoped ReadOnlySpan<byte> payload, scoped Span<byte> destination, out int written)
    {
        written = 0;
        return MqttStatus.WrongState;
    }

    /// <summary>
    /// Writes what precedes the payload of a PUBLISH of any QoS. The payload, of exactly <paramref name="payloadBytes"/>,
    /// then goes through <see cref="PublishData"/> in pieces of any size; no other packet may come between. Bounded by topic and properties.
    /// </summary>
    public MqttStatus PublishBegin(scoped in MqttPublishOptions options, uint payloadBytes, scoped Span<byte> destination, out int written)
    {
        written = 0;
        return MqttStatus.WrongState;
    }

    /// <summary>
    /// Writes what precedes the payload of a PUBLISH of QoS 0. The payload, of exactly <paramref name="payloadBytes"/>,
    /// then goes through <see cref="PublishData"/> in pieces of any size; no other packet may come between.
    /// </summary>
    public MqttStatus PublishBegin(
        scoped ReadOnlySpan<byte> topic, uint payloadBytes, bool retain, scoped Span<byte> destination, out int written)
    {
        written = 0;
        if (!MqttText.IsTopicName(topic) || payloadBytes > MaxRemainingLength - StringBytes(topic))
        {
            return MqttStatus.InvalidArgument;
        }

        byte header = (byte)(Header(MqttPacketType.Publish) | (retain ? RetainFlag : 0));
        uint remaining = StringBytes(topic) + payloadBytes;
        MqttStatus ready = Open(MqttState.Connected, header, remaining, payloadBytes);
        if (ready != MqttStatus.Complete)
        {
            return ready;
        }

        var writer = new MqttPacketWriter(destination, _state.OutgoingWritten);
        writer.FixedHeader(header, remaining);
        writer.String(topic);
        written = writer.Written;
        if (!Close(written))
        {
            return MqttStatus.DestinationTooSmall;
        }

        _state.OutgoingBytes = payloadBytes;
        _state.OutgoingHeader = 0;
        return MqttStatus.Complete;
    }

    /// <summary>
    /// Writes as much of the payload as fits; it may come in any pieces. <see cref="MqttStatus.Complete"/> when all of
    /// <paramref name="payload"/> is consumed. More than was announced is an invalid argument. Bounded by the destination.
    /// </summary>
    public MqttStatus PublishData(
        scoped ReadOnlySpan<byte> payload, scoped Span<byte> destination, out int consumed, out int written)
    {
        consumed = written = 0;
        if (HasFailed)
        {
            return MqttStatus.Faulted;
        }

        if (_state.State != MqttState.Connected || (IsSending && !IsSendingPayload))
        {
            return MqttStatus.WrongState;
        }

        if ((uint)payload.Length > _state.OutgoingBytes - _state.OutgoingWritten)
        {
            return MqttStatus.InvalidArgument;
        }

        consumed = written = payload.Length < destination.Length ? payload.Length : destination.Length;
        payload[..consumed].CopyTo(destination);
        Close(written);
        return consumed == payload.Length ? MqttStatus.Complete : MqttStatus.DestinationTooSmall;
    }

    /// <summary>Writes a SUBSCRIBE for one topic filter with QoS 0, as the other overload does.</summary>
    public MqttStatus Subscribe(scoped ReadOnlySpan<byte> filter, scoped Span<byte> destination, out int written)
        => Subscribe(filter, MqttQos.AtMostOnce, destination, out written);

    /// <summary>
    /// Writes a SUBSCRIBE for one topic filter (§3.8). Its SUBACK arrives as <see cref="MqttEvent.Subscribed"/> or
    /// <see cref="MqttEvent.SubscriptionRefused"/>; until then no other may follow. <paramref name="qos"/> is the highest that
    /// messages may have; QoS 1 is an invalid argument where no acknowledgement can be owed.
    /// </summary>
    public MqttStatus Subscribe(scoped ReadOnlySpan<byte> filter, MqttQos qos, scoped Span<byte> destination, out int written)
    {
        written = 0;
        if (!MqttText.IsTopicFilter(filter) || (qos != MqttQos.AtMostOnce && (qos != MqttQos.AtLeastOnce || MaxAcknowledgements == 0)))
        {
            return MqttStatus.InvalidArgument;
        }

        byte header = (byte)(Header(MqttPacketType.Subscribe) | SubscribeFlags);
        uint remaining = sizeof(ushort) + StringBytes(filter) + 1;
        MqttStatus ready = Is(MqttFacts.AwaitsSuback)
            ? Busy()
            : Open(MqttState.Connected, header, remaining);
        if (ready != MqttStatus.Complete)
        {
            return ready;
        }

        // [MQTT-2.3.1-1]: never zero.
        ushort identifier = (ushort)(_state.SubscribeIdentifier == ushort.MaxValue ? 1 : _state.SubscribeIdentifier + 1);
        var writer = new MqttPacketWriter(destination, _state.OutgoingWritten);
        writer.FixedHeader(header, remaining);
        writer.UInt16(identifier);
        writer.String(filter);
        writer.Byte((byte)qos);
        written = writer.Written;
        if (!Close(written))
        {
            return MqttStatus.DestinationTooSmall;
        }

        _state.SubscribeIdentifier = identifier;
        _state.Facts &= ~MqttFacts.AskedAtLeastOnce;
        _state.Facts |= MqttFacts.AwaitsSuback
            | (qos == MqttQos.AtMostOnce ? MqttFacts.None : MqttFacts.AskedAtLeastOnce | MqttFacts.MayGetAtLeastOnce);
        _state.SubackSince = _state.Now;
        return MqttStatus.Complete;
    }

    /// <summary>
    /// Writes a SUBSCRIBE for all filters that <see cref="MqttSubscriptionWriter"/> gathered, one or more. The <paramref name="properties"/>, from
    /// <see cref="MqttPropertyWriter"/>, may hold a subscription identifier (MQTT 5 §3.8.2.1). SUBACK arrives as <see cref="MqttEvent.ReasonCodes"/>, and then
    /// as <see cref="MqttEvent.Subscribed"/> or <see cref="MqttEvent.SubscriptionRefused"/>; until then no other SUBSCRIBE or UNSUBSCRIBE may follow.
    /// Bounded by the filters.
    /// </summary>
    public MqttStatus Subscribe(scoped ReadOnlySpan<byte> subscriptions, scoped ReadOnlySpan<byte> properties, scoped Span<byte> destination, out int written)
    {
        written = 0;
        return MqttStatus.WrongState;
    }

    /// <summary>
    /// Writes an UNSUBSCRIBE (§3.10) for all filters that <see cref="MqttUnsubscriptionWriter"/> gathered, one or more. UNSUBACK arrives as
    /// <see cref="MqttEvent.Unsubscribed"/> or <see cref="MqttEvent.UnsubscriptionRefused"/>; until then no other SUBSCRIBE or UNSUBSCRIBE may follow.
    /// Bounded by the filters.
    /// </summary>
    public MqttStatus Unsubscribe(scoped ReadOnlySpan<byte> filters, scoped ReadOnlySpan<byte> properties, scoped Span<byte> destination, out int written)
    {
        written = 0;
        return MqttStatus.WrongState;
    }

    /// <summary>
    /// Writes AUTH (MQTT 5 §3.15): <see cref="MqttReasonCode.ContinueAuthentication"/> answers <see cref="MqttEvent.AuthenticationContinues"/>, and
    /// <see cref="MqttReasonCode.Reauthenticate"/> begins anew while connected. The properties hold the method that CONNECT named
    /// ([MQTT-4.12.0-5]), and mostly data. Bounded by the properties.
    /// </summary>
    public MqttStatus Authenticate(MqttReasonCode reason, scoped ReadOnlySpan<byte> properties, scoped Span<byte> destination, out int written)
    {
        written = 0;
        return MqttStatus.WrongState;
    }

    /// <summary>
    /// Writes what the broker is owed, the oldest first: PUBACK, PUBREC and PUBCOMP for messages that came (§4.3), and PUBREL for ours: see
    /// <see cref="AcknowledgementsDue"/>. Bounded by the destination.
    /// </summary>
    public MqttStatus Acknowledge(scoped Span<byte> destination, out int written)
    {
        written = 0;
        MqttStatus status = HasFailed ? MqttStatus.Faulted : MqttStatus.Complete;
        while (status == MqttStatus.Complete && AcknowledgementsDue != 0)
        {
            status = AcknowledgeOldest(destination[written..], out int more);
            written += more;
        }

        return status;
    }

    /// <summary>Writes a PINGREQ (§3.12), unless one is still unanswered.</summary>
    public MqttStatus Ping(scoped Span<byte> destination, out int written)
    {
        written = 0;
        MqttStatus status = Is(MqttFacts.AwaitsPingresp) ? Busy() : SendEmpty(MqttPacketType.Pingreq, destination, out written);
        if (status == MqttStatus.Complete)
        {
            _state.Facts |= MqttFacts.AwaitsPingresp;
            _state.AnswerSince = _state.Now;
        }

        return status;
    }

    /// <summary>
    /// Writes DISCONNECT (§3.14). Afterwards the transport is to be closed ([MQTT-3.14.4-1]). In MQTT 5 it may also be called once after a fault
    /// of a connection that was accepted, and then tells the broker its reason (§4.13.1); <see cref="MqttStatus.Faulted"/>: nothing can be told any more.
    /// </summary>
    public MqttStatus Disconnect(scoped Span<byte> destination, out int written)
    {
        MqttStatus status = SendEmpty(MqttPacketType.Disconnect, destination, out written);
        if (status == MqttStatus.Complete)
        {
            _state.State = MqttState.Disconnected;
        }

        return status;
    }

    /// <summary>
    /// Writes DISCONNECT as the other overload does, with a reason and properties (MQTT 5 §3.14), which MQTT 3.1.1 does not have:
    /// <see cref="MqttReasonCode.DisconnectWithWill"/> has the will published.
    /// </summary>
    public MqttStatus Disconnect(MqttReasonCode reason, scoped ReadOnlySpan<byte> properties, scoped Span<byte> destination, out int written)
    {
        written = 0;
        return MqttStatus.WrongState;
    }

    private MqttStatus AcknowledgeOldest(scoped Span<byte> destination, out int written)
    {
        written = 0;
        byte header = Header(MqttPacketType.Puback);
        MqttStatus ready = Open(MqttState.Connected, header, sizeof(ushort));
        if (ready != MqttStatus.Complete)
        {
            return ready;
        }

        var writer = new MqttPacketWriter(destination, _state.OutgoingWritten);
        writer.FixedHeader(header, sizeof(ushort));
        writer.UInt16(OldestOwed);
        written = writer.Written;
        if (!Close(written))
        {
            return MqttStatus.DestinationTooSmall;
        }

        Settled();
        return MqttStatus.Complete;
    }

    private MqttStatus SendEmpty(MqttPacketType type, scoped Span<byte> destination, out int written)
    {
        written = 0;
        byte header = Header(type);
        MqttStatus ready = Open(MqttState.Connected, header, 0);
        if (ready != MqttStatus.Complete)
        {
            return ready;
        }

        var writer = new MqttPacketWriter(destination, _state.OutgoingWritten);
        writer.FixedHeader(header, 0);
        written = writer.Written;
        return Close(written) ? MqttStatus.Complete : MqttStatus.DestinationTooSmall;
    }

    // Complete: the packet may be written, from its start or from where the last call stopped.
    private MqttStatus Open(MqttState needed, byte header, uint remaining, uint payload = 0)
    {
        if (HasFailed || _state.State != needed || IsSendingPayload)
        {
            return Busy();
        }

        uint bytes = 1 + RemainingLengthBytes(remaining) + remaining - payload;
        if (!IsSending)
        {
            _state.OutgoingHeader = header;
            _state.OutgoingBytes = bytes;
            _state.OutgoingPayload = payload;
        }
        else if (_state.OutgoingHeader != header)
        {
            return MqttStatus.WrongState;
        }

        // The remaining length may be on its way already: another payload would end elsewhere.
        return _state.OutgoingBytes == bytes && _state.OutgoingPayload == payload ? MqttStatus.Complete : MqttStatus.InvalidArgument;
    }

    // True when the last byte is written of what Open, or PublishBegin, announced.
    private bool Close(int written)
    {
        _state.LastSent = written != 0 ? _state.Now : _state.LastSent;
        _state.OutgoingWritten += (uint)written;
        if (_state.OutgoingWritten != _state.OutgoingBytes)
        {
            return false;
        }

        _state.OutgoingBytes = 0;
        _state.OutgoingWritten = 0;
        return true;
    }

    private MqttStatus Busy() => HasFailed ? MqttStatus.Faulted : MqttStatus.WrongState;

    private static bool IsValid(scoped in MqttConnectOptions options)
        => MqttText.IsString(options.ClientId)
        && MqttText.IsString(options.UserName)
        && options.Password.Length <= MqttText.MaxBytes
        && (options.Password.IsEmpty || !options.UserName.IsEmpty);

    private static byte Header(MqttPacketType type) => (byte)((int)type << 4);

    private static uint StringBytes(ReadOnlySpan<byte> value) => sizeof(ushort) + (uint)value.Length;

    private static uint RemainingLengthBytes(uint length)
        => length < 1 << 7 ? 1u : length < 1 << 14 ? 2u : length < 1 << 21 ? 3u : 4u;
}
