using Thimble.Memory;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>Servers that accept one signature algorithm only, for themselves or from the client.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OpenSslSignatureTests(PeerPki pki)
{
    private const CipherSuites Sha256Suite = CipherSuites.EcdheRsaAes128GcmSha256;
    private const CipherSuites Sha384Suite = CipherSuites.EcdheRsaAes256GcmSha384;

    [PeerTheory("openssl")]
    [InlineData("rsa-1", "RSA+SHA256", 256)]
    [InlineData("rsa-1", "RSA+SHA384", 384)]
    [InlineData("rsa-1", "RSA+SHA512", 512)]
    [InlineData("rsa-1", "RSA-PSS+SHA256", 256)]
    [InlineData("rsa-1", "RSA-PSS+SHA384", 384)]
    [InlineData("rsa-1", "RSA-PSS+SHA512", 512)]
    [InlineData("p256", "ECDSA+SHA256", 256)]
    [InlineData("p256", "ECDSA+SHA384", 384)]
    [InlineData("p256", "ECDSA+SHA512", 512)]
    public void The_servers_only_algorithm_serves_its_key_exchange(string chain, string algorithm, int hashBits)
    {
        PeerIdentity server = pki.Server(chain);
        ClientSetup setup = ClientSetup.For(server);
        using OpenSslServer peer = OpenSslServer.Start(server, "-sigalgs", algorithm);
        using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Profile = setup.Profile with { MaxSignatureHashBits = hashBits } });
        tls.Connect();
        tls.AssertEchoes(20, reversed: true);
        Assert.True(tls.Close());
    }

    [PeerTheory("openssl")]
    [InlineData("rsa-1", "RSA+SHA384")]
    [InlineData("rsa-1", "RSA-PSS+SHA512")]
    [InlineData("p256", "ECDSA+SHA384")]
    public void A_server_with_longer_hashes_than_the_profile_refuses(string chain, string algorithm)
    {
        PeerIdentity server = pki.Server(chain);
        using OpenSslServer peer = OpenSslServer.Start(server, "-sigalgs", algorithm);
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(server));
        Assert.Equal(FaultReason.AlertReceived, tls.Handshake());
        Assert.Equal(40u, tls.Fault.Actual);
        peer.Process.WaitFor("no shared signature algorithms|no suitable signature algorithm|no shared cipher");
    }

    [PeerTheory("openssl")]
    [InlineData("p256", "ECDSA+SHA256", Sha256Suite, false, "SHA256", "ECDSA")]
    [InlineData("p256", "ECDSA+SHA256", Sha384Suite, true, "SHA256", "ECDSA")]
    [InlineData("p256", "ECDSA+SHA384", Sha384Suite, false, "SHA384", "ECDSA")]
    [InlineData("p256", "ECDSA+SHA384", Sha256Suite, true, "SHA384", "ECDSA")]
    [InlineData("rsa", "RSA+SHA256", Sha256Suite, false, "SHA256", "RSA")]
    [InlineData("rsa", "RSA-PSS+SHA256", Sha256Suite, false, "SHA256", "RSA-PSS")]
    [InlineData("rsa", "RSA+SHA384", Sha256Suite, true, "SHA384", "RSA")]
    [InlineData("rsa", "RSA-PSS+SHA384", Sha256Suite, true, "SHA384", "RSA-PSS")]
    [InlineData("rsa", "RSA-PSS+SHA256", Sha384Suite, true, "SHA256", "RSA-PSS")]
    public void The_client_signs_as_the_server_asks(
        string client, string algorithm, CipherSuites suite, bool secondTranscript, string hash, string kind)
    {
        using OpenSslServer peer = StartDemanding(client, algorithm);
        using AuditedClient tls = AuditedClient.To(peer.Port, Setup(client, suite, secondTranscript));
        tls.Connect();
        Assert.True(tls.SentClientCertificate);
        peer.Process.WaitFor($"Hash used: {hash}\nSignature type: {kind}\n");
        Assert.True(tls.Close());
    }

    [PeerTheory("openssl")]
    [InlineData("p256", "ECDSA+SHA384", Sha256Suite, false)]
    [InlineData("p256", "ECDSA+SHA256", Sha384Suite, false)]
    [InlineData("p256", "RSA+SHA256", Sha256Suite, true)]
    [InlineData("rsa", "RSA+SHA384", Sha256Suite, false)]
    [InlineData("rsa", "RSA+SHA512", Sha256Suite, true)]
    [InlineData("rsa", "ECDSA+SHA256", Sha256Suite, true)]
    public void A_client_that_cannot_sign_as_the_server_asks_says_so(string client, string algorithm, CipherSuites suite, bool secondTranscript)
    {
        using OpenSslServer peer = StartDemanding(client, algorithm);
        using AuditedClient tls = AuditedClient.To(peer.Port, Setup(client, suite, secondTranscript));
        Assert.Equal(FaultReason.NoCommonSignatureScheme, tls.Handshake());
        Assert.Equal(1u, tls.Fault.Actual);
        peer.Process.WaitFor("alert handshake failure");
    }

    private OpenSslServer StartDemanding(string client, string algorithm) => OpenSslServer.Start(
        pki.Server("rsa-1"), ["-client_sigalgs", algorithm, .. OpenSslServer.DemandClient(pki, pki.Client(client))]);

    private ClientSetup Setup(string client, CipherSuites suite, bool secondTranscript)
    {
        ClientSetup setup = ClientSetup.For(pki.Server("rsa-1"), pki.Client(client));
        return setup with { Profile = setup.Profile with { Suites = suite, SecondTranscript = secondTranscript } };
    }
}
