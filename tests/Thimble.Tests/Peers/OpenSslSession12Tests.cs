using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using Thimble.Memory;
using Thimble.Testing;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>Sessions and shared keys of TLS 1.2 with OpenSSL.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OpenSslSession12Tests(PeerPki pki)
{
    private const TlsVersions Both = TlsVersions.Tls12 | TlsVersions.Tls13;

    private static readonly byte[] s_key = Convert.FromHexString("1A2B3C4D5E6F708192A3B4C5D6E7F8091A2B3C4D5E6F708192A3B4C5D6E7F809");

    [PeerTheory("openssl")]
    [InlineData("rsa-4", "none", "", TlsVersions.Tls12)]
    [InlineData("p256", "p256", "", TlsVersions.Tls12)]
    [InlineData("p256", "none", "", Both)]
    [InlineData("rsa-4", "none", "-no_ticket", TlsVersions.Tls12)]
    [InlineData("p256", "p256", "-no_ticket", TlsVersions.Tls12)]
    [InlineData("p256", "none", "-no_ticket", Both)]
    public void A_session_goes_on_by_ticket_or_by_id(string chain, string client, string option, TlsVersions versions)
    {
        PeerIdentity? device = pki.Client(client);
        string[] more = option.Length == 0 ? [] : [option];
        using OpenSslServer peer = OpenSslServer.Start(pki.Server(chain), [.. more, .. OpenSslServer.DemandClient(pki, device)]);
        ClientSetup setup = Setup(pki.Server(chain), device, versions);
        byte[] session = [];
        (int PieceBytes, int Work)[] feedings = [(16_384, 0), (16_384, 0), (61, 300), (1, 1)];
        foreach ((int pieceBytes, int work) in feedings)
        {
            bool first = session.Length == 0;
            using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Session = session, PieceBytes = pieceBytes, WorkPerCall = work });
            tls.Connect();
            Assert.Equal((!first, first && device is not null), (tls.Resumed, tls.SentClientCertificate));
            tls.AssertEchoes(3000, reversed: true);
            session = tls.TakeSession();
            Assert.True(tls.Close());
            Assert.Equal(FaultReason.None, tls.Fault.Reason);
        }
    }

    [PeerTheory("openssl")]
    [InlineData("", "-tls1_2")]
    [InlineData("-no_ticket", "-tls1_2")]
    [InlineData("", "-tls1_3")]
    [InlineData("-no_ticket", "-tls1_3")]
    public void Another_server_knows_nothing_of_it_and_makes_a_full_handshake(string option, string version)
    {
        ClientSetup setup = Setup(pki.Server("p256"), null, Both);
        string[] more = option.Length == 0 ? [] : [option];
        byte[] session;
        using (OpenSslServer first = OpenSslServer.Start(pki.Server("p256"), more))
        using (AuditedClient tls = AuditedClient.To(first.Port, setup))
        {
            tls.Connect();
            session = tls.TakeSession();
        }

        using OpenSslServer second = OpenSslServer.Launch(pki.Server("p256"), [version, "-rev", .. more]);
        using AuditedClient again = AuditedClient.To(second.Port, setup with { Session = session });
        again.Connect();
        Assert.False(again.Resumed);
        Assert.Equal(version == "-tls1_3", again.Suite >> 8 == 0x13);
        again.AssertEchoes(300, reversed: true);
        Assert.True(again.Close());
    }

    [PeerFact("openssl")]
    public void A_ticket_above_the_limit_is_let_go_and_the_connection_stands()
    {
        PeerIdentity device = pki.Client("p256")!;
        using OpenSslServer peer = OpenSslServer.Start(pki.Server("p256"), OpenSslServer.DemandClient(pki, device));
        ClientSetup setup = Setup(pki.Server("p256"), device, TlsVersions.Tls12);
        using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Profile = setup.Profile with { MaxTicketBytes = 100 } });
        tls.Connect();
        tls.AssertEchoes(300, reversed: true);
        Assert.False(tls.HasSession);
        Assert.True(tls.Close());
    }

    public static TheoryData<string, string, ushort> SharedKeySuites() => new()
    {
        { nameof(CipherSuites.PskAes128GcmSha256), "PSK-AES128-GCM-SHA256", 0x00A8 },
        { nameof(CipherSuites.PskAes256GcmSha384), "PSK-AES256-GCM-SHA384", 0x00A9 },
        { nameof(CipherSuites.PskChaCha20Poly1305Sha256), "PSK-CHACHA20-POLY1305", 0xCCAB },
        { nameof(CipherSuites.PskAes128Ccm), "PSK-AES128-CCM", 0xC0A4 },
        { nameof(CipherSuites.PskAes128Ccm8), "PSK-AES128-CCM8:@SECLEVEL=0", 0xC0A8 },
        { nameof(CipherSuites.EcdhePskChaCha20Poly1305Sha256), "ECDHE-PSK-CHACHA20-POLY1305", 0xCCAC },
    };

    [PeerTheory("openssl")]
    [MemberData(nameof(SharedKeySuites))]
    public void A_shared_key_connects_with_and_without_a_hint_and_its_session_goes_on(string suite, string name, ushort number)
    {
        foreach (string[] hint in new string[][] { [], ["-psk_hint", "third floor"] })
        {
            using OpenSslServer peer = SharingServer(name, hint);
            ClientSetup setup = Sharing(Enum.Parse<CipherSuites>(suite));
            byte[] session = [];
            foreach (bool resumed in new[] { false, true })
            {
                using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Session = session });
                tls.Connect();
                Assert.Equal((number, resumed, !resumed), (tls.Suite, tls.Resumed, tls.UsedPreSharedKey));
                tls.AssertEchoes(3000, reversed: true);
                session = tls.TakeSession();
                Assert.True(tls.Close());
            }
        }
    }

    [PeerFact("openssl")]
    public void A_server_that_has_another_key_refuses()
    {
        using OpenSslServer peer = SharingServer("PSK-AES128-GCM-SHA256", []);
        using AuditedClient tls = AuditedClient.To(peer.Port, Sharing(CipherSuites.PskAes128GcmSha256) with { SharedKey = [.. s_key.Reverse()] });
        Assert.Equal(FaultReason.AlertReceived, tls.Handshake());
    }

    [PeerTheory("openssl")]
    [InlineData("-no_ticket")]
    [InlineData("-serverpref")]
    public void The_tool_reconnects_with_the_session_of_TLS_1_2(string option)
    {
        PeerIdentity server = pki.Server("p256");
        using OpenSslServer peer = OpenSslServer.Start(server, option);
        CliRun run = CliRun.Of("connect", "localhost:" + peer.Port, "--cafile", server.RootFile, "--tls", "1.2", "--reconnect", "--json");
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        JsonElement tls = run.Json.GetProperty("tls");
        Assert.Equal(("TLS 1.2", true, true), (tls.GetProperty("version").GetString(), tls.GetProperty("sessionOffered").GetBoolean(), tls.GetProperty("resumed").GetBoolean()));
        Assert.Equal(0, tls.GetProperty("peerChain").GetArrayLength());
    }

    [PeerTheory("openssl")]
    [InlineData("psk", "PSK-AES128-GCM-SHA256")]
    [InlineData("pskWithDhe", "ECDHE-PSK-CHACHA20-POLY1305")]
    public void The_tool_shares_a_key_in_TLS_1_2_and_reconnects(string modes, string cipher)
    {
        using OpenSslServer peer = SharingServer(cipher, []);
        string[] arguments = ["--psk-identity", "device 7", "--psk", Convert.ToHexString(s_key), "--psk-modes", modes, "--tls", "1.2", "--json"];
        CliRun once = CliRun.Of(["connect", "localhost:" + peer.Port, .. arguments]);
        Assert.True(once.ExitCode == 0, once.Output + once.Error);
        Assert.True(once.Json.GetProperty("tls").GetProperty("sharedKey").GetBoolean());
        CliRun twice = CliRun.Of(["connect", "localhost:" + peer.Port, .. arguments, "--reconnect"]);
        Assert.True(twice.ExitCode == 0, twice.Output + twice.Error);
        Assert.True(twice.Json.GetProperty("tls").GetProperty("resumed").GetBoolean());
    }

    private OpenSslServer SharingServer(string cipher, IEnumerable<string> more) => OpenSslServer.Start(
        pki.Server("p256"), ["-cipher", cipher, "-psk_identity", "device 7", "-psk", Convert.ToHexString(s_key), .. more]);

    /// <summary>No anchor, no certificate, and nothing planned for them.</summary>
    private static ClientSetup Sharing(CipherSuites suite) => new()
    {
        Anchors = [],
        SharedKey = s_key,
        SharedKeyIdentity = "device 7",
        Profile = new Profile
        {
            Suites = suite, Groups = Groups.Secp256r1, PskModes = PskModes.Psk | PskModes.PskWithDhe, MaxPskIdentityBytes = 32,
            InWindowBytes = 512, OutWindowBytes = 512, MaxServerNameBytes = 64, MaxTicketBytes = 256,
        },
    };

    private static ClientSetup Setup(PeerIdentity server, PeerIdentity? client, TlsVersions versions)
    {
        ClientSetup setup = ClientSetup.For(server, client);
        CipherSuites more = (versions & TlsVersions.Tls13) != 0 ? CipherSuites.Aes128GcmSha256 : CipherSuites.None;
        return setup with { Profile = setup.Profile with { Versions = versions, Suites = setup.Profile.Suites | more, MaxTicketBytes = 2048, InWindowBytes = 16_384 } };
    }
}
