using System;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Thimble.Tests.Peers;

/// <summary>Mosquitto, which speaks one version of TLS only and lets nobody in without a certificate.</summary>
internal sealed class MosquittoBroker : IDisposable
{
    private const int Attempts = 5;

    private readonly PeerPki _pki;
    private readonly PeerIdentity _identity;

    private MosquittoBroker(PeerPki pki, PeerIdentity identity, PeerProcess process, int port)
    {
        _pki = pki;
        _identity = identity;
        Process = process;
        Port = port;
    }

    public PeerProcess Process { get; }

    public int Port { get; }

    /// <summary>The file of the root that issued the broker.</summary>
    public string RootFile => _identity.RootFile;

    public static MosquittoBroker Start(PeerPki pki, PeerIdentity identity, string version = "1.2")
    {
        // It cannot choose a free port itself, and one that is free now may be taken in a moment.
        for (int attempt = 1; ; attempt++)
        {
            int port = FreePort();
            PeerProcess process = PeerProcess.Start("mosquitto", "-c", pki.WriteFile(Configuration(pki, identity, version, port)));
            if (process.TryWaitFor("mosquitto version .* running").Success)
            {
                return new MosquittoBroker(pki, identity, process, port);
            }

            string said = process.Output;
            process.Dispose();
            if (attempt == Attempts || !said.Contains("in use", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("Mosquitto does not run: " + said);
            }
        }
    }

    /// <summary>Another client: <c>mosquitto_pub</c> or <c>mosquitto_sub</c>.</summary>
    public PeerProcess StartClient(string program, params ReadOnlySpan<string> more)
    {
        PeerIdentity client = _pki.Client("p256")!;
        return PeerProcess.Start(program,
        [
            "-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture),
            "--cafile", _identity.RootFile, "--cert", client.ChainFile, "--key", client.KeyFile, .. more,
        ]);
    }

    public void Dispose() => Process.Dispose();

    // As root it would become another user, who cannot read our keys.
    private static string Configuration(PeerPki pki, PeerIdentity identity, string version, int port) => $"""
        listener {port} 127.0.0.1
        user {Environment.UserName}
        allow_anonymous true
        require_certificate true
        tls_version tlsv{version}
        cafile {pki.ClientRootFile}
        certfile {identity.ChainFile}
        keyfile {identity.KeyFile}
        persistence false
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
