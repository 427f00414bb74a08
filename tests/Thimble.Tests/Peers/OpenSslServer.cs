using System;
using System.Collections.Generic;
using System.Globalization;

namespace Thimble.Tests.Peers;

/// <summary>
/// <c>openssl s_server</c> on a port of its own choice. It sends each line back reversed, and closes the connection at the
/// line <c>CLOSE</c>, unless it is started to be talked to by its standard input.
/// </summary>
internal sealed class OpenSslServer : IDisposable
{
    private OpenSslServer(PeerProcess process)
    {
        Process = process;
        Port = int.Parse(process.WaitFor(@"ACCEPT 127\.0\.0\.1:(\d+)").Groups[1].Value, CultureInfo.InvariantCulture);
    }

    public PeerProcess Process { get; }

    public int Port { get; }

    public static OpenSslServer Start(PeerIdentity identity, params IEnumerable<string> more) =>
        Launch(identity, ["-tls1_2", "-rev", .. more]);

    /// <summary>What the server hears on its standard input goes to the client, except for commands.</summary>
    public static OpenSslServer StartInteractive(PeerIdentity identity, params IEnumerable<string> more) =>
        Launch(identity, ["-tls1_2", .. more]);

    public static OpenSslServer Launch(PeerIdentity identity, IEnumerable<string> more)
    {
        string[] issuers = identity.Chain.Count > 1 ? ["-cert_chain", identity.IssuersFile] : [];
        return new OpenSslServer(PeerProcess.Start(
            "openssl",
            ["s_server", "-accept", "127.0.0.1:0", "-cert", identity.LeafFile, "-key", identity.KeyFile, .. issuers, .. more]));
    }

    /// <summary>The options by which a server demands a certificate and refuses one that it cannot verify.</summary>
    public static IEnumerable<string> DemandClient(PeerPki pki, PeerIdentity? client) =>
        client is null ? [] : ["-Verify", "3", "-verify_return_error", "-CAfile", pki.ClientRootFile];

    public void Dispose() => Process.Dispose();
}
