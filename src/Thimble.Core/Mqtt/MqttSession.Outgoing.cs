using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>The packet that is half sent. Each call may be repeated, with the same arguments, until its destination took all.</summary>
public readonly ref partial struct MqttSession
{
    private const uint MaxRemainingLength = 268_435_455;   // §2.2.3: four bytes of seven bits

    private bool IsSending => _state.OutgoingBytes != 0;

    private bool IsSendingPayload => IsSending && _state.OutgoingHeader == 0;

    private bool IsSendingAcknowledgement
        => IsSending && (MqttPacketType)(_state.OutgoingHeader >> 4) is >= MqttPacketType.Puback and <= MqttPacketType.Pubcomp;

    // Complete: the packet may be written, from its start or from where the last call stopped.
    private MqttStatus Open(MqttState needed, byte header, uint remaining, uint payload = 0)
    {
        if (HasFailed || _state.State != needed || IsSendingPayload)
        {
            return Busy();
        }

        uint whole = 1 + LengthBytes(remaining) + remaining;
        if (!IsSending)
        {
            if (Is5 && needed != MqttState.ExpectConnect && whole > State5.Incoming.Limits.MaximumPacketBytes)
            {
                return MqttStatus.PacketTooLarge;
            }

            _state.OutgoingHeader = header;
            _state.OutgoingBytes = whole - payload;
            _state.OutgoingPayload = payload;
            _state.OutgoingIdentifier = 0;
        }
        else if (_state.OutgoingHeader != header)
        {
            return MqttStatus.WrongState;
        }

        // The remaining length may be on its way already: another payload would end elsewhere.
        return _state.OutgoingBytes == whole - payload && _state.OutgoingPayload == payload ? MqttStatus.Complete : MqttStatus.InvalidArgument;
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

    // [MQTT-2.3.1-1], [MQTT-2.2.1-3] of MQTT 5: never 0, and not one that is in use. Bounded: fewer are in use than there are.
    private ushort Identify()
    {
        if (_state.OutgoingIdentifier != 0)
        {
            return _state.OutgoingIdentifier;
        }

        ushort identifier = _state.LastIdentifier;
        do
        {
            identifier = (ushort)(identifier == ushort.MaxValue ? 1 : identifier + 1);
        }
        while (IsInUse(identifier));

        _state.LastIdentifier = identifier;
        _state.OutgoingIdentifier = identifier;
        return identifier;
    }

    private bool IsInUse(ushort identifier)
        => (Is(MqttFacts.AwaitsSuback | MqttFacts.AwaitsUnsuback) && identifier == _state.RequestIdentifier)
        || (Features.MqttInFlight && InFlightTable.IndexOf(identifier) >= 0);

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

    private MqttStatus Busy() => HasFailed ? MqttStatus.Faulted : MqttStatus.WrongState;

    private static byte Header(MqttPacketType type) => (byte)((int)type << 4);

    private static uint StringBytes(ReadOnlySpan<byte> value) => sizeof(ushort) + (uint)value.Length;

    private static uint PropertiesBytes(ReadOnlySpan<byte> properties) => LengthBytes((uint)properties.Length) + (uint)properties.Length;

    private static uint LengthBytes(uint length)
        => length < 1 << 7 ? 1u : length < 1 << 14 ? 2u : length < 1 << 21 ? 3u : 4u;
}
