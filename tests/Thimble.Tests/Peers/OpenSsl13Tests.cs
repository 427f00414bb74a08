using System;
using System.Linq;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>TLS 1.3 with OpenSSL: every suite, group, chain and kind of client key, and what comes after the handshake.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OpenSsl13Tests(PeerPki pki)
{
    private const TlsVersions Both = TlsVersions.Tls12 | TlsVersions.Tls13;

    private static readonly (CipherSuites Suite, ushort Number, string Name)[] Suites =
    [
        (CipherSuites.Aes128GcmSha256, 0x1301, "TLS_AES_128_GCM_SHA256"),
        (CipherSuites.Aes256GcmSha384, 0x1302, "TLS_AES_256_GCM_SHA384"),
        (CipherSuites.ChaCha20Poly1305Sha256, 0x1303, "TLS_CHACHA20_POLY1305_SHA256"),
    ];

    /// <summary>How the engine is fed varies from suite to suite: whole, in pieces, and by the byte with the least work per call.</summary>
    private static readonly (int PieceBytes, int WorkPerCall)[] Feedings = [(16_384, 0), (61, 300), (1, 1)];

    [PeerTheory("openssl")]
    [InlineData("rsa-4", "P-256", "p256")]
    [InlineData("rsa-4", "X25519", "none")]
    [InlineData("rsa-8", "P-384", "rsa")]
    [InlineData("p256", "X25519", "rsa")]
    [InlineData("p256", "P-256", "p256")]
    [InlineData("p384", "P-384", "p384")]
    [InlineData("p384", "X25519", "none")]
    [InlineData("ec-under-rsa", "P-256", "p256")]
    public void Every_suite_carries_data_both_ways(string chain, string group, string client)
    {
        PeerIdentity server = pki.Server(chain);
        PeerIdentity? device = pki.Client(client);
        using OpenSslServer peer = OpenSslServer.Launch(server, ["-tls1_3", "-rev", "-groups", group, .. OpenSslServer.DemandClient(pki, device)]);
        foreach (((CipherSuites suite, ushort number, _), (int pieceBytes, int workPerCall)) in Suites.Zip(Feedings))
        {
            ClientSetup setup = Setup(server, device, Both);
            using AuditedClient tls = AuditedClient.To(peer.Port, setup with
            {
                Profile = setup.Profile with { Suites = setup.Profile.Suites & ~Tls13Suites | suite, Groups = GroupOf(group).Offered },
                PieceBytes = pieceBytes,
                WorkPerCall = workPerCall,
            });
            tls.Connect();
            Assert.Equal((number, GroupOf(group).Named, device is not null), (tls.Suite, tls.Group, tls.SentClientCertificate));
            foreach (int length in (int[])[1, 511, 512, 3000])
            {
                tls.AssertEchoes(length, reversed: true);
            }

            Assert.True(tls.Close());
            Assert.Equal(FaultReason.None, tls.Fault.Reason);
        }
    }

    [PeerTheory("openssl")]
    [InlineData("P-256")]
    [InlineData("P-384")]
    public void A_server_that_takes_another_group_asks_for_another_hello(string group)
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", "-msg", "-groups", group]);
        ClientSetup setup = Setup(pki.Server("p256"), null, TlsVersions.Tls13);
        using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Profile = setup.Profile with { Groups = Groups.X25519 | GroupOf(group).Offered } });
        tls.Connect();
        Assert.Equal(GroupOf(group).Named, tls.Group);
        tls.AssertEchoes(300, reversed: true);
        Assert.True(tls.Close());
        peer.Process.WaitFor("(?s)ClientHello.*ClientHello"); // what it prints may come later than what it sends
        Assert.Equal(2, peer.Process.Output.Split("ClientHello").Length - 1);
    }

    [PeerFact("openssl")]
    public void A_cookie_of_a_stateless_server_comes_back()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", "-stateless"]);
        using AuditedClient first = AuditedClient.To(peer.Port, Setup(pki.Server("p256"), null, Both));
        first.Connect();
        first.AssertEchoes(100, reversed: true);
        Assert.True(first.Close());
    }

    /// <summary>OpenSSL sends KeyUpdate at the lines k and K; the latter asks for ours.</summary>
    [PeerTheory("openssl")]
    [InlineData("k")]
    [InlineData("K")]
    public void A_key_update_is_followed_and_answered(string command)
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-msg"]);
        using AuditedClient tls = AuditedClient.To(peer.Port, Setup(pki.Server("p256"), null, TlsVersions.Tls13));
        tls.Connect();
        tls.WriteLine("before");
        peer.Process.WaitFor("(?m)^before$");
        for (int round = 0; round < 3; round++)
        {
            int mark = peer.Process.Mark;
            peer.Process.Input.WriteLine(command);
            peer.Process.Input.Flush();
            peer.Process.WaitFor(">>> TLS 1.3, Handshake .*KeyUpdate", mark);
            peer.Process.Input.WriteLine("reply" + round);
            peer.Process.Input.Flush();
            Assert.Equal($"reply{round}\n", tls.ReadText(7));
            tls.WriteLine("after" + round);
            peer.Process.WaitFor($"(?m)^after{round}$", mark);
            Assert.Equal(command == "K", peer.Process.Output[mark..].Contains("<<< TLS 1.3, Handshake [length 0005], KeyUpdate", StringComparison.Ordinal));
        }
    }

    [PeerTheory("openssl")]
    [InlineData("-num_tickets", "0")]
    [InlineData("-num_tickets", "10")]
    [InlineData("-no_ticket", "")]
    public void Tickets_are_let_go_of(string option, string value)
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", option, .. value.Length == 0 ? Array.Empty<string>() : [value]]);
        using AuditedClient tls = AuditedClient.To(peer.Port, Setup(pki.Server("p256"), null, Both));
        tls.Connect();
        tls.AssertEchoes(100, reversed: true);
        Assert.True(tls.Close());
    }

    /// <summary>OpenSSL keeps to max_fragment_length in TLS 1.3 too, so that a small window is enough for it.</summary>
    [PeerTheory("openssl")]
    [InlineData("rsa-4", "p256")]
    [InlineData("p256", "p256")]
    public void A_window_of_512_bytes_is_enough_where_the_server_keeps_to_it(string chain, string client)
    {
        PeerIdentity device = pki.Client(client)!;
        ClientSetup setup = Setup(pki.Server(chain), device, TlsVersions.Tls13);
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server(chain), ["-tls1_3", "-rev", .. OpenSslServer.DemandClient(pki, device)]);
        using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Profile = setup.Profile with { InWindowBytes = 512 } });
        tls.Connect();
        tls.AssertEchoes(3000, reversed: true);
        Assert.True(tls.Close());
    }

    /// <summary>A window of 511 bytes asks the server for nothing: its certificates come in one record of 5 kB, and data in records of 10 kB.</summary>
    [PeerTheory("openssl")]
    [InlineData("-tls1_2", TlsVersions.Tls12)]
    [InlineData("-tls1_3", TlsVersions.Tls13)]
    public void Records_of_any_size_pass_through_a_small_window(string option, TlsVersions version)
    {
        PeerIdentity device = pki.Client("p256")!;
        ClientSetup setup = Setup(pki.Server("rsa-4"), device, version);
        setup = setup with { Profile = setup.Profile with { InWindowBytes = 511 } };
        string line = string.Concat(Enumerable.Range(0, 10_000).Select(static i => (char)('a' + (i % 23))));
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("rsa-4"), [option, "-rev", .. OpenSslServer.DemandClient(pki, device)]);
        using AuditedClient provisional = AuditedClient.To(peer.Port, setup with { ProvisionalDelivery = true });
        provisional.Connect();
        provisional.WriteLine(line);
        Assert.True(provisional.Close());
        Assert.Equal([.. line.Reverse().Select(static c => (byte)c), (byte)'\n'], provisional.Committed);
        Assert.Equal(version == TlsVersions.Tls13, provisional.Withdrawals > 0); // its tickets hold our certificate

        using AuditedClient verified = AuditedClient.To(peer.Port, setup);
        verified.Connect();
        verified.WriteLine(line[..4_000]);
        Assert.Equal(-1, verified.Read(new byte[100]));
        Assert.Equal((FaultReason.RecordLargerThanWindow, 511u, 4_001u), (verified.Fault.Reason, verified.Fault.Expected, verified.Fault.Actual));
    }

    [PeerTheory("openssl")]
    [InlineData("-tls1_2", 0xC02B)]
    [InlineData("-tls1_3", 0x1301)]
    public void One_hello_serves_servers_of_either_version(string version, int suite)
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), [version, "-rev", "-serverpref", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256", "-ciphersuites", "TLS_AES_128_GCM_SHA256"]);
        using AuditedClient tls = AuditedClient.To(peer.Port, Setup(pki.Server("p256"), null, Both));
        tls.Connect();
        Assert.Equal(suite, tls.Suite);
        tls.AssertEchoes(300, reversed: true);
        Assert.True(tls.Close());
    }

    [PeerFact("openssl")]
    public void A_server_that_could_do_better_is_believed_when_it_says_so()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-rev"]);
        using AuditedClient older = AuditedClient.To(peer.Port, Setup(pki.Server("p256"), null, TlsVersions.Tls12));
        older.Connect(); // its random carries the sentinel, and a client of TLS 1.2 only does not mind
        Assert.True(older.Close());
        using AuditedClient newer = AuditedClient.To(peer.Port, Setup(pki.Server("p256"), null, Both));
        newer.Connect();
        Assert.Equal(0x13, newer.Suite >> 8);
        Assert.True(newer.Close());
    }

    [PeerTheory("openssl")]
    [InlineData("mqtt", true)]
    [InlineData("h2", false)]
    public void An_application_protocol_is_agreed_under_cover(string offered, bool agreed)
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", "-alpn", "mqtt"]);
        using AuditedClient tls = AuditedClient.To(peer.Port, Setup(pki.Server("p256"), null, TlsVersions.Tls13) with { Alpn = offered });
        if (agreed)
        {
            tls.Connect();
            Assert.True(tls.AlpnNegotiated);
            Assert.True(tls.Close());
        }
        else
        {
            Assert.Equal(FaultReason.AlertReceived, tls.Handshake());
            Assert.Equal(120u, tls.Fault.Actual);
        }
    }

    [PeerFact("openssl")]
    public void A_server_that_wants_a_certificate_and_gets_none_says_so_after_the_handshake()
    {
        using OpenSslServer peer = OpenSslServer.Launch(pki.Server("p256"), ["-tls1_3", "-rev", .. OpenSslServer.DemandClient(pki, pki.Client("p256"))]);
        using AuditedClient tls = AuditedClient.To(peer.Port, Setup(pki.Server("p256"), null, TlsVersions.Tls13));
        tls.Connect();
        Assert.Equal(-1, tls.Read(new byte[100]));
        Assert.Equal((FaultReason.AlertReceived, 116u), (tls.Fault.Reason, tls.Fault.Actual));
    }

    private const CipherSuites Tls13Suites = CipherSuites.Aes128GcmSha256 | CipherSuites.Aes256GcmSha384 | CipherSuites.ChaCha20Poly1305Sha256;

    private static ClientSetup Setup(PeerIdentity server, PeerIdentity? client, TlsVersions versions)
    {
        ClientSetup setup = ClientSetup.For(server, client);
        return setup with { Profile = setup.Profile with { Versions = versions, Suites = setup.Profile.Suites | Tls13Suites, InWindowBytes = 16_384 } };
    }

    private static (Groups Offered, NamedGroup Named) GroupOf(string group) => group switch
    {
        "P-256" => (Groups.Secp256r1, NamedGroup.Secp256r1),
        "P-384" => (Groups.Secp384r1, NamedGroup.Secp384r1),
        _ => (Groups.X25519, NamedGroup.X25519),
    };
}
