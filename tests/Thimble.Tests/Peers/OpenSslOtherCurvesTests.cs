using Thimble.Memory;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>OpenSSL's servers with keys and authorities of Ed25519 and on P-521.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OpenSslOtherCurvesTests(PeerPki pki)
{
    private const CipherSuites Tls13Suites = CipherSuites.Aes128GcmSha256 | CipherSuites.Aes256GcmSha384 | CipherSuites.ChaCha20Poly1305Sha256;

    [PeerTheory("openssl")]
    [InlineData("ed25519", "-tls1_2")]
    [InlineData("ed25519", "-tls1_3")]
    [InlineData("ed25519-under-p256", "-tls1_2")]
    [InlineData("ed25519-under-p256", "-tls1_3")]
    [InlineData("p256-under-ed25519", "-tls1_2")]
    [InlineData("p256-under-ed25519", "-tls1_3")]
    [InlineData("p521", "-tls1_3")]
    [InlineData("p256-under-p521", "-tls1_2")]
    [InlineData("p256-under-p521", "-tls1_3")]
    public void A_profile_for_this_chain_and_nothing_more_suffices(string chain, string version)
    {
        PeerIdentity server = pki.Server(chain);
        using OpenSslServer peer = OpenSslServer.Launch(server, [version, "-rev"]);
        foreach ((int pieceBytes, int work) in ((int, int)[])[(16_384, 0), (61, 300), (1, 1)])
        {
            ClientSetup setup = Setup(server);
            using AuditedClient tls = AuditedClient.To(peer.Port, setup with { PieceBytes = pieceBytes, WorkPerCall = work });
            tls.Connect();
            tls.AssertEchoes(300, reversed: true);
            Assert.True(tls.Close());
            Assert.Equal(FaultReason.None, tls.Fault.Reason);
        }
    }

    /// <summary>RFC 8422 §5.1: P-521 is not among the groups of ClientHello, because it would offer it for key agreement too.</summary>
    [PeerFact("openssl")]
    public void A_server_of_Tls12_keeps_its_key_on_P521_to_itself()
    {
        PeerIdentity server = pki.Server("p521");
        using OpenSslServer peer = OpenSslServer.Start(server);
        using AuditedClient tls = AuditedClient.To(peer.Port, Setup(server));
        Assert.Equal(FaultReason.AlertReceived, tls.Handshake());
        Assert.Equal(40u, tls.Fault.Actual);
        peer.Process.WaitFor("no shared cipher");
    }

    [PeerTheory("openssl")]
    [InlineData("-tls1_2")]
    [InlineData("-tls1_3")]
    public void A_server_whose_only_key_was_not_offered_refuses(string version)
    {
        PeerIdentity server = pki.Server("ed25519-under-p256");
        ClientSetup setup = Setup(server);
        using OpenSslServer peer = OpenSslServer.Launch(server, [version, "-rev"]);
        using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Profile = setup.Profile with { Ed25519 = false } });
        Assert.Equal(FaultReason.AlertReceived, tls.Handshake());
        Assert.Equal(40u, tls.Fault.Actual);
    }

    [PeerFact("openssl")]
    public void A_chain_for_which_there_is_no_room_says_how_much_it_needs()
    {
        PeerIdentity server = pki.Server("ed25519");
        ClientSetup setup = Setup(server);
        using OpenSslServer peer = OpenSslServer.Launch(server, ["-tls1_3", "-rev"]);
        using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Profile = setup.Profile with { MaxEd25519TbsBytes = 0 } });
        Assert.Equal(FaultReason.SignatureNotStreamable, tls.Handshake());
        Assert.Contains($"--max-ed25519-tbs {X509.TestPki.TbsBytes(server.Leaf.Der)}", tls.Explanation, System.StringComparison.Ordinal);
        peer.Process.WaitFor("alert unsupported certificate");
    }

    private static ClientSetup Setup(PeerIdentity server)
    {
        ClientSetup setup = ClientSetup.For(server);
        return setup with
        {
            Profile = setup.Profile with { Versions = TlsVersions.Tls12 | TlsVersions.Tls13, Suites = setup.Profile.Suites | Tls13Suites, Groups = Groups.X25519 | Groups.Secp256r1 },
        };
    }
}
