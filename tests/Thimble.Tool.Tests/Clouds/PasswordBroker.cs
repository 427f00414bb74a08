using System;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Thimble.Tests.Peers;

namespace Thimble.Tool.Tests.Clouds;

/// <summary>Mosquitto, which lets one user in, by a file of passwords.</summary>
internal sealed class PasswordBroker : IDisposable
{
    private const int Attempts = 5;

    private readonly PeerProcess _process;

    private PasswordBroker(PeerProcess process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>What the broker said, its log.</summary>
    public string Log => _process.Output;

    public static PasswordBroker Start(PeerPki pki, PeerIdentity identity, string user, string password)
    {
        string passwords = pki.WriteFile("");
        _ = PeerProcess.Run("mosquitto_passwd", "-b", passwords, user, password);
        for (int attempt = 1; ; attempt++)
        {
            int port = FreePort();
            PeerProcess process = PeerProcess.Start("mosquitto", "-c", pki.WriteFile($"""
                listener {port.ToString(CultureInfo.InvariantCulture)} 127.0.0.1
                user {Environment.UserName}
                allow_anonymous false
                password_file {passwords}
                cafile {identity.RootFile}
                certfile {identity.ChainFile}
                keyfile {identity.KeyFile}
                persistence false
                log_dest stderr
                log_type all
                """));
            if (process.TryWaitFor("mosquitto version .* running").Success)
            {
                return new PasswordBroker(process, port);
            }

            string said = process.Output;
            process.Dispose();
            if (attempt == Attempts || !said.Contains("in use", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("Mosquitto does not run: " + said);
            }
        }
    }

    public void Dispose() => _process.Dispose();

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
