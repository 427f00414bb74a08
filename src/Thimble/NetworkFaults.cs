using System.Globalization;
using Thimble.Memory;

namespace Thimble;

/// <summary>Explains what went wrong beneath the connection, on devices whose TCP/IP is Thimble.Net.</summary>
internal static class NetworkFaults
{
    public static FaultExplanation? Explain(in Fault fault) => Address(fault) ?? Services(fault) ?? Connection(fault);

    private static FaultExplanation? Address(in Fault fault) => fault.Reason switch
    {
        FaultReason.DhcpNoAnswer => new(
            $"No DHCP server offered an address within {Seconds(fault.Actual)} s.",
            "Check the cable and the DHCP server, or give the device a fixed address."),
        FaultReason.AddressLost => new(
            $"The address {Dotted(fault.Actual)} was lost: its lease ended, or another host uses it.",
            "Look for a second device with that address, and check that the DHCP server still answers."),
        FaultReason.NeighbourUnreachable => new(
            $"The next hop, {Dotted(fault.Actual)}, does not answer ARP.",
            "Check the cable, the network mask and the router."),
        FaultReason.NetworkProfileInvalid => new(
            $"The network's profile does not fit: {fault.Expected} bytes are the limit, and {fault.Actual} were given.",
            "Change the buffer or the name in the network's profile."),
        _ => null,
    };

    private static FaultExplanation? Services(in Fault fault) => fault.Reason switch
    {
        FaultReason.DnsNoAnswer => new(
            $"No name server answered within {Seconds(fault.Actual)} s.",
            "Check the name server that DHCP or the build names."),
        FaultReason.DnsNameUnknown => new(
            $"The broker's name does not exist, or has no IPv4 address (response code {fault.Actual}).",
            "Check the name for a slip of the pen; Thimble.Net speaks IPv4 only."),
        FaultReason.DnsServerFailed => new(
            $"The name server could not answer (response code {fault.Actual}).",
            "Try again later, or name another server."),
        FaultReason.TimeNoAnswer => new(
            $"No time server answered within {Seconds(fault.Actual)} s, and certificates cannot be judged without the time.",
            "Check the time server's name and that UDP port 123 is open, or give the time at build."),
        FaultReason.TimeServerUnfit => new(
            $"The time server does not know the time itself (stratum {fault.Actual}).",
            "Name another time server."),
        _ => null,
    };

    private static FaultExplanation? Connection(in Fault fault) => fault.Reason switch
    {
        FaultReason.TcpRefused => new(
            $"The host refused the connection: nothing listens at port {fault.Actual}.",
            "Check the port, and that the broker is running."),
        FaultReason.TcpReset => new(
            "The peer reset the connection.",
            "Look into the broker's log for the reason."),
        FaultReason.TcpTimedOut => new(
            $"The peer acknowledged nothing for {Seconds(fault.Actual)} s; the limit is {Seconds(fault.Expected)} s.",
            "Check the network between the device and the broker."),
        _ => null,
    };

    private static string Seconds(uint milliseconds) => (milliseconds / 1000.0).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Dotted(uint address) => $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}";
}
