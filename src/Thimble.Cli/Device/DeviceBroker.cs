using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;

namespace Thimble.Cli.Device;

/// <summary>Mosquitto on the loopback: TLS 1.2 or later, as the device offers, and nobody gets in without a certificate, unless nobody is asked for one.</summary>
internal sealed class DeviceBroker : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private DeviceBroker(ChildProcess process) => Process = process;

    /// <summary>The program, with its log.</summary>
    public ChildProcess Process { get; }

    /// <summary>Starts a broker at <paramref name="port"/> with its files in <paramref name="folder"/>, and waits until it listens; it asks for certificates unless told not to.</summary>
    /// <exception cref="DeviceException">It does not run; the message says what it said.</exception>
    public static DeviceBroker Start(BrokerIdentity identity, int port, string folder, bool asksForCertificates = true)
    {
        string configuration = Write(folder, "mosquitto.conf", Configuration(folder, port, asksForCertificates));
        Write(folder, "broker.pem", identity.Chain);
        Write(folder, "broker.key", identity.Key);
        Write(folder, "clients.pem", identity.ClientAuthority);
        var process = ChildProcess.Start("mosquitto", ["-c", configuration]);
        if (process.Said.WaitFor("mosquitto version .* running", s_patience).Success)
        {
            return new DeviceBroker(process);
        }

        string said = process.Said.Text;
        process.Dispose();
        throw new DeviceException("Mosquitto does not run. It said: " + said);
    }

    /// <inheritdoc />
    public void Dispose() => Process.Dispose();

    private static string Write(string folder, string name, string text)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    // As root it would become another user, who cannot read our keys.
    private static string Configuration(string folder, int port, bool asksForCertificates) => string.Create(CultureInfo.InvariantCulture, $"""
        listener {port} 127.0.0.1
        user {Environment.UserName}
        allow_anonymous true
        require_certificate {(asksForCertificates ? "true" : "false")}
        tls_version tlsv1.2
        cafile {folder}/clients.pem
        certfile {folder}/broker.pem
        keyfile {folder}/broker.key
        persistence false
        log_dest stderr
        log_type all

        """);
}
