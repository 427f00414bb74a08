using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Cli.Demo;

namespace Thimble.Cli.Device;

/// <summary>The person at the other end of the broker: hears the device, and gives it commands, through Mosquitto's own clients.</summary>
internal sealed class Operator : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly string _folder;
    private readonly int _port;
    private readonly ChildProcess _listener;

    private Operator(string folder, int port, string filter, Action<string> heard)
    {
        _folder = folder;
        _port = port;
        _listener = ChildProcess.Start("mosquitto_sub", Arguments("-i", "operator", "-v", "-t", filter), heard);
    }

    /// <summary>What was heard: topic and message, a line each.</summary>
    public Transcript Heard => _listener.Said;

    /// <summary>Subscribes to <paramref name="filter"/>, and waits until the broker agrees.</summary>
    public static Operator Join(DemoPki pki, DeviceBroker broker, int port, string folder, string filter, Action<string> heard)
    {
        WriteIdentity(pki, folder);
        int mark = broker.Process.Said.Mark;
        var joined = new Operator(folder, port, filter, heard);
        if (broker.Process.Said.WaitFor("Sending SUBACK to operator", s_patience, mark).Success)
        {
            return joined;
        }

        string said = joined.Heard.Text;
        joined.Dispose();
        throw new DeviceException("mosquitto_sub cannot subscribe. It said: " + said);
    }

    /// <summary>Gives a command.</summary>
    public void Publish(string topic, string message)
    {
        if (!ChildProcess.Run("mosquitto_pub", Arguments("-i", "operator-says", "-t", topic, "-m", message), s_patience, out string said))
        {
            throw new DeviceException("mosquitto_pub cannot publish. It said: " + said);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _listener.Dispose();

    private static void WriteIdentity(DemoPki pki, string folder)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 certificate = pki.SignClient("operator", key);
        File.WriteAllText(Path.Combine(folder, "operator.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "operator.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "anchor.pem"), pki.Anchor.ExportCertificatePem());
    }

    // The broker's certificate carries its name, and this machine reaches it by an address.
    private List<string> Arguments(params ReadOnlySpan<string> more) =>
    [
        "-h", "127.0.0.1", "-p", _port.ToString(CultureInfo.InvariantCulture), "--insecure",
        "--cafile", Path.Combine(_folder, "anchor.pem"), "--cert", Path.Combine(_folder, "operator.pem"), "--key", Path.Combine(_folder, "operator.key"), .. more,
    ];
}
