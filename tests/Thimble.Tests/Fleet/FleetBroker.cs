using System;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Thimble.Cli.Demo;
using Thimble.Tests.Facade;
using Thimble.Tests.Peers;

namespace Thimble.Tests.Fleet;

/// <summary>Mosquitto for any number of devices, each with a certificate and a key of its own.</summary>
internal sealed class FleetBroker : IDisposable
{
    private readonly DemoPki _pki = DemoPki.Create(DemoKeys.P256, DemoKeys.P256, DateTimeOffset.UtcNow);
    private readonly TemporaryFolder _folder = new();

    private FleetBroker(string version)
    {
        string certificates = string.Join('\n', _pki.ServerChain.Select(certificate => certificate.ExportCertificatePem()));
        string chainFile = _folder.Write("chain", certificates);
        string keyFile = _folder.Write("key", ((ECDsa)_pki.ServerKey).ExportPkcs8PrivateKeyPem());
        string devicesFile = _folder.Write("devices", _pki.DeviceAuthority.ExportCertificatePem());
        Trust = Trust.Of([_pki.Anchor]);
        for (int attempt = 1; ; attempt++)
        {
            Port = FreePort();
            Process = PeerProcess.Start("mosquitto", "-c", _folder.Write("conf" + attempt, $"""
                listener {Port.ToString(CultureInfo.InvariantCulture)} 127.0.0.1
                max_connections -1
                user {Environment.UserName}
                allow_anonymous true
                require_certificate true
                tls_version tlsv{version}
                cafile {devicesFile}
                certfile {chainFile}
                keyfile {keyFile}
                persistence false
                log_dest stderr
                log_type all
                """));
            if (Process.TryWaitFor("mosquitto version .* running").Success)
            {
                return;
            }

            string said = Process.Output;
            Process.Dispose();
            if (attempt == 5 || !said.Contains("in use", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("Mosquitto does not run: " + said);
            }
        }
    }

    public PeerProcess Process { get; }

    public int Port { get; }

    public Trust Trust { get; }

    public static FleetBroker Start(string version = "1.3") => new(version);

    public MqttFleetOptions Options(MqttFleetMessageHandler? received = null) => new()
    {
        Trust = Trust,
        Profile = Profiles.Ecdsa.Profile with { ClientEcdsaBits = 256, MaxMqttAcknowledgements = 2, MaxMqttInFlight = 4 },
        Host = "127.0.0.1",
        Port = Port,
        ServerName = DemoPki.ServerName,
        Received = received,
    };

    /// <summary>A device that the broker lets in. The caller disposes of it.</summary>
    public ClientIdentity Device(string name)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return ClientIdentity.Of([_pki.SignClient(name, key)], key);
    }

    public void Dispose()
    {
        Process.Dispose();
        _pki.Dispose();
        _folder.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
