using System;
using Thimble.Memory;
using Thimble.Net.Ip;
using Thimble.Net.Services;
using Thimble.Net.Tcp;
using Thimble.Net.Wire;

namespace Thimble.Net;

// What leaves of our own accord.
public readonly ref partial struct Network
{
    private const int DatagramOffset = EthernetHeader.Bytes;
    private const int SegmentOffset = EthernetHeader.Bytes + Ipv4Header.MinBytes;

    /// <summary>
    /// Does what is due by <paramref name="nowMilliseconds"/>, and gives at most one <paramref name="frame"/>, to be sent before
    /// the next call. Where the address was lost, the connection is aborted. Call it until it returns false: after each <see cref="Receive"/>, after writing to <see cref="Tcp"/>, and
    /// when <see cref="PollAt"/> has passed.
    /// </summary>
    public bool Poll(uint nowMilliseconds, out OutgoingFrame frame)
    {
        _state.Sntp.Advance(nowMilliseconds);
        if (!IsConfigured && Tcp.State != TcpState.Closed)
        {
            Tcp.Abort();
        }

        Span<byte> room = Region(NetworkRegion.Frame);
        bool sends = new DhcpClient(ref _state).Poll(nowMilliseconds, room, out frame)
            || new DnsResolver(ref _state, Region(NetworkRegion.HostName)).Poll(nowMilliseconds, room, out frame)
            || new SntpClient(ref _state).Poll(nowMilliseconds, room, out frame)
            || PollTcp(nowMilliseconds, room, out frame)
            || PollNeighbours(nowMilliseconds, room, out frame);
        _state.Counters.Sent += sends ? 1u : 0;
        return sends;
    }

    /// <summary>In how many milliseconds <see cref="Poll"/> has something to do if nothing arrives; <see cref="uint.MaxValue"/> for never.</summary>
    public uint PollAt(uint nowMilliseconds)
    {
        uint wait = uint.Min(_state.Dhcp.PollAt(nowMilliseconds), _state.Neighbours.PollAt(nowMilliseconds));
        wait = uint.Min(wait, new DnsResolver(ref _state, default).PollAt(nowMilliseconds));
        wait = uint.Min(wait, new SntpClient(ref _state).PollAt(nowMilliseconds));
        wait = _state.Interface.AnnounceDue ? 0 : wait;
        TcpConnection tcp = Tcp;
        bool waits = !IsConfigured || Route.IsHeld(_state, nowMilliseconds, tcp.RemoteAddress);
        return waits ? wait : uint.Min(wait, tcp.PollAt(nowMilliseconds));
    }

    /// <summary>
    /// A segment waits while its next hop is asked for. Once that fell silent, segments are lost like any others, so that the
    /// connection's own patience ends.
    /// </summary>
    private bool PollTcp(uint now, Span<byte> room, out OutgoingFrame frame)
    {
        frame = default;
        TcpConnection tcp = Tcp;
        if (!IsConfigured || tcp.PollAt(now) != 0 || !Route.IsReady(ref _state, now, tcp.RemoteAddress, out MacAddress station)
            || !tcp.Poll(now, room.Slice(SegmentOffset), out int headerBytes, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second))
        {
            return false;
        }

        if (!station.IsUnicast)
        {
            NetworkCounters.Count(ref _state.Counters.NoRoute);
            return false;
        }

        EthernetHeader.Write(room, station, _state.Interface.Station, EthernetHeader.Ipv4);
        Ipv4Header.Write(room.Slice(DatagramOffset), IpProtocol.Tcp, Address, tcp.RemoteAddress, headerBytes + first.Length + second.Length);
        frame = new OutgoingFrame(room.Slice(0, SegmentOffset + headerBytes), first, second);
        return true;
    }

    private bool PollNeighbours(uint now, Span<byte> room, out OutgoingFrame frame)
    {
        frame = default;
        if (_state.Interface.AnnounceDue)
        {
            _state.Interface.AnnounceDue = false;
            frame = ArpFrame.Ask(room, _state.Interface.Station, Address, Address);
            return true;
        }

        Ipv4Address wanted = _state.Neighbours.Wanted;
        bool asks = _state.Neighbours.TryAsk(now, out bool fellSilent);
        if (fellSilent)
        {
            _state.Fault.Set(FaultReason.NeighbourUnreachable, wanted.Value);
        }

        frame = asks ? ArpFrame.Ask(room, _state.Interface.Station, Address, wanted) : default;
        return asks;
    }
}
