using System;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Device;

/// <summary>The firmware in QEMU against a world that breaks: it names each fault on its serial port, and recovers when it can.</summary>
[Collection(DeviceTests.Name)]
[Trait("Category", "Peer")]
public sealed class DeviceFaultTests
{
    [PeerFact("mosquitto", "qemu-system-arm", "arm-none-eabi-gcc")]
    public void A_broker_that_dies_and_returns_is_found_again()
    {
        using var lab = new DeviceLab();
        lab.StartBroker();
        lab.StartDevice();
        lab.WaitFor("publish ");
        int killed = lab.Mark;
        lab.KillBroker();
        lab.WaitFor(@"fault +(TruncatedByPeer|TcpReset|MqttConnectionLost)", killed);
        lab.WaitFor(@"fault +TcpRefused \(408\)", killed);
        int returned = lab.Mark;
        lab.StartBroker();
        lab.WaitFor("publish ", returned);
    }

    [PeerFact("mosquitto", "qemu-system-arm", "arm-none-eabi-gcc")]
    public void A_cable_that_is_pulled_is_noticed_and_no_restart_is_needed_when_it_is_back()
    {
        using var lab = new DeviceLab();
        lab.StartBroker();
        lab.StartDevice();
        lab.WaitFor("publish ");
        int pulled = lab.Mark;
        lab.Machine.SetLink(connected: false);
        lab.WaitFor(@"fault +(MqttKeepAliveExpired|TcpTimedOut|NeighbourUnreachable)", pulled);
        int back = lab.Mark;
        lab.Machine.SetLink(connected: true);
        lab.WaitFor("publish ", back);
    }

    [PeerFact("mosquitto", "qemu-system-arm", "arm-none-eabi-gcc")]
    public void An_expired_certificate_of_the_broker_is_named()
    {
        using var lab = new DeviceLab();
        lab.StartBroker(end: DateTimeOffset.UtcNow.AddDays(-1));
        lab.StartDevice();
        lab.WaitFor(@"fault +CertificateExpired \(\d+\).*, alert 45, certificate 0");
    }

    [PeerFact("mosquitto", "qemu-system-arm", "arm-none-eabi-gcc")]
    public void A_broker_with_another_name_is_named()
    {
        using var lab = new DeviceLab();
        lab.StartBroker(name: "another.thimble.example");
        lab.StartDevice();
        lab.WaitFor(@"fault +NameMismatch \(107\).*certificate 0");
    }

    [PeerFact("mosquitto", "qemu-system-arm", "arm-none-eabi-gcc")]
    public void A_broker_of_an_unknown_authority_is_named()
    {
        using var lab = new DeviceLab();
        lab.StartBroker(root: DeviceLab.Authority("Stranger", 102));
        lab.StartDevice();
        lab.WaitFor(@"fault +IssuerUnknown \(105\).*alert 48");
    }

    [PeerFact("mosquitto", "qemu-system-arm", "arm-none-eabi-gcc")]
    public void Without_the_time_nothing_is_trusted_until_a_server_tells_it()
    {
        using var lab = new DeviceLab();
        lab.StartBroker();
        lab.StopTime();
        lab.StartDevice();
        lab.WaitFor(@"fault +TimeNoAnswer \(405\)");
        int absent = lab.Mark;
        lab.StartTime();
        lab.WaitFor("publish ", absent);
    }

    [PeerFact("mosquitto", "qemu-system-arm", "arm-none-eabi-gcc")]
    public void An_absent_name_server_is_named_and_asked_again()
    {
        using var lab = new DeviceLab();
        lab.StartBroker();
        lab.StopNames();
        lab.StartDevice();
        lab.WaitFor(@"fault +DnsNoAnswer \(402\)");
        int absent = lab.Mark;
        lab.StartNames();
        lab.WaitFor("publish ", absent);
    }

    [PeerFact("mosquitto", "qemu-system-arm", "arm-none-eabi-gcc")]
    public void A_closed_port_is_a_refusal()
    {
        using var lab = new DeviceLab();
        lab.StartDevice();
        lab.WaitFor(@"fault +TcpRefused \(408\)");
    }
}

/// <summary>One device at a time: each takes a processor.</summary>
[CollectionDefinition(Name)]
public sealed class DeviceTests
{
    public const string Name = "Devices";
}
