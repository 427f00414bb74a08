using System;
using System.Globalization;
using System.IO;
using Thimble.Memory;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>GnuTLS, whose server listens on every address and therefore gets a network of its own.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class GnuTlsTests(PeerPki pki)
{
    private const int Port = 5556;

    [NamespaceTheory("gnutls-serv", "ip")]
    [InlineData("rsa-4", "p256", TlsVersions.Tls12)]
    [InlineData("p256", "rsa", TlsVersions.Tls12)]
    [InlineData("p384", "p256", TlsVersions.Tls12)]
    [InlineData("rsa-4", "p256", TlsVersions.Tls13)]
    [InlineData("p256", "rsa", TlsVersions.Tls13)]
    [InlineData("p384", "p256", TlsVersions.Tls13)]
    public void Data_is_echoed_over_mutual_TLS(string chain, string client, TlsVersions version)
    {
        PeerIdentity server = pki.Server(chain);
        PeerIdentity device = pki.Client(client)!;
        using var network = new NetworkNamespace();
        using PeerProcess peer = Start(network, server, version == TlsVersions.Tls12 ? "1.2" : "1.3");
        ClientSetup setup = ClientSetup.For(server, device);
        using var tls = new AuditedClient(setup with { Profile = setup.Profile.Offering(TlsVersions.Tls12 | version) with { InWindowBytes = 16_384 } }, network.Connect(Port));
        tls.Connect();
        Assert.True(tls.SentClientCertificate);
        Assert.Equal(version == TlsVersions.Tls13, tls.Suite >> 8 == 0x13);
        foreach (int length in (int[])[1, 511, 512, 5000])
        {
            tls.AssertEchoes(length, reversed: false);
        }

        peer.WaitFor("The certificate is trusted");
        Assert.True(tls.Close());
        Assert.Equal(FaultReason.None, tls.Fault.Reason);
    }

    /// <summary>GnuTLS knows record_size_limit (RFC 8449): a window of any size is enough, nothing is provisional, and its own limit holds for us.</summary>
    [NamespaceTheory("gnutls-serv", "ip")]
    [InlineData(TlsVersions.Tls12, 512)]
    [InlineData(TlsVersions.Tls13, 512)]
    [InlineData(TlsVersions.Tls12, 100)]
    [InlineData(TlsVersions.Tls13, 100)]
    public void Records_are_no_larger_than_the_window(TlsVersions version, int window)
    {
        PeerIdentity server = pki.Server("p256");
        using var network = new NetworkNamespace();
        using PeerProcess peer = Start(network, server, (version == TlsVersions.Tls12 ? "1.2" : "1.3") + ":%ALLOW_SMALL_RECORDS", "--recordsize", "700"); // without that it knows no limit below 512
        ClientSetup setup = ClientSetup.For(server, pki.Client("p256"));
        using var tls = new AuditedClient(setup with { Profile = setup.Profile.Offering(version) with { InWindowBytes = window, OutWindowBytes = 4096 } }, network.Connect(Port));
        tls.Connect();
        foreach (int length in (int[])[99, 1000, 5000])
        {
            tls.AssertEchoes(length, reversed: false);
        }

        Assert.True(tls.Close());
        Assert.Equal(FaultReason.None, tls.Fault.Reason);
    }

    [NamespaceTheory("gnutls-serv", "ip")]
    [InlineData("1.2", "")]
    [InlineData("1.2", "--noticket")]
    [InlineData("1.3", "")]
    public void A_session_goes_on_by_ticket_or_by_id(string version, string option)
    {
        PeerIdentity server = pki.Server("p256");
        using var network = new NetworkNamespace();
        using PeerProcess peer = network.Start(
            "gnutls-serv",
            [
                "--echo", "--port", Port.ToString(CultureInfo.InvariantCulture), "--priority", "NORMAL:-VERS-ALL:+VERS-TLS" + version,
                "--x509certfile", server.ChainFile, "--x509keyfile", server.KeyFile, .. option.Length == 0 ? Array.Empty<string>() : [option],
            ]);
        peer.WaitFor(@"listening on IPv4 .*\.\.\.done");
        ClientSetup setup = ClientSetup.For(server);
        setup = setup with { Profile = setup.Profile.Offering(TlsVersions.Tls12 | TlsVersions.Tls13) with { InWindowBytes = 16_384, MaxTicketBytes = 2048 } };
        AssertGoesOn(network, setup);
    }

    [NamespaceTheory("gnutls-serv", "ip")]
    [InlineData(CipherSuites.PskAes128GcmSha256, "PSK:-CIPHER-ALL:+AES-128-GCM", 0x00A8)]
    [InlineData(CipherSuites.PskAes256GcmSha384, "PSK:-CIPHER-ALL:+AES-256-GCM", 0x00A9)]
    [InlineData(CipherSuites.PskChaCha20Poly1305Sha256, "PSK:-CIPHER-ALL:+CHACHA20-POLY1305", 0xCCAB)]
    [InlineData(CipherSuites.PskAes128Ccm, "PSK:-CIPHER-ALL:+AES-128-CCM", 0xC0A4)]
    [InlineData(CipherSuites.PskAes128Ccm8, "PSK:-CIPHER-ALL:+AES-128-CCM-8", 0xC0A8)]
    [InlineData(CipherSuites.Aes128GcmSha256, "ECDHE-PSK:-CIPHER-ALL:+AES-128-GCM", 0x1301)]
    [InlineData(CipherSuites.ChaCha20Poly1305Sha256, "ECDHE-PSK:+PSK:-CIPHER-ALL:+CHACHA20-POLY1305", 0x1303)]
    [InlineData(CipherSuites.EcdhePskChaCha20Poly1305Sha256, "ECDHE-PSK:-CIPHER-ALL:+CHACHA20-POLY1305", 0xCCAC)]
    public void A_key_shared_beforehand_connects(CipherSuites suite, string priority, ushort number)
    {
        string passwords = Path.GetTempFileName();
        try
        {
            File.WriteAllText(passwords, "device7:" + Convert.ToHexString(s_key).ToLowerInvariant() + "\n");
            using var network = new NetworkNamespace();
            using PeerProcess peer = network.Start(
                "gnutls-serv", "--echo", "--port", Port.ToString(CultureInfo.InvariantCulture), "--pskpasswd", passwords, "--pskhint", "third floor",
                "--priority", $"NORMAL:-VERS-ALL:+VERS-TLS1.{(number >> 8 == 0x13 ? 3 : 2)}:-KX-ALL:+{priority}");
            peer.WaitFor(@"listening on IPv4 .*\.\.\.done");
            AssertGoesOn(network, new ClientSetup
            {
                Anchors = [],
                SharedKey = s_key,
                SharedKeyIdentity = "device7",
                Profile = new Profile
                {
                    Versions = number >> 8 == 0x13 ? TlsVersions.Tls13 : TlsVersions.Tls12, Suites = suite, Groups = Groups.Secp256r1, PskModes = PskModes.Psk | PskModes.PskWithDhe, MaxPskIdentityBytes = 32,
                    InWindowBytes = 16_384, OutWindowBytes = 512, MaxServerNameBytes = 64, MaxTicketBytes = 2048,
                },
            }, number);
        }
        finally
        {
            File.Delete(passwords);
        }
    }

    private static readonly byte[] s_key = Convert.FromHexString("1A2B3C4D5E6F708192A3B4C5D6E7F8091A2B3C4D5E6F708192A3B4C5D6E7F809");

    /// <summary>A full handshake, and one that goes on with its session.</summary>
    private static void AssertGoesOn(NetworkNamespace network, ClientSetup setup, ushort? suite = null)
    {
        // In TLS 1.3 the shared key stands where the session would: as the only way in, it is what is offered.
        bool sessionIsOffered = suite is null || suite >> 8 != 0x13;
        byte[] session = [];
        foreach (bool resumed in new[] { false, sessionIsOffered })
        {
            using var tls = new AuditedClient(setup with { Session = session }, network.Connect(Port));
            tls.Connect();
            Assert.Equal((suite ?? tls.Suite, resumed), (tls.Suite, tls.Resumed));
            tls.AssertEchoes(5000, reversed: false);
            session = tls.TakeSession();
            Assert.True(tls.Close());
            Assert.Equal(FaultReason.None, tls.Fault.Reason);
        }
    }

    private PeerProcess Start(NetworkNamespace network, PeerIdentity server, string version, params string[] more)
    {
        PeerProcess peer = network.Start(
            "gnutls-serv", [.. more, "--echo", "--port", Port.ToString(CultureInfo.InvariantCulture), "--priority", "NORMAL:-VERS-ALL:+VERS-TLS" + version,
            "--x509certfile", server.ChainFile, "--x509keyfile", server.KeyFile,
            "--x509cafile", pki.ClientRootFile, "--require-client-cert", "--verify-client-cert"]);
        peer.WaitFor(@"listening on IPv4 .*\.\.\.done");
        return peer;
    }
}
