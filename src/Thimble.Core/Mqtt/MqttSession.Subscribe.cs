using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>SUBSCRIBE and UNSUBSCRIBE (MQTT 3.1.1 §3.8 and §3.10, MQTT 5 §3.8 and §3.10). One of them is outstanding at a time.</summary>
public readonly ref partial struct MqttSession
{
    private const byte RequestFlags = 0x02;   // [MQTT-3.8.1-1], [MQTT-3.10.1-1]

    /// <summary>Writes a SUBSCRIBE for one topic filter with QoS 0, as the other overload does.</summary>
    public MqttStatus Subscribe(scoped ReadOnlySpan<byte> filter, scoped Span<byte> destination, out int written)
        => Subscribe(filter, MqttQos.AtMostOnce, destination, out written);

    /// <summary>
    /// Writes a SUBSCRIBE for one topic filter. Its SUBACK arrives as <see cref="MqttEvent.Subscribed"/> or
    /// <see cref="MqttEvent.SubscriptionRefused"/>; until then no other may follow. <paramref name="qos"/> is the highest that
    /// messages may have; QoS 1 and 2 are an invalid argument where the profile plans no acknowledgements, and QoS 2 where it plans
    /// no identifiers.
    /// </summary>
    public MqttStatus Subscribe(scoped ReadOnlySpan<byte> filter, MqttQos qos, scoped Span<byte> destination, out int written)
    {
        written = 0;
        MqttFilters filters = default;
        var options = new MqttSubscribeOptions((byte)qos);
        if (!filters.TryAdd(filter, options, Is5) || !CanReceive(qos))
        {
            return MqttStatus.InvalidArgument;
        }

        uint list = StringBytes(filter) + 1;
        byte header = (byte)(Header(MqttPacketType.Subscribe) | RequestFlags);
        MqttStatus ready = OpenRequest(header, list, default, filters);
        if (ready != MqttStatus.Complete)
        {
            return ready;
        }

        var writer = new MqttPacketWriter(destination, _state.OutgoingWritten);
        WriteRequest(ref writer, header, list, default);
        writer.String(filter);
        writer.Byte(options.Value);
        written = writer.Written;
        return CloseRequest(written, MqttFacts.AwaitsSuback, filters);
    }

    /// <summary>
    /// Writes a SUBSCRIBE for all filters that <see cref="MqttSubscriptionWriter"/> gathered, one or more. The <paramref name="properties"/>, from
    /// <see cref="MqttPropertyWriter"/>, may hold a subscription identifier (MQTT 5 §3.8.2.1). SUBACK arrives as <see cref="MqttEvent.ReasonCodes"/>, and then
    /// as <see cref="MqttEvent.Subscribed"/> or <see cref="MqttEvent.SubscriptionRefused"/>; until then no other SUBSCRIBE or UNSUBSCRIBE may follow.
    /// Bounded by the filters.
    /// </summary>
    public MqttStatus Subscribe(scoped ReadOnlySpan<byte> subscriptions, scoped ReadOnlySpan<byte> properties, scoped Span<byte> destination, out int written)
        => Request(MqttPacketType.Subscribe, subscriptions, properties, destination, out written);

    /// <summary>
    /// Writes an UNSUBSCRIBE for all filters that <see cref="MqttUnsubscriptionWriter"/> gathered, one or more. UNSUBACK arrives as
    /// <see cref="MqttEvent.Unsubscribed"/> or <see cref="MqttEvent.UnsubscriptionRefused"/>; until then no other SUBSCRIBE or UNSUBSCRIBE may follow.
    /// Bounded by the filters.
    /// </summary>
    public MqttStatus Unsubscribe(scoped ReadOnlySpan<byte> filters, scoped ReadOnlySpan<byte> properties, scoped Span<byte> destination, out int written)
        => Request(MqttPacketType.Unsubscribe, filters, properties, destination, out written);

    private MqttStatus Request(
        MqttPacketType type, scoped ReadOnlySpan<byte> list, scoped ReadOnlySpan<byte> properties, scoped Span<byte> destination, out int written)
    {
        written = 0;
        bool subscribes = type == MqttPacketType.Subscribe;
        MqttPropertyFindings findings = default;
        if (!MqttFilters.TryRead(list, subscribes, Is5, out MqttFilters filters) || !CanReceive(filters.HighestQos)
            || (Is5 ? !MqttPropertyFindings.TryFind((MqttPropertyPlace)type, properties, out findings) : !properties.IsEmpty))
        {
            return MqttStatus.InvalidArgument;
        }

        byte header = (byte)(Header(type) | RequestFlags);
        MqttStatus ready = Is5 && subscribes && findings.HasSubscriptionIdentifier && !State5.Incoming.Limits.SubscriptionIdentifiersAvailable
            ? MqttStatus.NotAvailable
            : OpenRequest(header, (uint)list.Length, properties, filters);
        if (ready != MqttStatus.Complete)
        {
            return ready;
        }

        var writer = new MqttPacketWriter(destination, _state.OutgoingWritten);
        WriteRequest(ref writer, header, (uint)list.Length, properties);
        writer.Bytes(list);
        written = writer.Written;
        return CloseRequest(written, subscribes ? MqttFacts.AwaitsSuback : MqttFacts.AwaitsUnsuback, filters);
    }

    private bool CanReceive(MqttQos qos)
        => qos == MqttQos.AtMostOnce
        || (Features.MqttQos && MaxAcknowledgements != 0 && (qos == MqttQos.AtLeastOnce || InboundCapacity != 0));

    private MqttStatus OpenRequest(byte header, uint listBytes, scoped ReadOnlySpan<byte> properties, scoped in MqttFilters filters)
    {
        bool subscribes = (MqttPacketType)(header >> 4) == MqttPacketType.Subscribe;
        if (Is(MqttFacts.AwaitsSuback | MqttFacts.AwaitsUnsuback))
        {
            return Busy();
        }

        if (Is5 && subscribes && ((filters.HasWildcards && !State5.Incoming.Limits.WildcardsAvailable)
            || (filters.HasShared && !State5.Incoming.Limits.SharedSubscriptionsAvailable)))
        {
            return MqttStatus.NotAvailable;
        }

        uint remaining = RequestBytes(listBytes, properties);
        return remaining > MaxRemainingLength ? MqttStatus.InvalidArgument : Open(MqttState.Connected, header, remaining);
    }

    private uint RequestBytes(uint listBytes, scoped ReadOnlySpan<byte> properties)
        => sizeof(ushort) + listBytes + (Is5 ? PropertiesBytes(properties) : 0);

    private void WriteRequest(scoped ref MqttPacketWriter writer, byte header, uint listBytes, scoped ReadOnlySpan<byte> properties)
    {
        writer.FixedHeader(header, RequestBytes(listBytes, properties));
        writer.UInt16(Identify());
        if (Is5)
        {
            writer.Properties(properties);
        }
    }

    private MqttStatus CloseRequest(int written, MqttFacts awaits, scoped in MqttFilters filters)
    {
        if (!Close(written))
        {
            return MqttStatus.DestinationTooSmall;
        }

        _state.RequestIdentifier = _state.OutgoingIdentifier;
        _state.RequestFilters = filters.Count;
        if (Features.MqttQos)
        {
            _state.RequestQos = filters.HighestQos;
        }

        _state.OutgoingIdentifier = 0;
        _state.Facts |= awaits;
        _state.RequestSince = _state.Now;
        return MqttStatus.Complete;
    }
}
