using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>What the broker sends, so that every split of it gives the same events.</summary>
public readonly ref partial struct MqttSession
{
    /// <summary>
    /// Consumes bytes that came over the transport until there is something to tell. Call it again with the rest, even
    /// an empty one, until it says <see cref="MqttEvent.NeedMoreData"/>. <paramref name="data"/> is the topic or a
    /// slice of the source where the event says so. Bounded by the source and the messages in flight; nothing a broker sends costs more memory.
    /// While <see cref="IsProvisional"/>, it tells of messages, properties and reason codes only, and all of that may have to be forgotten; what was answered it
    /// tells after the commit.
    /// </summary>
    public MqttEvent Receive(ReadOnlySpan<byte> source, out int consumed, out ReadOnlySpan<byte> data)
    {
        consumed = 0;
        data = default;
        if (TryTell(out MqttEvent untold))
        {
            return untold;
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
        if (IsInMessage)
        {
            _state.Incoming.Facts |= MqttIncomingFacts.Skipped;
        }
    }

    /// <summary>
    /// Says, between <see cref="MqttEvent.PublishBegin"/> and the end of the message, that it is not taken: with QoS 1 and 2 its acknowledgement carries this
    /// <paramref name="reason"/> (MQTT 5 §3.4.2.1, §3.5.2.1), and with QoS 2 its exchange is over. <see cref="MqttStatus.InvalidArgument"/>: no reason of 0x80 or
    /// above that PUBACK may have. <see cref="MqttStatus.WrongState"/>: no message is being received, or the connection speaks MQTT 3.1.1, which has no refusal.
    /// </summary>
    public MqttStatus Refuse(MqttReasonCode reason)
    {
        if (HasFailed || !Is5 || !IsInMessage)
        {
            return Busy();
        }

        if (!MqttReasonCodes.IsRefusal(reason) || !MqttReasonCodes.MayStand(reason, MqttPacketType.Puback))
        {
            return MqttStatus.InvalidArgument;
        }

        _state.Incoming.Reason = reason;
        return MqttStatus.Complete;
    }

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
            : Is(MqttFacts.AwaitsUnsuback) ? MqttPacketType.Unsuback
            : Is(MqttFacts.AwaitsPingresp) ? MqttPacketType.Pingresp
            : MqttPacketType.None;
        return Fail(FaultReason.MqttConnectionLost, (uint)awaited, _state.Incoming.Remaining + (Is5 ? State5.Incoming.Properties.Left : 0));
    }

    private bool IsInMessage
        => Packet == MqttPacketType.Publish && _state.Incoming.Reading is MqttReading.Properties or MqttReading.Payload;

    private bool IsKnown => Features.MqttInFlight && (_state.Incoming.Facts & MqttIncomingFacts.Known) != 0;

    private bool IsSkipped => (_state.Incoming.Facts & (MqttIncomingFacts.Known | MqttIncomingFacts.Skipped)) != 0;

    // [MQTT-3.2.0-1]: nothing comes before CONNACK.
    private MqttPacketType AwaitedFirst
        => Awaits(MqttPacketType.Connack) ? MqttPacketType.Connack : MqttPacketType.None;

    private MqttEvent Read(ReadOnlySpan<byte> source, ref int consumed, ref ReadOnlySpan<byte> data)
    {
        MqttEvent found = MqttEvent.NeedMoreData;
        while (found == MqttEvent.NeedMoreData)
        {
            bool part = _state.Incoming.Reading >= MqttReading.Properties;
            if (part && IsPartOver)
            {
                found = OnPartEnd();
                continue;
            }

            if (consumed == source.Length && !NeedsNoInput)
            {
                break;
            }

            found = part ? OnPart(source[consumed..], ref consumed, ref data) : OnByte(source[consumed++]);
        }

        data = found == MqttEvent.PublishBegin ? Topic : data;
        return found;
    }

    private bool IsPartOver => Features.Mqtt5 && _state.Incoming.Reading == MqttReading.Properties
        ? State5.Incoming.Properties.IsAtEnd
        : _state.Incoming.Remaining == 0;

    private bool NeedsNoInput => Features.Mqtt5 && _state.Incoming.Reading == MqttReading.Properties && State5.Incoming.Properties.NeedsNoInput;

    private MqttEvent OnPart(ReadOnlySpan<byte> source, ref int consumed, ref ReadOnlySpan<byte> data)
    {
        ref MqttPacketCursor incoming = ref _state.Incoming;
        if (Features.Mqtt5 && incoming.Reading == MqttReading.Properties)
        {
            return OnProperties(source, ref consumed, ref data);
        }

        int count = (uint)source.Length < incoming.Remaining ? source.Length : (int)incoming.Remaining;
        ReadOnlySpan<byte> part = source[..count];
        consumed += count;
        incoming.Remaining -= (uint)count;
        if (incoming.Reading == MqttReading.ReasonCodes)
        {
            return OnReasonCodes(part, ref data);
        }

        if (IsSkipped)
        {
            return MqttEvent.NeedMoreData;
        }

        data = part;
        return MqttEvent.PublishData;
    }

    private MqttEvent OnReasonCodes(ReadOnlySpan<byte> codes, ref ReadOnlySpan<byte> data)
    {
        foreach (byte code in codes)
        {
            if (OnRequestReason((MqttReasonCode)code) == MqttEvent.Faulted)
            {
                return MqttEvent.Faulted;
            }
        }

        data = codes;
        return MqttEvent.ReasonCodes;
    }

    // Behind the properties comes what the packet is for; and behind that it ends.
    private MqttEvent OnPartEnd()
    {
        if (Features.Mqtt5 && _state.Incoming.Reading == MqttReading.Properties)
        {
            return OnPropertiesEnd();
        }

        return Packet switch
        {
            MqttPacketType.Connack => OnConnack(),
            MqttPacketType.Publish => OnPublishEnd(),
            MqttPacketType.Suback or MqttPacketType.Unsuback => OnRequestAnswered(),
            MqttPacketType.Pingresp => OnAnswer(MqttAnswers.Pingresp),
            _ => OnOtherEnd(),
        };
    }

    private MqttEvent OnOtherEnd()
    {
        if (Features.MqttInFlight && Packet is >= MqttPacketType.Puback and <= MqttPacketType.Pubcomp)
        {
            return Packet == MqttPacketType.Pubrel ? OnPubrel() : OnAcknowledgement();
        }

        // [MQTT-3.14.4-1]: the broker is gone, and so is the connection.
        return Features.Mqtt5 && Packet == MqttPacketType.Auth ? OnAuth() : Fail(FaultReason.MqttDisconnected, 0, (uint)_state.Incoming.Reason);
    }

    private MqttEvent OnPropertiesEnd()
    {
        ref MqttPropertyCursor properties = ref State5.Incoming.Properties;
        if (properties.Has(MqttProperty.AuthenticationData) && !properties.Has(MqttProperty.AuthenticationMethod))
        {
            return Fail(FaultReason.MqttAuthenticationMethod, State5.AuthenticationMethod, 0);   // MQTT 5 §3.2.2.3.18
        }

        switch (Packet)
        {
            case MqttPacketType.Publish:
                _state.Incoming.Reading = MqttReading.Payload;
                return _state.Incoming.TopicBytes != 0 ? MqttEvent.NeedMoreData : Fail(FaultReason.MqttTopicMissing, 1, 0);
            case MqttPacketType.Suback:
            case MqttPacketType.Unsuback:
                _state.Incoming.Reading = MqttReading.ReasonCodes;
                return ExpectBody(_state.Incoming.Remaining == _state.RequestFilters, _state.RequestFilters, MqttReading.ReasonCodes);
            default:
                return ExpectBody(_state.Incoming.Remaining == 0, 0, MqttReading.End);
        }
    }
}
