using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>The properties of what the broker sends (MQTT 5 §2.2.2). What the session needs of them it keeps; all are told.</summary>
public readonly ref partial struct MqttSession
{
    /// <summary>The property that is being received, or was received last (MQTT 5).</summary>
    public MqttProperty Property => Is5 ? State5.Incoming.Properties.Property : MqttProperty.None;

    /// <summary>At <see cref="MqttEvent.Property"/> its value where that is an integer, of any width.</summary>
    public uint PropertyInteger => Is5 ? State5.Incoming.Properties.Value : 0;

    /// <summary>At <see cref="MqttEvent.Property"/> the length of the value that follows, or of a user property's name; afterwards what of it, or of the value, is still to come.</summary>
    public uint PropertyBytes => PropertyInteger;

    private MqttEvent BeginProperties(MqttReading next)
    {
        _state.Incoming.Reading = Is5 ? MqttReading.PropertyLength : next;
        if (Is5)
        {
            State5.Incoming.Properties.Begin(0);
            _state.Incoming.LengthShift = 0;
        }

        return MqttEvent.NeedMoreData;
    }

    private MqttEvent OnPropertyLength(byte next)
    {
        ref MqttPropertyCursor properties = ref State5.Incoming.Properties;
        properties.Left |= (next & 0x7Fu) << _state.Incoming.LengthShift;
        _state.Incoming.LengthShift += 7;
        if ((next & 0x80) != 0)
        {
            return _state.Incoming.LengthShift == 28 ? Fail(FaultReason.MqttPropertyLength, 4, 5)
                : _state.Incoming.Remaining == 0 ? Fail(FaultReason.MqttPropertyLength, 0, 1)   // the packet ends within the length
                : MqttEvent.NeedMoreData;
        }

        if (next == 0 && _state.Incoming.LengthShift > 7)
        {
            return Fail(FaultReason.MqttLengthNotShortest, (_state.Incoming.LengthShift / 7u) - 1, _state.Incoming.LengthShift / 7u);
        }

        if (properties.Left > _state.Incoming.Remaining)
        {
            return Fail(FaultReason.MqttPropertyLength, _state.Incoming.Remaining, properties.Left);
        }

        _state.Incoming.Remaining -= properties.Left;
        _state.Incoming.Reading = MqttReading.Properties;
        return Packet == MqttPacketType.Publish && !IsKnown ? MqttEvent.PublishBegin : MqttEvent.NeedMoreData;
    }

    private MqttEvent OnProperties(ReadOnlySpan<byte> source, ref int consumed, ref ReadOnlySpan<byte> data)
    {
        ref MqttPropertyCursor properties = ref State5.Incoming.Properties;
        int read = 0;
        MqttEvent found = MqttPropertyReader.Read(ref properties, (MqttPropertyPlace)Packet, source, ref read, ref data, ref FaultInProgress);
        consumed += read;
        found = found switch
        {
            MqttEvent.Faulted => Fail(FaultInProgress.Reason, FaultInProgress.Expected, FaultInProgress.Actual),
            MqttEvent.Property => OnProperty(properties.Property, properties.Value),
            MqttEvent.PropertyEnd => OnPropertyEnd(properties.Property, properties.Mark),
            _ => found,
        };
        if (IsKnown && found != MqttEvent.Faulted)
        {
            data = default;
            return MqttEvent.NeedMoreData;   // a message that was delivered before passes in silence
        }

        return found;
    }

    private MqttEvent OnProperty(MqttProperty property, uint value)
    {
        if (!IsAsked(property))
        {
            return Fail(FaultReason.MqttPropertyUnasked, (uint)Packet, (uint)property);
        }

        if (Packet == MqttPacketType.Connack)
        {
            OnLimit(ref State5.Incoming, property, value);
        }

        return property == MqttProperty.TopicAlias ? OnTopicAlias(value) : MqttEvent.Property;
    }

    // [MQTT-3.1.2-28], [MQTT-3.1.2-29]
    private bool IsAsked(MqttProperty property) => property switch
    {
        MqttProperty.ResponseInformation => Is(MqttFacts.WantsResponseInformation),
        MqttProperty.ReasonString or MqttProperty.UserProperty =>
            !Is(MqttFacts.NoProblemInformation) || Packet is MqttPacketType.Connack or MqttPacketType.Publish or MqttPacketType.Disconnect,
        _ => true,
    };

    private MqttEvent OnPropertyEnd(MqttProperty property, uint mark)
        => property == MqttProperty.AuthenticationMethod && (!Is(MqttFacts.Authenticates) || mark != State5.AuthenticationMethod)
            ? Fail(FaultReason.MqttAuthenticationMethod, State5.AuthenticationMethod, mark)   // [MQTT-4.12.0-5], [MQTT-4.12.0-6]
            : MqttEvent.PropertyEnd;

    // MQTT 5 §3.2.2.3
    private static void OnLimit(ref Mqtt5Incoming incoming, MqttProperty property, uint value)
    {
        ref MqttServerLimits limits = ref incoming.Limits;
        switch (property)
        {
            case MqttProperty.SessionExpiryInterval:
                limits.SessionExpirySeconds = value;
                break;
            case MqttProperty.ReceiveMaximum:
                limits.ReceiveMaximum = (ushort)value;
                break;
            case MqttProperty.MaximumQos:
                limits.MaximumQos = (MqttQos)value;
                break;
            case MqttProperty.RetainAvailable:
                limits.RetainAvailable = value != 0;
                break;
            case MqttProperty.MaximumPacketSize:
                limits.MaximumPacketBytes = value;
                break;
            case MqttProperty.TopicAliasMaximum:
                limits.TopicAliasMaximum = (ushort)value;
                break;
            case MqttProperty.WildcardSubscriptionAvailable:
                limits.WildcardsAvailable = value != 0;
                break;
            case MqttProperty.SubscriptionIdentifierAvailable:
                limits.SubscriptionIdentifiersAvailable = value != 0;
                break;
            case MqttProperty.SharedSubscriptionAvailable:
                limits.SharedSubscriptionsAvailable = value != 0;
                break;
            case MqttProperty.ServerKeepAlive:
                incoming.KeepAliveSeconds = (ushort)value;
                incoming.SetsKeepAlive = true;
                break;
            default:
                break;
        }
    }
}
