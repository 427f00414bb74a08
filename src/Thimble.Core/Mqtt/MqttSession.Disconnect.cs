using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>PINGREQ and DISCONNECT (MQTT 3.1.1 §3.12 and §3.14, MQTT 5 §3.12 and §3.14).</summary>
public readonly ref partial struct MqttSession
{
    /// <summary>Writes a PINGREQ, unless one is still unanswered.</summary>
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
    /// Writes DISCONNECT. Afterwards the transport is to be closed ([MQTT-3.14.4-1]). In MQTT 5 it may also be called once after a fault
    /// of a connection that was accepted, and then tells the broker its reason (§4.13.1); <see cref="MqttStatus.Faulted"/>: nothing can be told any more.
    /// </summary>
    public MqttStatus Disconnect(scoped Span<byte> destination, out int written)
    {
        MqttStatus status = Is5 && HasFailed
            ? SendReason(destination, out written)
            : SendEmpty(MqttPacketType.Disconnect, destination, out written);
        if (status == MqttStatus.Complete)
        {
            _state.State = MqttState.Disconnected;
        }

        return status;
    }

    /// <summary>
    /// Writes DISCONNECT as the other overload does, with a reason and properties, which MQTT 3.1.1 does not have:
    /// <see cref="MqttReasonCode.DisconnectWithWill"/> has the will published. A session that CONNECT let end with its connection is not
    /// prolonged here (MQTT 5 §3.14.2.2.2).
    /// </summary>
    public MqttStatus Disconnect(MqttReasonCode reason, scoped ReadOnlySpan<byte> properties, scoped Span<byte> destination, out int written)
    {
        written = 0;
        if (!Is5)
        {
            return reason == MqttReasonCode.Success && properties.IsEmpty ? Disconnect(destination, out written) : MqttStatus.InvalidArgument;
        }

        if (!MqttReasonCodes.MayDisconnectWith(reason)
            || !MqttPropertyFindings.TryFind(MqttPropertyPlace.OurDisconnect, properties, out MqttPropertyFindings findings)
            || (findings.SessionExpirySeconds != 0 && Is(MqttFacts.EndsWithConnection)))
        {
            return MqttStatus.InvalidArgument;
        }

        MqttStatus status = SendReason(MqttPacketType.Disconnect, MqttState.Connected, reason, properties, destination, out written);
        if (status == MqttStatus.Complete)
        {
            _state.State = MqttState.Disconnected;
        }

        return status;
    }

    // DISCONNECT or AUTH: both are a reason code and properties.
    private MqttStatus SendReason(
        MqttPacketType type, MqttState needed, MqttReasonCode reason, scoped ReadOnlySpan<byte> properties, scoped Span<byte> destination, out int written)
    {
        written = 0;
        byte header = Header(type);
        uint remaining = 1 + PropertiesBytes(properties);
        MqttStatus ready = remaining > MaxRemainingLength ? MqttStatus.InvalidArgument : Open(needed, header, remaining);
        if (ready != MqttStatus.Complete)
        {
            return ready;
        }

        var writer = new MqttPacketWriter(destination, _state.OutgoingWritten);
        writer.FixedHeader(header, remaining);
        writer.Byte((byte)reason);
        writer.Properties(properties);
        written = writer.Written;
        return Close(written) ? MqttStatus.Complete : MqttStatus.DestinationTooSmall;
    }

    // After a fault: three bytes at once, where no other packet is half sent.
    private MqttStatus SendReason(scoped Span<byte> destination, out int written)
    {
        const int Bytes = 3;
        written = 0;
        MqttReasonCode reason = MqttReasonCodes.Of(_state.Fault.Reason);
        if (_state.State != MqttState.Connected || IsSending || reason == MqttReasonCode.Success || State5.Incoming.Limits.MaximumPacketBytes < Bytes)
        {
            return MqttStatus.Faulted;
        }

        if (destination.Length < Bytes)
        {
            return MqttStatus.DestinationTooSmall;
        }

        destination[0] = Header(MqttPacketType.Disconnect);
        destination[1] = 1;
        destination[2] = (byte)reason;
        written = Bytes;
        return MqttStatus.Complete;
    }
}
