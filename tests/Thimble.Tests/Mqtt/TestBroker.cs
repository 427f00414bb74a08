using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Thimble.Mqtt;
using Thimble.Tests.Peers;

namespace Thimble.Tests.Mqtt;

/// <summary>Mosquitto over TLS that keeps its sessions over a restart on the same port.</summary>
internal sealed class TestBroker : IDisposable
{
    private readonly PeerPki _pki;
    private readonly PeerIdentity _identity;
    private readonly string _more;
    private readonly DirectoryInfo _store = Directory.CreateTempSubdirectory("thimble-mosquitto-");

    private TestBroker(PeerPki pki, string more)
    {
        _pki = pki;
        _identity = pki.Server("p256");
        _more = more;
        Process = Begin();
    }

    public PeerProcess Process { get; private set; }

    public int Port { get; private set; }

    public static TestBroker Start(PeerPki pki, string more = "allow_anonymous true") => new(pki, more);

    public Uri Uri => new($"mqtts://{PeerPki.ServerName}:{Port.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>What a client needs to get in.</summary>
    public MqttClientOptions Options(MqttVersion version = MqttVersion.V5, string clientId = "") => new()
    {
        Server = Uri,
        Credentials = Credentials.Load(_identity.RootFile, _pki.Client("p256")!.ChainFile, _pki.Client("p256")!.KeyFile),
        Version = version,
        ClientId = clientId,
        Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromMilliseconds(200) },
    };

    /// <summary>Ends it without a word to anybody, and begins it again.</summary>
    public void Restart()
    {
        Kill();
        Process = Begin();
    }

    public void Kill() => Process.Dispose();

    public void Resume() => Process = Begin();

    /// <summary>Mosquitto's own clients.</summary>
    public PeerProcess StartClient(string program, params ReadOnlySpan<string> more)
    {
        PeerIdentity client = _pki.Client("p256")!;
        return PeerProcess.Start(program,
        [
            "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture),
            "--cafile", _identity.RootFile, "--cert", client.ChainFile, "--key", client.KeyFile, .. more,
        ]);
    }

    public void Dispose()
    {
        Process.Dispose();
        _store.Delete(recursive: true);
    }

    private PeerProcess Begin()
    {
        const int Attempts = 5;
        for (int attempt = 1; ; attempt++)
        {
            int port = Port == 0 ? FreePort() : Port;
            PeerProcess process = PeerProcess.Start("mosquitto", "-c", _pki.WriteFile(Configuration(port)));
            if (process.TryWaitFor("mosquitto version .* running").Success)
            {
                Port = port;
                return process;
            }

            string said = process.Output;
            process.Dispose();
            if (attempt == Attempts || !said.Contains("in use", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("Mosquitto does not run: " + said);
            }
        }
    }

    // As root it would become another user, who cannot read our keys. What it stores it stores at once: a kill loses nothing.
    private string Configuration(int port) => $"""
        listener {port} 127.0.0.1
        user {Environment.UserName}
        {_more}
        require_certificate true
        cafile {_pki.ClientRootFile}
        certfile {_identity.ChainFile}
        keyfile {_identity.KeyFile}
        persistence true
        persistence_location {_store.FullName}/
        autosave_on_changes true
        autosave_interval 1
        log_dest stderr
        log_type all
        """;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
