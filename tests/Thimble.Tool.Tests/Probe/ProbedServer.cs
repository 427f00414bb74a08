using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using System.Linq;
using Thimble.Tests.Peers;
using Thimble.Tests.X509;

namespace Thimble.Tool.Tests.Probe;

/// <summary>A server of some make on a port of this machine's loopback.</summary>
internal sealed class ProbedServer : IDisposable
{
    private readonly List<IDisposable> _parts;

    private ProbedServer(int port, params List<IDisposable> parts)
    {
        Port = port;
        _parts = parts;
    }

    public int Port { get; }

    /// <summary><c>openssl s_server</c> with all versions, and options of its own.</summary>
    public static ProbedServer OpenSsl(PeerIdentity identity, params IEnumerable<string> more)
    {
        OpenSslServer server = OpenSslServer.Launch(identity, ["-rev", .. more]);
        return new ProbedServer(server.Port, server);
    }

    public static ProbedServer Mosquitto(PeerPki pki, PeerIdentity identity, string version)
    {
        MosquittoBroker broker = MosquittoBroker.Start(pki, identity, version);
        return new ProbedServer(broker.Port, broker);
    }

    /// <summary>GnuTLS listens on every address, and therefore gets a network of its own.</summary>
    public static ProbedServer GnuTls(PeerIdentity identity, string priority, params IEnumerable<string> more)
    {
        const int Port = 5560;
        return InNetwork(Port, network =>
        {
            PeerProcess process = network.Start("gnutls-serv", ["--echo", "--port", Port.ToString(CultureInfo.InvariantCulture), "--priority", priority, "--x509certfile", identity.ChainFile, "--x509keyfile", identity.KeyFile, .. more]);
            process.WaitFor(@"listening on IPv4 .*\.\.\.done");
            return process;
        });
    }

    public static ProbedServer Nginx(PeerPki pki, PeerIdentity identity, string directives)
    {
        const int Port = 5561;
        string root = Directory.CreateDirectory(pki.WriteFile("") + ".nginx").FullName;
        string configuration = pki.WriteFile($$"""
            daemon off;
            user root;
            worker_processes 1;
            pid {{root}}/pid;
            error_log stderr info;
            events { debug_connection 127.0.0.1; }
            http {
              access_log off;
              client_body_temp_path {{root}}; proxy_temp_path {{root}}; fastcgi_temp_path {{root}}; uwsgi_temp_path {{root}}; scgi_temp_path {{root}};
              server {
                listen 127.0.0.1:{{Port}} ssl http2;
                ssl_certificate {{identity.ChainFile}};
                ssl_certificate_key {{identity.KeyFile}};
                root {{root}};
                {{directives}}
              }
            }
            """);
        return InNetwork(Port, network =>
        {
            PeerProcess process = network.Start("nginx", "-c", configuration, "-e", "stderr");
            process.WaitFor("start worker processes|using the \"epoll\" event method");
            return process;
        });
    }

    /// <summary>The platform's own TLS.</summary>
    public static ProbedServer Platform(PeerIdentity identity, SslProtocols versions, params List<SslApplicationProtocol> protocols)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var end = new CancellationTokenSource();
        var options = new SslServerAuthenticationOptions
        {
            ServerCertificateContext = SslStreamCertificateContext.Create(PlatformServer.WithKey(identity.Leaf), [.. identity.Chain.Skip(1).Select(issuer => issuer.Certificate)], offline: true),
            EnabledSslProtocols = versions,
            ApplicationProtocols = protocols.Count == 0 ? null : protocols,
            CipherSuitesPolicy = OperatingSystem.IsLinux() ? new CipherSuitesPolicy(
            [
                TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_AES_128_GCM_SHA256,
                TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
            ]) : null,
        };
        _ = AcceptAsync(listener, options, end.Token);
        return new ProbedServer(((IPEndPoint)listener.LocalEndpoint).Port, new Ending(() =>
        {
            end.Cancel();
            listener.Dispose();
            end.Dispose();
        }));
    }

    public void Dispose()
    {
        foreach (IDisposable part in _parts)
        {
            part.Dispose();
        }
    }

    private static ProbedServer InNetwork(int port, Func<NetworkNamespace, PeerProcess> start)
    {
        var network = new NetworkNamespace();
        PeerProcess process = start(network);
        var relay = new NamespaceRelay(network, port);
        return new ProbedServer(relay.Port, relay, process, network);
    }

    private static async Task AcceptAsync(TcpListener listener, SslServerAuthenticationOptions options, CancellationToken end)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await listener.AcceptTcpClientAsync(end), options, end);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task ServeAsync(TcpClient accepted, SslServerAuthenticationOptions options, CancellationToken end)
    {
        try
        {
            using (accepted)
            {
                await using var tls = new SslStream(accepted.GetStream());
                await tls.AuthenticateAsServerAsync(options, end);
                byte[] room = new byte[4096];
                while (await tls.ReadAsync(room, end) > 0)
                {
                    // It has nothing to say.
                }

                await tls.ShutdownAsync();
            }
        }
        catch (Exception e) when (e is IOException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            // Most clients of a probe leave in the middle.
        }
    }

    private sealed class Ending(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}
