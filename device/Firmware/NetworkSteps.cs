using Thimble.Boards;
using Thimble.Memory;
using Thimble.Net;
using Thimble.Net.Tcp;
using Thimble.Net.Wire;

namespace Thimble.Firmware;

/// <summary>What comes before TLS: an address, the broker's address, the time, a TCP connection.</summary>
internal static class NetworkSteps
{
    /// <summary>DHCP, or the address of the image.</summary>
    public static void Address(scoped in Device device)
    {
        Network network = device.Network;
        if (Journey.IsFirstTurn(device) && !network.IsConfigured)
        {
            Configure(device, network);
        }

        if (network.IsConfigured)
        {
            TellAddress(device, network);
            Journey.Enter(device, Step.Name);
        }
        else
        {
            LoseIf(device, network.Fault, false, FaultReason.DhcpNoAnswer);
        }
    }

    /// <summary>DNS, anew for each connection.</summary>
    public static void Name(scoped in Device device)
    {
        Network network = device.Network;
        if (Journey.IsFirstTurn(device))
        {
            network.Resolve(device.Now, device.Image[ImagePart.BrokerName]);
        }

        if (network.ResolveStatus == QueryStatus.Done)
        {
            SerialLine.Begin(device, "name"u8);
            Uart.Write(device.Image[ImagePart.BrokerName]);
            Uart.Write(" is "u8);
            SerialLine.Write(network.Resolved);
            SerialLine.EndStep(device);
            Journey.Enter(device, Step.Time);
        }
        else
        {
            LoseIf(device, network.Fault, network.ResolveStatus == QueryStatus.Failed, FaultReason.DnsNoAnswer);
        }
    }

    /// <summary>SNTP, until the time is known once; the clock goes on from there.</summary>
    public static void Time(scoped in Device device)
    {
        Network network = device.Network;
        ref readonly DeviceImageHeader settings = ref device.Image.Settings;
        uint known = settings.TimeServer == 0
            ? settings.FixedUnixSeconds + device.State.Clock.Seconds
            : (uint)network.UnixSeconds(device.Now);
        if (known != 0)
        {
            device.State.UnixSeconds = known;
            SerialLine.Begin(device, "time"u8);
            SerialLine.Write(known, " s since 1970"u8);
            SerialLine.EndStep(device);
            Journey.Enter(device, Step.Connect);
            return;
        }

        if (Journey.IsFirstTurn(device))
        {
            network.AskTime(device.Now, new Ipv4Address(settings.TimeServer), settings.TimePort);
        }

        LoseIf(device, network.Fault, network.TimeStatus == QueryStatus.Failed, FaultReason.TimeNoAnswer);
    }

    /// <summary>TCP.</summary>
    public static void Connect(scoped in Device device)
    {
        Network network = device.Network;
        if (Journey.IsFirstTurn(device) && !network.Connect(device.Now, network.Resolved, device.Image.Settings.BrokerPort))
        {
            Recovery.Lose(device, network.Fault);
            return;
        }

        TcpConnection tcp = network.Tcp;
        if (tcp.State == TcpState.Established)
        {
            SerialLine.Begin(device, "connect"u8);
            SerialLine.Write(tcp.RemoteAddress);
            Uart.Write(", port "u8);
            Uart.WriteDecimal(device.Image.Settings.BrokerPort, 0);
            SerialLine.EndStep(device);
            Journey.Enter(device, Step.Handshake);
        }
        else
        {
            LoseIf(device, tcp.Fault, tcp.State == TcpState.Closed, FaultReason.TcpTimedOut);
        }
    }

    private static void Configure(scoped in Device device, scoped in Network network)
    {
        ref readonly DeviceImageHeader settings = ref device.Image.Settings;
        if (settings.NameServer != 0)
        {
            network.UseNameServer(new Ipv4Address(settings.NameServer), settings.NameServerPort);
        }

        if (settings.Address == 0)
        {
            network.UseDhcp(device.Now);
        }
        else
        {
            network.UseAddress(new Ipv4Address(settings.Address), settings.PrefixLength, new Ipv4Address(settings.Gateway));
        }
    }

    private static void TellAddress(scoped in Device device, scoped in Network network)
    {
        SerialLine.Begin(device, "address"u8);
        SerialLine.Write(network.Address);
        Uart.Write(", gateway "u8);
        SerialLine.Write(network.Gateway);
        SerialLine.EndStep(device);
    }

    /// <summary>Gives up where the network did, with its fault, or where the step took too long, with one that says so.</summary>
    private static void LoseIf(scoped in Device device, scoped in Fault fault, bool failed, FaultReason overdue)
    {
        if (failed || fault.Reason != FaultReason.None)
        {
            Recovery.Lose(device, fault);
        }
        else if (Journey.IsOverdue(device))
        {
            Recovery.LoseOverdue(device, overdue);
        }
    }
}
