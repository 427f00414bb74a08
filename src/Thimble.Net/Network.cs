using System;
using System.Runtime.InteropServices;
using Thimble.Memory;
using Thimble.Net.Ip;
using Thimble.Net.Services;
using Thimble.Net.Tcp;
using Thimble.Net.Wire;

namespace Thimble.Net;

/// <summary>
/// A host on an Ethernet, as a lens over memory that a <see cref="NetworkPlan"/> prepared: ARP, IPv4, ICMP echo, a DHCP
/// client, one question to a name server, one to a time server, and one TCP connection. It does no I/O: frames come in by
/// <see cref="Receive"/>, and leave by its reply and by <see cref="Poll"/>. The time is an argument: milliseconds of any clock
/// that never runs backwards; it may wrap from 2^32 - 1 to 0. One thread at a time.
/// </summary>
/// <remarks>
/// Every call is bounded by the length of the frame that it is given or makes. Nothing that arrives is kept but what was
/// asked for: replies to others are made in their own frames, so that a flood takes no memory.
/// </remarks>
public readonly ref partial struct Network
{
    /// <summary>Room for the longest headers that are made: those of a DHCP message.</summary>
    internal const int FrameBytes = 92;

    private readonly Span<byte> _memory;
    private readonly ref NetworkState _state;

    /// <summary>Looks at <paramref name="memory"/>, for which <see cref="NetworkPlan.IsPrepared"/> is true and which lies at a multiple of 4.</summary>
    public Network(Span<byte> memory)
    {
        _memory = memory;
        _state = ref MemoryMarshal.AsRef<NetworkState>(memory);
    }

    /// <summary>Whether we have an address that may be used.</summary>
    public bool IsConfigured => _state.Interface.IsUsable;

    /// <summary>Our address, or none.</summary>
    public Ipv4Address Address => IsConfigured ? _state.Interface.Address : default;

    /// <summary>The router to all that is not on this link, or none.</summary>
    public Ipv4Address Gateway => _state.Interface.Gateway;

    /// <summary>The name server, or none.</summary>
    public Ipv4Address NameServer => _state.Interface.NameServer;

    /// <summary>What has happened to frames.</summary>
    public ref readonly NetworkCounters Counters => ref _state.Counters;

    /// <summary>The TCP connection. Its own fault says why it ended.</summary>
    public TcpConnection Tcp => new(Region(NetworkRegion.Tcp), Region(NetworkRegion.SendBuffer), Region(NetworkRegion.ReceiveBuffer));

    /// <summary>
    /// The latest fault of DHCP, DNS, SNTP or ARP. It is gone when an address or a question is begun anew, and is no hindrance:
    /// DHCP and ARP go on trying.
    /// </summary>
    public Fault Fault => new()
    {
        Reason = _state.Fault.Reason,
        Depth = Fault.NoDepth,
        Expected = _state.Fault.Expected,
        Actual = _state.Fault.Actual,
    };

    /// <summary>The answer of the latest <see cref="Resolve"/>, when it is <see cref="QueryStatus.Done"/>.</summary>
    public Ipv4Address Resolved => _state.Dns.Resolved;

    /// <summary>Where the latest <see cref="Resolve"/> stands.</summary>
    public QueryStatus ResolveStatus => _state.Dns.Status;

    /// <summary>Where the latest <see cref="AskTime"/> stands.</summary>
    public QueryStatus TimeStatus => _state.Sntp.Status;

    /// <summary>Asks for an address by DHCP, and keeps its lease from now on. What was configured is forgotten, but for a fixed name server.</summary>
    public void UseDhcp(uint nowMilliseconds)
    {
        Forget();
        new DhcpClient(ref _state).Begin(nowMilliseconds);
    }

    /// <summary>Uses an address that was fixed beforehand. The gateway may be none.</summary>
    public void UseAddress(Ipv4Address address, int prefixLength, Ipv4Address gateway)
    {
        Forget();
        _state.Dhcp = default;
        _state.Interface.Address = address;
        _state.Interface.PrefixLength = (byte)int.Min(32, int.Max(0, prefixLength));
        _state.Interface.Gateway = gateway;
        _state.Interface.IsUsable = address.IsUnicast;
        _state.Interface.AnnounceDue = address.IsUnicast;
    }

    /// <summary>Asks this name server, whatever DHCP says.</summary>
    public void UseNameServer(Ipv4Address server, ushort port = 53)
    {
        _state.Interface.NameServer = server;
        _state.Interface.NameServerPort = port;
        _state.Interface.NameServerIsFixed = true;
    }

    /// <summary>
    /// Looks up the IPv4 address of <paramref name="name"/> (RFC 1035), in ASCII without a last dot; an address in dotted form
    /// is its own answer. A question that was open is given up.
    /// </summary>
    public void Resolve(uint nowMilliseconds, ReadOnlySpan<byte> name)
    {
        _state.Fault = default;
        new DnsResolver(ref _state, Region(NetworkRegion.HostName)).Begin(nowMilliseconds, name);
    }

    /// <summary>Asks a time server (RFC 4330). A question that was open is given up; the time that is known stays until there is a better one.</summary>
    public void AskTime(uint nowMilliseconds, Ipv4Address server, ushort port = 123)
    {
        _state.Fault = default;
        new SntpClient(ref _state).Begin(nowMilliseconds, server, port);
    }

    /// <summary>
    /// Seconds since 1970-01-01T00:00Z without leap seconds, counted on from the latest answer; 0 while unknown. It serves the
    /// judging of certificates; SNTP is not authenticated, and whoever is on the path can say any time.
    /// </summary>
    public long UnixSeconds(uint nowMilliseconds) => _state.Sntp.UnixSeconds(nowMilliseconds);

    /// <summary>Begins a connection, if we have an address and a way. Whatever the last one held is gone; the port is new (RFC 6056).</summary>
    public bool Connect(uint nowMilliseconds, Ipv4Address remote, ushort port)
    {
        if (_state.Interface.NextHop(remote).IsNone)
        {
            NetworkCounters.Count(ref _state.Counters.NoRoute);
            return false;
        }

        Ipv4Address local = Address;
        ushort localPort = _state.Random.PortFor(local, remote, port);
        uint sequence = _state.Random.SequenceFor(nowMilliseconds, local, localPort, remote, port);
        Tcp.Connect(nowMilliseconds, local, localPort, remote, port, sequence, _state.Header.SegmentBytes);
        return true;
    }

    private Span<byte> Region(NetworkRegion region) =>
        _memory.Slice(_state.Header.OffsetOf(region), _state.Header.BytesOf(region));

    /// <summary>Leaves the link as if it were new; a connection from the address that was ours cannot go on.</summary>
    private void Forget()
    {
        _state.Fault = default;
        _state.Neighbours.Clear();
        AddressLoss.Apply(ref _state);
        if (!_state.Interface.NameServerIsFixed)
        {
            _state.Interface.NameServer = default;
            _state.Interface.NameServerPort = 53;
        }
    }
}
