using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Tests.Tls;
using Thimble.Tests.X509;

namespace Thimble.Tests.Facade;

/// <summary>A <see cref="TlsConnection"/> with a scripted server of either version at its other end.</summary>
internal sealed class ScriptedConnection : IDisposable
{
    private readonly ScriptedServer? _server12;
    private readonly Credentials _credentials = Credentials.From([X509CertificateLoader.LoadCertificate(ScriptedIdentity.Of("P-256").Root.Der)]);

    private ScriptedConnection(string version, Func<TlsConnectionOptions, TlsConnectionOptions>? change, Func<Stream, Stream>? wrap)
    {
        _server12 = version == "1.2" ? new ScriptedServer { Suite = ScriptedSuite.EcdsaAes128, Identity = ScriptedIdentity.Of("P-256") } : null;
        Server13 = version == "1.3" ? new ScriptedServer13() : null;
        Transport = new ScriptedTransport((IScriptedServer?)_server12 ?? Server13!);
        var options = new TlsConnectionOptions
        {
            Credentials = _credentials,
            Profile = _credentials.Fit((_server12 is null ? Scripted13.Only13 : ScriptedClient.Everything) with { InWindowBytes = 2048, OutWindowBytes = 512, MaxTicketBytes = 512 }),
            ServerName = "broker.example.com",
            Now = TestPki.Now,
        };
        Connection = new TlsConnection(change is null ? options : change(options), wrap is null ? Transport : wrap(Transport));
    }

    public ScriptedServer13? Server13 { get; }

    public ScriptedTransport Transport { get; }

    public TlsConnection Connection { get; }

    /// <summary>The application data that the server got.</summary>
    public byte[] ReceivedData => _server12?.ReceivedData ?? Server13!.ReceivedData;

    /// <summary>The alerts that the server got.</summary>
    public byte[][] ReceivedAlerts => [.. (_server12?.Received ?? Server13!.Received).Where(static record => record.Type == Wire.Alert).Select(static record => record.Content)];

    /// <summary>Before the handshake.</summary>
    public static ScriptedConnection Make(string version, Func<TlsConnectionOptions, TlsConnectionOptions>? change = null, Func<Stream, Stream>? wrap = null) => new(version, change, wrap);

    /// <summary>Behind it.</summary>
    public static async Task<ScriptedConnection> OpenAsync(string version, Func<TlsConnectionOptions, TlsConnectionOptions>? change = null, Func<Stream, Stream>? wrap = null)
    {
        ScriptedConnection made = Make(version, change, wrap);
        await made.Connection.HandshakeAsync(CancellationToken.None);
        return made;
    }

    public byte[] Seal(byte[] content) => _server12?.Seal(Wire.ApplicationData, content) ?? Server13!.Seal(Wire.ApplicationData, content);

    public byte[] SealAlert(byte level, byte description) => _server12?.Seal(Wire.Alert, [level, description]) ?? Server13!.Seal(Wire.Alert, [level, description]);

    public void Say(byte[] content) => Transport.Say(() => Seal(content));

    public void Dispose()
    {
        Connection.Dispose();
        _credentials.Dispose();
        _server12?.Dispose();
        Server13?.Dispose();
    }
}
