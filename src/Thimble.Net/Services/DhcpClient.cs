using System;
using Thimble.Memory;
using Thimble.Net.Ip;
using Thimble.Net.Wire;

namespace Thimble.Net.Services;

/// <summary>
/// A DHCP client (RFC 2131): it finds an address, makes sure that nobody else has it, and keeps it. Each message is sent
/// again after 4, 8, 16, 32 and then every 64 s, each a second more or less (§4.1), for ever; after the fourth the fault says
/// so. Bounded: one message at a time, one pass over the options of an answer for each option that is wanted.
/// </summary>
internal readonly ref partial struct DhcpClient
{
    public const ushort ClientPort = 68;
    public const ushort ServerPort = 67;

    private const byte MaxBackOff = 4;
    private const byte MaxRequests = 4;

    // RFC 5227 §1.1 has three probes within seven seconds; a device that wakes to send one reading has less patience.
    private const byte Probes = 2;
    private const uint ProbeIntervalMilliseconds = 250;

    private const uint RestartMilliseconds = 1000;
    private const uint AfterDeclineMilliseconds = 10_000;
    private const uint MinRenewalMilliseconds = 60_000;

    private readonly ref NetworkState _state;

    public DhcpClient(ref NetworkState state) => _state = ref state;

    /// <summary>Begins at <see cref="DhcpPhase.Init"/>, whatever was before.</summary>
    public void Begin(uint now)
    {
        _state.Dhcp = default;
        Restart(now);
    }

    /// <summary>Gives the address up, because another station uses it, and tells the server (RFC 2131 §3.1, step 5).</summary>
    public void Decline(uint now)
    {
        _state.Interface.IsUsable = false;
        _state.Dhcp.Phase = DhcpPhase.Declining;
        _state.Dhcp.NextAt = now;
    }

    /// <summary>An ARP packet about the address that is being probed, from anyone who has or wants it, ends the probe (RFC 5227 §2.1.1).</summary>
    public void HearArp(uint now, ArpPacket packet)
    {
        bool claims = packet.Sender.Is(_state.Interface.Address) || (packet.Sender.IsNone && packet.Target.Is(_state.Interface.Address));
        if (_state.Dhcp.Phase == DhcpPhase.Probing && claims)
        {
            NetworkCounters.Count(ref _state.Counters.Conflicts);
            _state.Fault.Set(FaultReason.AddressLost, _state.Interface.Address.Value);
            Decline(now);
        }
    }

    /// <summary>Does what is due.</summary>
    public bool Poll(uint now, Span<byte> room, out OutgoingFrame frame)
    {
        frame = default;
        return _state.Dhcp.PollAt(now) == 0 && _state.Dhcp.Phase switch
        {
            DhcpPhase.Init => BeginSelecting(now, room, out frame),
            DhcpPhase.Selecting => SendDiscover(now, room, out frame),
            DhcpPhase.Requesting => SendRequest(now, room, out frame),
            DhcpPhase.Probing => SendProbe(now, room, out frame),
            DhcpPhase.Declining => SendDecline(now, room, out frame),
            _ => Extend(now, room, out frame),
        };
    }

    private bool BeginSelecting(uint now, Span<byte> room, out OutgoingFrame frame)
    {
        _state.Dhcp.TransactionId = (uint)_state.Random.Next();
        _state.Dhcp.ExpiresAt = now;
        Enter(DhcpPhase.Selecting, now);
        return SendDiscover(now, room, out frame);
    }

    private bool SendDiscover(uint now, Span<byte> room, out OutgoingFrame frame)
    {
        if (_state.Dhcp.Attempts == MaxBackOff)
        {
            _state.Fault.Set(FaultReason.DhcpNoAnswer, now - _state.Dhcp.ExpiresAt);
        }

        BackOff(now);
        frame = Broadcast(now, room, DhcpMessageType.Discover, default, default);
        return true;
    }

    private bool SendRequest(uint now, Span<byte> room, out OutgoingFrame frame)
    {
        if (_state.Dhcp.Attempts == MaxRequests)
        {
            return BeginSelecting(now, room, out frame);
        }

        BackOff(now);
        frame = Broadcast(now, room, DhcpMessageType.Request, _state.Interface.Address, _state.Dhcp.Server);
        return true;
    }

    private bool SendProbe(uint now, Span<byte> room, out OutgoingFrame frame)
    {
        frame = default;
        if (_state.Dhcp.Attempts == Probes)
        {
            Bind(now);
            return false;
        }

        _state.Dhcp.Attempts++;
        _state.Dhcp.NextAt = now + ProbeIntervalMilliseconds;
        frame = ArpFrame.Ask(room, _state.Interface.Station, default, _state.Interface.Address);
        return true;
    }

    private bool SendDecline(uint now, Span<byte> room, out OutgoingFrame frame)
    {
        frame = Broadcast(now, room, DhcpMessageType.Decline, _state.Interface.Address, _state.Dhcp.Server);
        AddressLoss.Apply(ref _state);
        Restart(now + AfterDeclineMilliseconds);
        return true;
    }

    private void Bind(uint now)
    {
        Enter(DhcpPhase.Bound, _state.Dhcp.RenewAt);
        _state.Interface.IsUsable = true;
        _state.Interface.AnnounceDue = true;
        _state.Interface.DefendedAt = 0;
        _state.Fault = default;
    }

    private void Enter(DhcpPhase phase, uint nextAt)
    {
        _state.Dhcp.Phase = phase;
        _state.Dhcp.Attempts = 0;
        _state.Dhcp.NextAt = nextAt;
    }

    private void Restart(uint at) => Enter(DhcpPhase.Init, at);

    private void BackOff(uint now)
    {
        uint jitter = (uint)_state.Random.Next() & 2047;
        _state.Dhcp.NextAt = now + (4000u << int.Min(_state.Dhcp.Attempts, MaxBackOff)) - 1024 + jitter;
        _state.Dhcp.Attempts += (byte)(_state.Dhcp.Attempts <= MaxBackOff ? 1 : 0);
    }

    private OutgoingFrame Broadcast(uint now, Span<byte> room, DhcpMessageType type, Ipv4Address requested, Ipv4Address server)
    {
        uint seconds = uint.Min((now - _state.Dhcp.ExpiresAt) >> 10, ushort.MaxValue);
        return Message(room, new UdpPath { Station = MacAddress.Broadcast, Destination = Ipv4Address.Broadcast }, type, (ushort)seconds, requested, server);
    }

    /// <summary>A message in three runs: what differs, what is always the same, and what differs again.</summary>
    private OutgoingFrame Message(Span<byte> room, UdpPath path, DhcpMessageType type, ushort seconds, Ipv4Address requested, Ipv4Address server)
    {
        path.SourcePort = ClientPort;
        path.DestinationPort = ServerPort;
        Span<byte> tail = room.Slice(UdpPath.HeaderBytes + DhcpMessage.HeadBytes, DhcpMessage.TailBytes);
        DhcpMessage.WriteHead(room.Slice(UdpPath.HeaderBytes), _state.Dhcp.TransactionId, seconds, path.Source.IsNone, path.Source, _state.Interface.Station);
        DhcpMessage.WriteTail(tail, type, requested, server);
        return path.Frame(room, _state.Interface.Station, DhcpMessage.HeadBytes, DhcpMessage.Middle, tail);
    }
}
