using System;
using Thimble.Net.Ip;
using Thimble.Net.Services;
using Thimble.Net.Tcp;
using Thimble.Net.Wire;

namespace Thimble.Net;

// What arrives. Each handler gives the bytes of the reply that it made in the frame, or 0.
public readonly ref partial struct Network
{
    /// <summary>
    /// Takes one Ethernet frame without its frame check sequence. The frame's bytes may be overwritten; true says that
    /// <paramref name="reply"/> lies in them and is to be sent before the next call. Whatever is not sound is dropped and counted.
    /// </summary>
    public bool Receive(uint nowMilliseconds, Span<byte> frame, out OutgoingFrame reply)
    {
        _state.Counters.Received++;
        int bytes = ReceiveFrame(nowMilliseconds, frame);
        reply = new OutgoingFrame(frame.Slice(0, bytes), default, default);
        _state.Counters.Sent += bytes > 0 ? 1u : 0;
        return bytes > 0;
    }

    private int ReceiveFrame(uint now, Span<byte> frame)
    {
        if (!EthernetHeader.TryRead(frame, out EthernetHeader header))
        {
            return Drop(ref _state.Counters.Malformed);
        }

        bool toUs = header.Destination.Is(_state.Interface.Station);
        if (!toUs && !header.Destination.Is(MacAddress.Broadcast))
        {
            return Drop(ref _state.Counters.NotForUs);
        }

        if (!header.Source.IsUnicast || header.Source.Is(_state.Interface.Station))
        {
            return Drop(ref _state.Counters.SourceInvalid);
        }

        return header.Type switch
        {
            EthernetHeader.Arp => ReceiveArp(now, frame),
            EthernetHeader.Ipv4 => ReceiveIpv4(now, frame, toUs),
            _ => Drop(ref _state.Counters.ProtocolUnknown),
        };
    }

    private int ReceiveArp(uint now, Span<byte> frame)
    {
        if (!ArpPacket.TryRead(frame.Slice(EthernetHeader.Bytes), out ArpPacket packet) || packet.SenderStation.Is(_state.Interface.Station))
        {
            return Drop(ref _state.Counters.Malformed);
        }

        new DhcpClient(ref _state).HearArp(now, packet);
        if (!IsConfigured || AddressConflict.IsMet(ref _state, now, packet))
        {
            return 0;
        }

        bool toUs = packet.Target.Is(Address);
        if (packet.Sender.IsUnicast && (toUs || packet.Sender.Is(packet.Target)))
        {
            _state.Neighbours.Hear(now, packet.Sender, packet.SenderStation);
        }

        if (!toUs || packet.Operation != ArpOperation.Request)
        {
            return toUs ? 0 : Drop(ref _state.Counters.NotForUs);
        }

        if (!_state.Budget.TryTakeArp(now))
        {
            return Drop(ref _state.Counters.RateLimited);
        }

        ArpFrame.Answer(frame, _state.Interface.Station, Address, packet.SenderStation, packet.Sender);
        return ArpFrame.Bytes;
    }

    private int ReceiveIpv4(uint now, Span<byte> frame, bool toOurStation)
    {
        Span<byte> datagram = frame.Slice(EthernetHeader.Bytes);
        if (!Ipv4Header.TryRead(datagram, out Ipv4Header header))
        {
            return Drop(ref _state.Counters.Malformed);
        }

        if (!header.IsSound)
        {
            return Drop(ref _state.Counters.ChecksumWrong);
        }

        if (header.IsFragment)
        {
            return Drop(ref _state.Counters.Fragments);
        }

        if (!header.Source.IsUnicast || _state.Interface.IsBroadcast(header.Source) || (IsConfigured && header.Source.Is(Address)))
        {
            return Drop(ref _state.Counters.SourceInvalid);
        }

        // What was sent to all stations may be for all hosts only (RFC 1122 §3.3.6); only DHCP listens to that.
        bool toUs = toOurStation && IsConfigured && header.Destination.Is(Address);
        bool toDhcp = toUs || !IsConfigured || _state.Interface.IsBroadcast(header.Destination);
        Span<byte> payload = datagram.Slice(header.HeaderBytes, header.TotalBytes - header.HeaderBytes);
        int answer = header.Protocol switch
        {
            IpProtocol.Udp when toDhcp => ReceiveUdp(now, header, payload, toUs),
            IpProtocol.Tcp when toUs => ReceiveTcp(now, header, payload),
            IpProtocol.Icmp when toUs => ReceiveIcmp(now, payload),
            _ => Drop(ref toUs ? ref _state.Counters.ProtocolUnknown : ref _state.Counters.NotForUs),
        };
        return answer == 0 ? 0 : AnswerIpv4(frame, header, answer);
    }

    /// <summary>Sends the datagram back from where it came, its payload of so many bytes made already.</summary>
    private int AnswerIpv4(Span<byte> frame, Ipv4Header header, int payloadBytes)
    {
        int headerBytes = header.HeaderBytes;
        Ipv4Header.WriteAnswer(frame.Slice(EthernetHeader.Bytes, headerBytes), header.Protocol, header.Destination, header.Source, payloadBytes);
        EthernetHeader.Write(frame, MacAddress.Read(frame.Slice(MacAddress.Bytes)), _state.Interface.Station, EthernetHeader.Ipv4);
        return EthernetHeader.Bytes + headerBytes + payloadBytes;
    }

    private int ReceiveUdp(uint now, Ipv4Header header, ReadOnlySpan<byte> payload, bool toUs)
    {
        if (!UdpHeader.TryRead(payload, out UdpHeader udp))
        {
            return Drop(ref _state.Counters.Malformed);
        }

        if (!udp.IsSound(header.Source, header.Destination))
        {
            return Drop(ref _state.Counters.ChecksumWrong);
        }

        bool taken = udp.DestinationPort == DhcpClient.ClientPort
            ? new DhcpClient(ref _state).Receive(now, udp)
            : toUs && (new DnsResolver(ref _state, Region(NetworkRegion.HostName)).Receive(header.Source, udp)
                || new SntpClient(ref _state).Receive(now, header.Source, udp));
        return taken ? 0 : Drop(ref _state.Counters.Unsolicited);
    }

    /// <summary>A segment that belongs to no connection is answered with a reset (RFC 9293 §3.10.7.1).</summary>
    private int ReceiveTcp(uint now, Ipv4Header header, Span<byte> segment)
    {
        TcpVerdict verdict = Tcp.Receive(now, header.Source, header.Destination, segment);
        if (verdict != TcpVerdict.Unmatched)
        {
            return verdict == TcpVerdict.Taken ? 0 : Drop(ref _state.Counters.Malformed);
        }

        if (!_state.Budget.TryTake(now))
        {
            return Drop(ref _state.Counters.RateLimited);
        }

        return TcpReset.TryMake(header.Source, header.Destination, segment, out int bytes) ? bytes : Drop(ref _state.Counters.Unsolicited);
    }

    private int ReceiveIcmp(uint now, Span<byte> payload)
    {
        if (!IcmpMessage.TryRead(payload, out IcmpMessage message))
        {
            return Drop(ref _state.Counters.Malformed);
        }

        if (!message.IsSound)
        {
            return Drop(ref _state.Counters.ChecksumWrong);
        }

        if (message.Type != IcmpType.Echo)
        {
            return Drop(ref message.Type == IcmpType.DestinationUnreachable ? ref _state.Counters.Unreachable : ref _state.Counters.ProtocolUnknown);
        }

        if (!_state.Budget.TryTake(now))
        {
            return Drop(ref _state.Counters.RateLimited);
        }

        IcmpMessage.MakeEchoReply(payload);
        return payload.Length;
    }

    private static int Drop(ref ushort counter)
    {
        NetworkCounters.Count(ref counter);
        return 0;
    }
}
