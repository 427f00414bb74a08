using System;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Thimble.Cli.Device;
using Thimble.Memory;
using Thimble.Tests.X509;
using Xunit.Sdk;

namespace Thimble.Tests.Device;

/// <summary>A device in QEMU with a broker and servers that can be stopped, started, and wrong.</summary>
internal sealed class DeviceLab : IDisposable
{
    public const string BrokerName = "broker.thimble.example";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-device-test-");
    private readonly TestCertificate _root = Authority("Device Root", 100);
    private readonly TestCertificate _clients = Authority("Device Clients", 101);
    private readonly int _namePort;
    private readonly int _timePort;
    private UdpResponder? _names;
    private UdpResponder? _time;
    private DeviceBroker? _broker;
    private DeviceMachine? _machine;

    public DeviceLab()
    {
        StartNames();
        StartTime();
        _namePort = _names!.Port;
        _timePort = _time!.Port;
    }

    public int BrokerPort { get; } = FreePort.Tcp();

    /// <summary>What the device has printed so far, and a place in it.</summary>
    public int Mark => _machine!.Process.Said.Mark;

    public DeviceMachine Machine => _machine!;

    public void StartNames() => _names = UdpResponder.Start(NameAnswers.For(BrokerName, DeviceSettings.HostOfGuest), _namePort);

    public void StopNames() => _names!.Dispose();

    public void StartTime() => _time = UdpResponder.Start(TimeAnswers.Of(TimeSpan.Zero), _timePort);

    public void StopTime() => _time!.Dispose();

    /// <summary>A broker whose certificate is good, or wrong in what is given.</summary>
    public void StartBroker(string name = BrokerName, DateTimeOffset? end = null, TestCertificate? root = null)
    {
        TestCertificate leaf = Leaf(name, "1.3.6.1.5.5.7.3.1", 60, root ?? _root, end ?? DateTimeOffset.UtcNow.AddDays(10));
        var identity = new BrokerIdentity(leaf.Certificate.ExportCertificatePem(), leaf.Key.ExportPkcs8PrivateKeyPem(), _clients.Certificate.ExportCertificatePem());
        _broker = DeviceBroker.Start(identity, BrokerPort, _folder.FullName);
    }

    public void KillBroker() => _broker!.Dispose();

    public void StartDevice(TlsVersions versions = TlsVersions.Tls12)
    {
        TestCertificate client = Leaf("device-1", "1.3.6.1.5.5.7.3.2", 61, _clients, DateTimeOffset.UtcNow.AddDays(10));
        var settings = new DeviceSettings
        {
            BrokerName = BrokerName,
            BrokerPort = BrokerPort,
            NameServer = new IPEndPoint(DeviceSettings.HostOfGuest, _namePort),
            TimeServer = new IPEndPoint(DeviceSettings.HostOfGuest, _timePort),
            ReadingInterval = TimeSpan.FromSeconds(1),
            KeepAlive = TimeSpan.FromSeconds(4),
            Patience = TimeSpan.FromSeconds(5),
            FirstPause = TimeSpan.FromSeconds(1),
            LongestPause = TimeSpan.FromSeconds(2),
        };
        using var credentials = Credentials.From([Copy(_root)], [Copy(client)], client.Key);
        byte[] image = DeviceImageWriter.Write(settings, DeviceProfile.For(versions), credentials.BuildRomImage(DateTimeOffset.UtcNow.AddMinutes(-1)), RandomNumberGenerator.GetBytes(32));
        _machine = DeviceMachine.Start(DeviceBuild.Make(DeviceBoard.Emulated, FirmwareFeatures.Of(DeviceProfile.For(versions)), image, _folder.FullName), _folder.FullName);
    }

    /// <summary>Waits until the device has printed what <paramref name="pattern"/> describes, after <paramref name="mark"/>.</summary>
    public void WaitFor(string pattern, int mark = 0)
    {
        Transcript said = _machine!.Process.Said;
        Match match = said.WaitFor(pattern, Patience, mark);
        if (!match.Success)
        {
            throw new XunitException($"The device never printed '{pattern}'. It printed:\n{said.Text}");
        }
    }

    public void Dispose()
    {
        _machine?.Dispose();
        _broker?.Dispose();
        _names?.Dispose();
        _time?.Dispose();
        _folder.Delete(recursive: true);
    }

    public static TestCertificate Authority(string name, int key) => TestPki.Make(new CertificateRecipe
    {
        Subject = $"CN={name}, O=Thimble",
        Key = TestPki.Key("P-256", key),
        NotBefore = DateTimeOffset.UtcNow.AddDays(-30),
        NotAfter = DateTimeOffset.UtcNow.AddDays(30),
        DnsNames = [],
        IsCa = true,
        KeyUsage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
    });

    private static TestCertificate Leaf(string name, string purpose, int key, TestCertificate issuer, DateTimeOffset end) => TestPki.Make(
        new CertificateRecipe
        {
            Subject = "CN=" + name,
            // The image's credentials own and dispose of the client's key, so it is not one that tests share.
            Key = key == 61 ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : TestPki.Key("P-256", key),
            NotBefore = DateTimeOffset.UtcNow.AddDays(-20),
            NotAfter = end,
            DnsNames = [name],
            KeyUsage = X509KeyUsageFlags.DigitalSignature,
            Purposes = [purpose],
        },
        issuer);

    private static X509Certificate2 Copy(TestCertificate certificate) => X509CertificateLoader.LoadCertificate(certificate.Der);
}
