using System;
using System.Globalization;
using System.IO;
using System.Text;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>
/// Servers of HTTP: nginx on OpenSSL, and <c>selfserv</c> of NSS, the TLS of Firefox. Their ports are chosen by whoever starts them, so each gets a
/// network of its own.
/// </summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class HttpServerTests(PeerPki pki)
{
    private const int Port = 5557;
    private const string Nickname = "peer";
    private const string Password = "not a secret";

    private static readonly string Page = string.Concat(System.Linq.Enumerable.Repeat("0123456789abcde\n", 4000));

    [NamespaceTheory("nginx", "ip")]
    [InlineData("rsa-4", "p256", "TLSv1.2", 16_384)]
    [InlineData("rsa-4", "p256", "TLSv1.3", 16_384)]
    [InlineData("p384", "rsa", "TLSv1.2", 16_384)]
    [InlineData("p256", "p384", "TLSv1.3", 16_384)]
    [InlineData("p256", "none", "TLSv1.2", 1024)]
    public void Nginx_sends_a_page_of_64_kB(string chain, string client, string version, int window)
    {
        PeerIdentity server = pki.Server(chain);
        PeerIdentity? device = pki.Client(client);
        using var network = new NetworkNamespace();
        using PeerProcess peer = network.Start("nginx", "-c", pki.WriteFile(NginxConfiguration(server, device, version)), "-e", "stderr");
        peer.WaitFor("start worker processes|using the \"epoll\" event method");
        ClientSetup setup = ClientSetup.For(server, device);
        TlsVersions versions = version == "TLSv1.2" ? TlsVersions.Tls12 : TlsVersions.Tls13;
        using AuditedClient tls = Connect(network, setup with { Alpn = "http/1.1", Profile = setup.Profile.Offering(versions) with { InWindowBytes = window, MaxAlpnBytes = 16 } });
        Assert.True(tls.AlpnNegotiated);
        Assert.Equal(device is not null, tls.SentClientCertificate);
        string answer = Get(tls, "/page");
        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.EndsWith(Page, answer, StringComparison.Ordinal);
        Assert.True(tls.Close());
        Assert.Equal(FaultReason.None, tls.Fault.Reason);
    }

    [NamespaceTheory("selfserv", "pk12util", "certutil", "openssl", "ip")]
    [InlineData("rsa-1", "p256", "tls1.2")]
    [InlineData("rsa-1", "rsa", "tls1.3")]
    [InlineData("p256", "p256", "tls1.2")]
    [InlineData("p256", "p256", "tls1.3")]
    [InlineData("p384", "none", "tls1.3")]
    public void Nss_answers_a_request(string chain, string client, string version)
    {
        PeerIdentity server = pki.Server(chain);
        PeerIdentity? device = pki.Client(client);
        string database = Database(server);
        string name = server.Leaf.Certificate.GetKeyAlgorithm() == "1.2.840.113549.1.1.1" ? "-n" : "-e";
        using var network = new NetworkNamespace();
        using PeerProcess peer = network.Start(
            "selfserv", ["-d", database, name, Nickname, "-p", Port.ToString(CultureInfo.InvariantCulture), "-V", $"{version}:{version}", "-G", "-Q", "-v", .. device is null ? Array.Empty<string>() : ["-r", "-r"]]);
        ClientSetup setup = ClientSetup.For(server, device);
        TlsVersions versions = version == "tls1.2" ? TlsVersions.Tls12 : TlsVersions.Tls13;
        using AuditedClient tls = Connect(network, setup with { Profile = setup.Profile.Offering(versions) with { InWindowBytes = 16_384 } });
        Assert.Equal(device is not null, tls.SentClientCertificate);
        Assert.Contains("GET /stop-not HTTP/1.0", Get(tls, "/stop-not"), StringComparison.Ordinal); // it shows the request
        Assert.True(tls.Close());
        Assert.Equal(FaultReason.None, tls.Fault.Reason);
    }

    /// <summary>Connects as soon as the server listens, which <c>selfserv</c> does not tell.</summary>
    private static AuditedClient Connect(NetworkNamespace network, ClientSetup setup)
    {
        var tls = new AuditedClient(setup, network.ConnectWhenListening(Port));
        tls.Connect();
        return tls;
    }

    private static string Get(AuditedClient tls, string path)
    {
        tls.Write(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.0\r\nHost: {PeerPki.ServerName}\r\n\r\n"));
        var answer = new StringBuilder();
        byte[] piece = new byte[4096];
        for (int count = tls.Read(piece); count > 0; count = tls.Read(piece))
        {
            answer.Append(Encoding.ASCII.GetString(piece, 0, count));
        }

        return answer.ToString();
    }

    private string NginxConfiguration(PeerIdentity server, PeerIdentity? device, string version)
    {
        string root = Directory.CreateDirectory(pki.WriteFile("") + ".nginx").FullName;
        File.WriteAllText(Path.Combine(root, "page"), Page);
        return $$"""
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
                listen 127.0.0.1:{{Port}} ssl;
                ssl_protocols {{version}};
                ssl_certificate {{server.ChainFile}};
                ssl_certificate_key {{server.KeyFile}};
                ssl_client_certificate {{pki.ClientRootFile}};
                ssl_verify_client {{(device is null ? "off" : "on")}};
                root {{root}};
              }
            }
            """;
    }

    private string Database(PeerIdentity server)
    {
        string folder = Directory.CreateDirectory(pki.WriteFile("") + ".nss").FullName;
        string bundle = Path.Combine(folder, "identity.p12");
        PeerProcess.Run("openssl", "pkcs12", "-export", "-in", server.ChainFile, "-inkey", server.KeyFile, "-name", Nickname, "-passout", "pass:" + Password, "-out", bundle);
        PeerProcess.Run("certutil", "-N", "-d", folder, "--empty-password");
        PeerProcess.Run("pk12util", "-i", bundle, "-d", folder, "-W", Password, "-K", "");
        PeerProcess.Run("certutil", "-A", "-d", folder, "-n", "clients", "-t", "TC,,", "-a", "-i", pki.ClientRootFile);
        return folder;
    }
}
