using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Thimble.Bench.Mqtt;

/// <summary>Mosquitto on the loopback with a P-256 certificate of its own, for one run.</summary>
internal sealed class MosquittoServer : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("thimble-bench-");
    private readonly Process _process;

    public MosquittoServer()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(Path("key.pem"), key.ExportPkcs8PrivateKeyPem());
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        // As root it would become another user, who cannot read the key.
        File.WriteAllText(Path("configuration"), $"""
            listener {Port} 127.0.0.1
            user {Environment.UserName}
            allow_anonymous true
            certfile {CertificateFile}
            keyfile {Path("key.pem")}
            log_dest none
            """);
        _process = Process.Start(new ProcessStartInfo(Program("mosquitto"), ["-c", Path("configuration")]) { UseShellExecute = false })!;
        WaitUntilItListens();
    }

    public int Port { get; }

    public string CertificateFile => Path("certificate.pem");

    /// <summary>A file of that name beside the broker's.</summary>
    public string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>Starts <c>mosquitto_pub -l</c> with a file of lines and waits for its end.</summary>
    public void Publish(string lines, int qos)
    {
        string command = string.Create(
            CultureInfo.InvariantCulture,
            $"exec {Program("mosquitto_pub")} -l -V 5 -h localhost -p {Port} --cafile {CertificateFile} -t thimble/bench -q {qos} < {lines}");
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", (IEnumerable<string>)["-c", command]) { UseShellExecute = false })!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"mosquitto_pub ended with {process.ExitCode}.");
        }
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static string Program(string name) => File.Exists("/usr/sbin/" + name) ? "/usr/sbin/" + name : name; // Debian keeps servers there

    private void WaitUntilItListens()
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                using var probe = new TcpClient("127.0.0.1", Port);
                return;
            }
            catch (SocketException) when (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20) && !_process.HasExited)
            {
                System.Threading.Thread.Sleep(20);
            }
        }
    }
}
