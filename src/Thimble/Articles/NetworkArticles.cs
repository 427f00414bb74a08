using Thimble.Memory;

namespace Thimble;

/// <summary>The articles of faults beneath the connection, on devices.</summary>
internal static class NetworkArticles
{
    public static FaultArticle? Of(FaultReason reason) => reason switch
    {
        FaultReason.DhcpNoAnswer => new(
            ["The cable is out, or the switch's port is closed.", "The network has no DHCP server."],
            ["Look at the link's light.", "Give the device a fixed address."]),
        FaultReason.AddressLost => new(
            ["Two devices have the same address, often because two have the same MAC address.", "The DHCP server is gone, and the lease ended."],
            ["arping the address from another host: two answers tell."]),
        FaultReason.NeighbourUnreachable => new(
            ["The router is off, or the network mask is wrong."],
            ["ping the router from another host of the same network."]),
        FaultReason.NetworkProfileInvalid => new(
            ["A buffer or a name of the network's profile is too small or too long."],
            ["Compare with docs/device.md."]),
        FaultReason.DnsNoAnswer or FaultReason.DnsServerFailed => new(
            ["The name server is down, or a firewall drops UDP port 53."],
            ["Ask it from another host of the same network."]),
        FaultReason.DnsNameUnknown => new(
            ["The broker's name is misspelt.", "It has IPv6 addresses only; Thimble.Net speaks IPv4."],
            ["Ask for the name from another host."]),
        FaultReason.TimeNoAnswer or FaultReason.TimeServerUnfit => new(
            ["A firewall drops UDP port 123.", "The time server was just started and does not know the time itself."],
            ["Name another time server.", "Give the time at build as a lower bound."]),
        FaultReason.TcpRefused => new(
            ["The broker is not running, or listens at another port.", "The broker listens at 127.0.0.1 only."],
            ["thimble probe HOST:PORT"]),
        FaultReason.TcpReset => new(
            ["The broker ended, or a firewall cut the connection.", "The broker did not like the client, and said so in its log only."],
            ["Look into the broker's log.", "thimble probe HOST:PORT"]),
        FaultReason.TcpTimedOut => new(
            ["The network between both is broken or very slow.", "A firewall swallows the packets."],
            ["thimble probe HOST:PORT", "Measure the loss on the way."]),
        _ => null,
    };
}
