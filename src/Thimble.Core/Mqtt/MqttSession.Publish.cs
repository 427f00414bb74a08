using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>PUBLISH (MQTT 3.1.1 §3.3, MQTT 5 §3.3).</summary>
public readonly ref partial struct MqttSession
{
    private const byte RetainFlag = 0x01;
    private const byte QosBits = 0x06;
    private const byte DupFlag = 0x08;
    private const uint TopicAliasBytes = 3;

    /// <summary>How many messages of QoS 1 and 2 were published and are not yet acknowledged to the end.</summary>
    public int InFlight => InFlightTable.Count;

    /// <summary>
    /// How many more messages of QoS 1 and 2 may begin now: the profile's limit and the broker's Receive Maximum (MQTT 5 §4.9), whichever is
    /// reached first; none while older ones are due again. Bounded by the messages in flight.
    /// </summary>
    public int PublishQuota
        => HasFailed || _state.State != MqttState.Connected || MustRedeliver ? 0 : int.Min(InFlightTable.Capacity - InFlightTable.Count, QuotaLeft);

    /// <summary>The message that <see cref="MqttStatus.RedeliveryDue"/> asks for; 0 where none is due.</summary>
    public uint RedeliveryToken
    {
        get
        {
            int due = InFlightTable.FirstWith(MqttInFlightState.Due);
            return due < 0 ? 0 : InFlightTable[due].Token;
        }
    }

    /// <summary>
    /// Writes a PUBLISH of QoS 0 with its payload. After <see cref="MqttStatus.DestinationTooSmall"/> the same
    /// call goes on where this one stopped. Bounded by the destination and the topic.
    /// </summary>
    public MqttStatus Publish(
        scoped ReadOnlySpan<byte> topic, scoped ReadOnlySpan<byte> payload, bool retain, scoped Span<byte> destination, out int written)
        => Publish(new MqttPublishOptions { Topic = topic, Retain = retain }, payload, destination, out written);

    /// <summary>
    /// Writes a PUBLISH of any QoS with its payload, as the other overload does. With QoS 1 and 2 it is in flight from the first byte on:
    /// the same call goes on, and after a loss of the connection it is due again (<see cref="MqttStatus.RedeliveryDue"/>). Events tell what
    /// became of it by its token.
    /// </summary>
    public MqttStatus Publish(scoped in MqttPublishOptions options, scoped ReadOnlySpan<byte> payload, scoped Span<byte> destination, out int written)
    {
        written = 0;
        if (!IsSendingPayload)
        {
            MqttStatus header = PublishBegin(options, (uint)payload.Length, destination, out written);
            if (header != MqttStatus.Complete || payload.IsEmpty)
            {
                return header;
            }
        }

        if (_state.OutgoingBytes != (uint)payload.Length)
        {
            return MqttStatus.InvalidArgument;
        }

        if (HasFailed)
        {
            return MqttStatus.Faulted;
        }

        ReadOnlySpan<byte> rest = payload[(int)_state.OutgoingWritten..];
        int data = WritePayload(rest, destination[written..]);
        written += data;
        return data == rest.Length ? MqttStatus.Complete : MqttStatus.DestinationTooSmall;
    }

    /// <summary>
    /// Writes what precedes the payload of a PUBLISH of any QoS. The payload, of exactly <paramref name="payloadBytes"/>,
    /// then goes through <see cref="PublishData"/> in pieces of any size; no other packet may come between. Bounded by topic and properties,
    /// and by the messages in flight.
    /// </summary>
    public MqttStatus PublishBegin(scoped in MqttPublishOptions options, uint payloadBytes, scoped Span<byte> destination, out int written)
    {
        written = 0;
        MqttStatus status = MayPublish(options, payloadBytes);
        byte header = PublishHeader(options);
        uint remaining = PublishBytes(options) + payloadBytes;
        status = status == MqttStatus.Complete ? Open(MqttState.Connected, header, remaining, payloadBytes) : status;
        if (status != MqttStatus.Complete)
        {
            return status;
        }

        if (Features.MqttQos && options.Qos != MqttQos.AtMostOnce)
        {
            Occupy(options);
        }

        var writer = new MqttPacketWriter(destination, _state.OutgoingWritten);
        writer.FixedHeader(header, remaining);
        WritePublish(ref writer, options);
        written = writer.Written;
        if (!Close(written))
        {
            return MqttStatus.DestinationTooSmall;
        }

        _state.OutgoingBytes = payloadBytes;
        _state.OutgoingHeader = 0;
        OnPublished();
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

        consumed = written = WritePayload(payload, destination);
        return consumed == payload.Length ? MqttStatus.Complete : MqttStatus.DestinationTooSmall;
    }

    private int WritePayload(scoped ReadOnlySpan<byte> payload, scoped Span<byte> destination)
    {
        int count = payload.Length < destination.Length ? payload.Length : destination.Length;
        payload[..count].CopyTo(destination);
        Close(count);
        OnPublished();
        return count;
    }

    // Messages that the broker may not have wait for their PUBLISH.
    private bool MustRedeliver => Features.MqttQos && InFlightTable.FirstWith(MqttInFlightState.Due) >= 0;

    // §4.9: those that were sent on this connection, or are let go on it, count against the broker's Receive Maximum.
    private int QuotaLeft
    {
        get
        {
            int sent = InFlightTable.Count - InFlightTable.CountDue();
            int allowed = Is5 ? State5.Incoming.Limits.ReceiveMaximum : ushort.MaxValue;
            return int.Max(allowed - sent, 0);
        }
    }

    private MqttStatus MayPublish(scoped in MqttPublishOptions options, uint payloadBytes)
    {
        bool aliased = Is5 && options.TopicAlias != 0;
        bool valid = (options.Topic.IsEmpty ? aliased : MqttText.IsTopicName(options.Topic)) && (aliased || options.TopicAlias == 0)
            && (Is5 ? MqttPropertyFindings.TryFind(MqttPropertyPlace.OurPublish, options.Properties, out _) : options.Properties.IsEmpty)
            && options.Qos <= (InFlightCapacity == 0 ? MqttQos.AtMostOnce : MqttQos.ExactlyOnce)
            && PublishBytes(options) <= MaxRemainingLength && payloadBytes <= MaxRemainingLength - PublishBytes(options);
        if (!valid)
        {
            return MqttStatus.InvalidArgument;
        }

        if (HasFailed || _state.State != MqttState.Connected)
        {
            return Busy();
        }

        if (Is5 && !IsAvailable(options))
        {
            return MqttStatus.NotAvailable;
        }

        return !Features.MqttQos || options.Qos == MqttQos.AtMostOnce || IsSending ? MqttStatus.Complete : MayBeInFlight(options);
    }

    private bool IsAvailable(scoped in MqttPublishOptions options)
    {
        ref readonly MqttServerLimits limits = ref State5.Incoming.Limits;
        return options.Qos <= limits.MaximumQos && (!options.Retain || limits.RetainAvailable) && options.TopicAlias <= limits.TopicAliasMaximum;
    }

    private MqttStatus MayBeInFlight(scoped in MqttPublishOptions options)
    {
        MqttInFlightTable table = InFlightTable;
        int due = table.FirstWith(MqttInFlightState.Due);
        if (options.Redelivers)
        {
            bool fits = due >= 0 && table[due].Token == options.Token && table[due].Stage == StageOf(options.Qos);
            return !fits ? MqttStatus.InvalidArgument : QuotaLeft > 0 ? MqttStatus.Complete : MqttStatus.QuotaExhausted;
        }

        return due >= 0 ? MqttStatus.RedeliveryDue
            : table.Count < table.Capacity && QuotaLeft > 0 ? MqttStatus.Complete : MqttStatus.QuotaExhausted;
    }

    // The identifier is given when the packet begins, and the message is in flight from there on ([MQTT-4.3.2-1], [MQTT-4.3.3-1]).
    private void Occupy(scoped in MqttPublishOptions options)
    {
        MqttInFlightTable table = InFlightTable;
        if (_state.OutgoingIdentifier == 0 && options.Redelivers)
        {
            _state.OutgoingIdentifier = table[table.FirstWith(MqttInFlightState.Due)].Identifier;
        }
        else if (_state.OutgoingIdentifier == 0)
        {
            table.Add(Identify(), StageOf(options.Qos), options.Token);
        }
    }

    private void OnPublished()
    {
        if (Features.MqttQos && !IsSending && _state.OutgoingIdentifier != 0)
        {
            MqttInFlightTable table = InFlightTable;
            table[table.IndexOf(_state.OutgoingIdentifier)].State &= ~MqttInFlightState.Due;
            _state.OutgoingIdentifier = 0;
        }
    }

    private static MqttInFlightState StageOf(MqttQos qos)
        => qos == MqttQos.AtLeastOnce ? MqttInFlightState.ExpectPuback : MqttInFlightState.ExpectPubrec;

    private static byte PublishHeader(scoped in MqttPublishOptions options)
        => (byte)(Header(MqttPacketType.Publish) | (options.Retain ? RetainFlag : 0) | (!Features.MqttQos ? 0 : ((int)options.Qos << 1)
            | (options.Redelivers && options.Qos != MqttQos.AtMostOnce ? DupFlag : 0)));   // [MQTT-3.3.1-1], [MQTT-3.3.1-2]

    private uint PublishBytes(scoped in MqttPublishOptions options)
        => StringBytes(options.Topic) + (!Features.MqttQos || options.Qos == MqttQos.AtMostOnce ? 0u : sizeof(ushort))
        + (Is5 ? LengthBytes(PublishPropertiesBytes(options)) + PublishPropertiesBytes(options) : 0);

    private static uint PublishPropertiesBytes(scoped in MqttPublishOptions options)
        => (options.TopicAlias == 0 ? 0 : TopicAliasBytes) + (uint)options.Properties.Length;

    private void WritePublish(scoped ref MqttPacketWriter writer, scoped in MqttPublishOptions options)
    {
        writer.String(options.Topic);
        if (Features.MqttQos && options.Qos != MqttQos.AtMostOnce)
        {
            writer.UInt16(_state.OutgoingIdentifier);
        }

        if (!Is5)
        {
            return;
        }

        writer.VariableInteger(PublishPropertiesBytes(options));
        if (options.TopicAlias != 0)
        {
            writer.Byte((byte)MqttProperty.TopicAlias);
            writer.UInt16(options.TopicAlias);
        }

        writer.Bytes(options.Properties);
    }
}
