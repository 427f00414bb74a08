using System.Runtime.InteropServices;
using Thimble.Net.Wire;

namespace Thimble.Net.Ip;

/// <summary>Who we are on the link, and where the others are.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct InterfaceState
{
    public const int Bytes = 28;

    public MacAddress Station;
    public byte PrefixLength;
    public bool IsUsable;        // the address may be used: it was given to us, or leased and found free
    public Ipv4Address Address;  // while not usable: what DHCP was offered
    public Ipv4Address Gateway;
    public Ipv4Address NameServer;
    public uint DefendedAt;
    public ushort NameServerPort;
    public bool NameServerIsFixed;
    public bool AnnounceDue;

    /// <summary>255.255.255.0 for 24.</summary>
    public readonly uint Mask => PrefixLength == 0 ? 0 : uint.MaxValue << (32 - PrefixLength);

    /// <summary>Whether <paramref name="to"/> is on this link.</summary>
    public readonly bool IsOnLink(Ipv4Address to) => ((to.Value ^ Address.Value) & Mask) == 0;

    /// <summary>Whether <paramref name="to"/> is every host of this link (RFC 922 §7). A link of one or two hosts has no such address (RFC 3021).</summary>
    public readonly bool IsBroadcast(Ipv4Address to) =>
        to.Is(Ipv4Address.Broadcast) || (IsUsable && PrefixLength < 31 && to.Value == (Address.Value | ~Mask));

    /// <summary>The neighbour that takes a datagram for <paramref name="to"/> (RFC 1122 §3.3.1.1): itself or the gateway; none where there is no way.</summary>
    public readonly Ipv4Address NextHop(Ipv4Address to)
    {
        Ipv4Address hop = IsOnLink(to) ? to : Gateway;
        return IsUsable && hop.IsUnicast && IsOnLink(hop) && !IsBroadcast(hop) ? hop : default;
    }
}
