using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace Thimble.Bench.Many;

/// <summary>Mosquitto in a process of its own, with as many connections as the system allows, and for nobody without a certificate.</summary>
internal sealed class Broker : IDisposable
{
    private readonly Process _process;

    private Broker(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    public static Broker Start(string folder, string version)
    {
        int port = FreePort();
        string configuration = Path.Combine(folder, "mosquitto.conf");
        File.WriteAllText(configuration, $"""
            listener {port.ToString(CultureInfo.InvariantCulture)} 127.0.0.1
            max_connections -1
            user {Environment.UserName}
            allow_anonymous true
            require_certificate true
            tls_version tlsv{version}
            cafile {DeviceCertificates.AuthorityFile(folder)}
            certfile {DeviceCertificates.ServerFile(folder)}
            keyfile {DeviceCertificates.ServerKeyFile(folder)}
            persistence false
            log_dest none
            """);
        string path = Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/usr/local/sbin"; // servers stand in folders that are not on every user's path
        var start = new ProcessStartInfo("/bin/sh", ["-c", "ulimit -n \"$(ulimit -Hn)\"; exec mosquitto -c \"$0\"", configuration]) { Environment = { ["PATH"] = path } };
        Process process = Process.Start(start)!;
        for (int attempt = 0; attempt < 200 && !process.HasExited; attempt++)
        {
            using var trial = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                trial.Connect(IPAddress.Loopback, port);
                return new Broker(process, port);
            }
            catch (SocketException)
            {
                Thread.Sleep(50);
            }
        }

        process.Kill();
        throw new InvalidOperationException("Mosquitto does not run. Is it installed?");
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
