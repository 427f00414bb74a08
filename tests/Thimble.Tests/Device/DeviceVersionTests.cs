using Thimble.Memory;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Device;

/// <summary>The firmware in QEMU against Mosquitto with each version of TLS that it can be built for.</summary>
[Collection(DeviceTests.Name)]
[Trait("Category", "Peer")]
public sealed class DeviceVersionTests
{
    [PeerTheory("mosquitto", "qemu-system-arm", "arm-none-eabi-gcc")]
    [InlineData(TlsVersions.Tls12, "TLS 1.2, suite 0000c02[bf]")]
    [InlineData(TlsVersions.Tls13, "TLS 1.3, suite 00001301")]
    [InlineData(TlsVersions.Tls12 | TlsVersions.Tls13, "TLS 1.3, suite 00001301")]
    public void Firmware_of_a_version_shakes_hands_with_it_and_publishes(TlsVersions versions, string handshake)
    {
        using var lab = new DeviceLab();
        lab.StartBroker();
        lab.StartDevice(versions);
        lab.WaitFor(@"handshake +" + handshake);
        lab.WaitFor("publish ");
    }
}
