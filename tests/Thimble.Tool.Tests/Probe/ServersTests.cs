using System;
using System.Net.Security;
using System.Security.Authentication;
using System.Text.Json;
using Thimble.Testing;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Probe;

/// <summary>Servers of different make and configuration: a probe is right in every field, and what it proposes connects with exactly its plan.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class ServersTests(PeerPki pki)
{
    private const string Three = "AES_128_GCM_SHA256 AES_256_GCM_SHA384 CHACHA20_POLY1305_SHA256";
    private const string All = Three + "; " + Probed.AllGroups;
    private const string ClientRoot = "CN=Client Root, O=Thimble";

    private static string[] Both(string key) => [$"1.3 {key}: {All}", $"1.2 {key}: {All}"];

    [PeerTheory("openssl")]
    [InlineData("rsa-1", "RSA", "RSA 2048 < RSA 2048 (CaFile)")]
    [InlineData("rsa-3072", "RSA", "RSA 3072 < RSA 2048 (CaFile)")]
    [InlineData("rsa-4096", "RSA", "RSA 4096 < RSA 4096 < RSA 4096 (CaFile)")]
    [InlineData("rsa-8", "RSA", "RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 (CaFile)")]
    [InlineData("rsa-long", "RSA", "RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 (CaFile)")]
    [InlineData("p256", "ECDSA", "EC P-256 < EC P-256 < EC P-256 (CaFile)")]
    [InlineData("p384", "ECDSA", "EC P-384 < EC P-384 < EC P-384 (CaFile)")]
    [InlineData("p521", "ECDSA", "EC P-521 < EC P-521 < EC P-521 (CaFile)")]
    [InlineData("ed25519", "ECDSA", "Ed25519 < Ed25519 < Ed25519 < Ed25519 (CaFile)")]
    [InlineData("ec-under-rsa", "ECDSA", "EC P-256 < RSA 2048 (CaFile)")]
    public void OpenSsl_with_any_key_and_chain(string identity, string key, string chain)
    {
        PeerIdentity server = pki.Server(identity);
        using ProbedServer probed = ProbedServer.OpenSsl(server);
        string resumption = identity == "p521" ? "1.3 ticket" : "1.3 ticket, 1.2 ticket"; // in TLS 1.2 OpenSSL shows a key on P-521 only to those who agree on keys there
        _ = new Probed { Accepts = Both(key), Chain = chain, Missing = key == "RSA" ? "ECDSA" : "RSA", Resumption = resumption }.Compare(probed, server);
    }

    [PeerFact("openssl")]
    public void OpenSsl_with_two_certificates()
    {
        PeerIdentity rsa = pki.Server("rsa-1"), ec = pki.Server("ec-under-rsa");
        using ProbedServer probed = ProbedServer.OpenSsl(rsa, "-dcert", ec.LeafFile, "-dkey", ec.KeyFile);
        _ = new Probed { Accepts = [.. Both("RSA"), .. Both("ECDSA")], Chain = "EC P-256 < RSA 2048 (CaFile); RSA 2048 < RSA 2048 (CaFile)" }.Compare(probed, rsa with { Chain = ec.Chain });
    }

    [PeerFact("openssl")]
    public void OpenSsl_with_TLS_1_2_one_suite_and_one_group()
    {
        PeerIdentity server = pki.Server("rsa-1");
        using ProbedServer probed = ProbedServer.OpenSsl(server, "-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384", "-groups", "P-384");
        _ = new Probed
        {
            Versions = "1.2", Accepts = ["1.2 RSA: AES_256_GCM_SHA384; secp384r1"], Chain = "RSA 2048 < RSA 2048 (CaFile)", Missing = "ECDSA", Resumption = "1.2 ticket", Limits = "1.2 Honoured Ignored",
        }.Compare(probed, server);
    }

    [PeerFact("openssl")]
    public void OpenSsl_with_TLS_1_3_one_suite_and_one_group()
    {
        PeerIdentity server = pki.Server("p256");
        using ProbedServer probed = ProbedServer.OpenSsl(server, "-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_8_SHA256", "-groups", "P-256");
        _ = new Probed
        {
            Versions = "1.3", Accepts = ["1.3 ECDSA: AES_128_CCM_8_SHA256; secp256r1"], Chain = "EC P-256 < EC P-256 < EC P-256 (CaFile)", Missing = "RSA", Resumption = "1.3 ticket", Limits = "1.3 Honoured Ignored",
        }.Compare(probed, server);
    }

    [PeerFact("openssl")]
    public void OpenSsl_with_CCM_and_ChaCha20_and_no_tickets()
    {
        PeerIdentity server = pki.Server("p256");
        using ProbedServer probed = ProbedServer.OpenSsl(server, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-CCM:ECDHE-ECDSA-AES256-CCM8:ECDHE-ECDSA-CHACHA20-POLY1305", "-groups", "X25519:P-256", "-no_ticket");
        _ = new Probed
        {
            Versions = "1.2", Accepts = ["1.2 ECDSA: AES_128_CCM AES_256_CCM_8 CHACHA20_POLY1305_SHA256; secp256r1 x25519"], Chain = "EC P-256 < EC P-256 < EC P-256 (CaFile)", Missing = "RSA", Resumption = "1.2 session id", Limits = "1.2 Honoured Ignored",
        }.Compare(probed, server);
    }

    [PeerTheory("openssl")]
    [InlineData("p256")]
    [InlineData("rsa")]
    public void OpenSsl_that_demands_a_client_certificate(string client)
    {
        PeerIdentity server = pki.Server("p256");
        PeerIdentity device = pki.Client(client)!;
        using ProbedServer probed = ProbedServer.OpenSsl(server, OpenSslServer.DemandClient(pki, device));
        JsonElement report = new Probed { Accepts = Both("ECDSA"), Chain = "EC P-256 < EC P-256 < EC P-256 (CaFile)", Missing = "RSA", Client = "asked of " + ClientRoot }
            .Compare(probed, server, "--cert", device.ChainFile, "--key", device.KeyFile);
        Assert.True(report.GetProperty("proposal").GetProperty("proof").GetProperty("clientCertificate").GetBoolean());
    }

    [PeerTheory("openssl")]
    [InlineData("-Verify", "-tls1_2", true)]
    [InlineData("-Verify", "-tls1_3", true)]
    [InlineData("-verify", "-tls1_2", false)]
    [InlineData("-verify", "-tls1_3", false)]
    public void A_certificate_that_is_demanded_differs_from_one_that_is_asked_for(string option, string version, bool required)
    {
        PeerIdentity server = pki.Server("p256");
        using ProbedServer probed = ProbedServer.OpenSsl(server, option, "3", "-CAfile", pki.ClientRootFile, version);
        CliRun run = CliRun.Of("probe", $"{PeerPki.ServerName}:{probed.Port}", "--json", "--timeout", "20", "--cafile", server.RootFile);
        Assert.Equal(required, run.Json.GetProperty("found").GetProperty("clientCertificate").GetProperty("required").GetBoolean());
        Assert.Equal(!required, run.Json.GetProperty("proposal").GetProperty("proof").GetProperty("connected").GetBoolean());
        Assert.Equal(256, run.Json.GetProperty("proposal").GetProperty("profile").GetProperty("clientEcdsaBits").GetInt32());
    }

    [PeerFact("openssl")]
    public void OpenSsl_with_application_protocols()
    {
        PeerIdentity server = pki.Server("p256");
        using ProbedServer probed = ProbedServer.OpenSsl(server, "-alpn", "mqtt,http/1.1");
        _ = new Probed { Accepts = Both("ECDSA"), Chain = "EC P-256 < EC P-256 < EC P-256 (CaFile)", Missing = "RSA", Alpn = "http/1.1 mqtt" }.Compare(probed, server, "--alpn", "mqtt");
    }

    [PeerTheory("mosquitto")]
    [InlineData("1.2", "RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 (CaFile)", "rsa-4", "RSA")]
    [InlineData("1.3", "EC P-256 < EC P-256 < EC P-256 (CaFile)", "p256", "ECDSA")]
    public void Mosquitto(string version, string chain, string identity, string key)
    {
        PeerIdentity server = pki.Server(identity);
        PeerIdentity device = pki.Client("p256")!;
        using ProbedServer probed = ProbedServer.Mosquitto(pki, server, version);
        JsonElement report = new Probed
        {
            Versions = version == "1.2" ? "1.3 1.2" : "1.3", // its tls_version is the lowest one
            Accepts = version == "1.2" ? Both(key) : [Both(key)[0]],
            Chain = chain,
            Missing = key == "RSA" ? "ECDSA" : "RSA",
            Client = "asked of ",
            Resumption = version == "1.2" ? "1.3 ticket, 1.2 ticket" : "1.3 ticket",
            Limits = version == "1.2" ? "1.3 Honoured Ignored, 1.2 Honoured Ignored" : "1.3 Honoured Ignored",
        }.Compare(probed, server, "--cert", device.ChainFile, "--key", device.KeyFile, "--speak", "mqtt");
        Assert.Equal(4, report.GetProperty("found").GetProperty("applicationBytes").GetInt32()); // CONNACK
    }

    [NamespaceTheory("gnutls-serv", "ip")]
    [InlineData("rsa-4", "NORMAL:-VERS-ALL:+VERS-TLS1.2:-CIPHER-ALL:+AES-128-GCM:-GROUP-ALL:+GROUP-SECP256R1", "1.2", "1.2 RSA: AES_128_GCM_SHA256; secp256r1", "RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 < RSA 2048 (CaFile)", "ECDSA", "1.2 Honoured Accepted")]
    [InlineData("p256", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+CHACHA20-POLY1305:-GROUP-ALL:+GROUP-X25519", "1.3", "1.3 ECDSA: CHACHA20_POLY1305_SHA256; x25519", "EC P-256 < EC P-256 < EC P-256 (CaFile)", "RSA", "1.3 Honoured Honoured")]
    [InlineData("p384", "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-CCM:-GROUP-ALL:+GROUP-SECP384R1", "1.3", "1.3 ECDSA: AES_128_CCM_SHA256; secp384r1", "EC P-384 < EC P-384 < EC P-384 (CaFile)", "RSA", "1.3 Honoured Honoured")]
    public void GnuTls(string identity, string priority, string versions, string accepts, string chain, string missing, string limits)
    {
        PeerIdentity server = pki.Server(identity);
        using ProbedServer probed = ProbedServer.GnuTls(server, priority, "--disable-client-cert");
        _ = new Probed { Versions = versions, Accepts = [accepts], Chain = chain, Missing = missing, Limits = limits, Resumption = versions + " ticket" }.Compare(probed, server);
    }

    [NamespaceTheory("nginx", "ip")]
    [InlineData("TLSv1.2 TLSv1.3", "p256", "1.3 1.2", "on")]
    [InlineData("TLSv1.3", "p256", "1.3", "off")]
    public void Nginx(string protocols, string identity, string versions, string tickets)
    {
        PeerIdentity server = pki.Server(identity);
        using ProbedServer probed = ProbedServer.Nginx(pki, server, $"ssl_protocols {protocols}; ssl_session_tickets {tickets}; ssl_session_cache none; ssl_ecdh_curve X25519:prime256v1;");
        string groups = "secp256r1 x25519";
        bool both = versions == "1.3 1.2";
        JsonElement report = new Probed
        {
            Versions = versions, Accepts = both ? [$"1.3 ECDSA: {Three}; {groups}", $"1.2 ECDSA: AES_128_CCM AES_128_CCM_8 AES_128_GCM_SHA256 AES_256_CCM AES_256_CCM_8 AES_256_GCM_SHA384 CHACHA20_POLY1305_SHA256; {groups}"] : [$"1.3 ECDSA: {Three}; {groups}"], Chain = "EC P-256 < EC P-256 < EC P-256 (CaFile)", Missing = "RSA", Alpn = "h2 http/1.1",
            Resumption = both ? "1.3 ticket, 1.2 ticket" : "1.3 no", Limits = both ? "1.3 Honoured Ignored, 1.2 Honoured Ignored" : "1.3 Honoured Ignored",
        }.Compare(probed, server, "--speak", "http");
        Assert.InRange(report.GetProperty("found").GetProperty("applicationBytes").GetInt32(), 100, 1000); // the head of an answer
    }

    [Theory]
    [InlineData("rsa-1", "RSA 2048 < RSA 2048 (CaFile)", "RSA")]
    [InlineData("p384", "EC P-384 < EC P-384 < EC P-384 (CaFile)", "ECDSA")]
    public void The_platforms_own_server(string identity, string chain, string key)
    {
        PeerIdentity server = pki.Server(identity);
        using ProbedServer probed = ProbedServer.Platform(server, SslProtocols.Tls12 | SslProtocols.Tls13, SslApplicationProtocol.Http2);
        _ = new Probed
        {
            Accepts = [$"1.3 {key}: AES_128_GCM_SHA256 AES_256_GCM_SHA384; {Probed.AllGroups}", $"1.2 {key}: AES_128_GCM_SHA256; {Probed.AllGroups}"], Chain = chain, Missing = key == "RSA" ? "ECDSA" : "RSA", Alpn = "h2",
            Resumption = "1.3 no, 1.2 no", // it keeps no state between connections where its suites were chosen
        }.Compare(probed, server);
    }
}
