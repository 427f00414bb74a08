using System;
using Thimble.Memory;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>What must not succeed, each with its own fault here and its own alert there.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OpenSslFailureTests(PeerPki pki)
{
    [PeerTheory("openssl")]
    [InlineData(16_384, 0)]
    [InlineData(1, 1)]
    public void An_unknown_authority(int pieceBytes, int workPerCall)
    {
        ClientSetup setup = ClientSetup.For(pki.Server("p256")) with { Anchors = [pki.Server("rsa-1").Root], PieceBytes = pieceBytes, WorkPerCall = workPerCall };
        AssertFails("p256", setup, FaultReason.IssuerUnknown, "alert unknown ca", "Peer Root P-256");
    }

    [PeerFact("openssl")]
    public void An_expired_certificate()
    {
        Fault fault = AssertFails("expired", ClientSetup.For(pki.Server("expired")), FaultReason.CertificateExpired, "alert certificate expired", "expired");
        Assert.Equal(0, fault.Depth);
        Assert.Equal(2u, fault.Actual - fault.Expected);
    }

    [PeerFact("openssl")]
    public void Another_host_name()
    {
        ClientSetup setup = ClientSetup.For(pki.Server("p256")) with { ServerName = "broker.example.com" };
        Fault fault = AssertFails("p256", setup, FaultReason.NameMismatch, "alert certificate unknown", PeerPki.ServerName);
        Assert.Equal(0, fault.Depth);
    }

    [PeerFact("openssl")]
    public void A_certificate_that_signed_itself()
    {
        ClientSetup setup = ClientSetup.For(pki.Server("self-signed")) with { Anchors = [pki.Server("p256").Root] };
        AssertFails("self-signed", setup, FaultReason.IssuerUnknown, "alert unknown ca", "peer");
    }

    [PeerFact("openssl")]
    public void A_chain_beyond_the_profile()
    {
        // The leaf's key is EC, but an RSA key signed it, which the profile plans no registers for.
        ClientSetup setup = ClientSetup.For(pki.Server("ec-under-rsa"));
        AssertFails("ec-under-rsa", setup with { Profile = setup.Profile with { MaxRsaBits = 0 } }, FaultReason.SignatureAboveProfileLimit, "alert unsupported certificate");
    }

    [PeerFact("openssl")]
    public void A_server_that_does_not_trust_the_client()
    {
        PeerIdentity server = pki.Server("p256");
        PeerIdentity stranger = pki.Client("stranger")!;
        using OpenSslServer peer = OpenSslServer.Start(server, OpenSslServer.DemandClient(pki, stranger));
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(server, stranger));
        AssertAlert(tls, 48);
        Assert.Contains("unknown_ca", tls.Explanation, StringComparison.Ordinal);
    }

    [PeerFact("openssl")]
    public void A_server_that_wants_a_certificate_and_gets_none()
    {
        PeerIdentity server = pki.Server("p256");
        using OpenSslServer peer = OpenSslServer.Start(server, OpenSslServer.DemandClient(pki, pki.Client("p256")));
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(server));
        AssertAlert(tls, 40);
        Assert.Contains("certificate", tls.Explanation, StringComparison.Ordinal);
        peer.Process.WaitFor("peer did not return a certificate");
    }

    [PeerFact("openssl")]
    public void A_server_that_asks_for_a_certificate_and_does_without()
    {
        PeerIdentity server = pki.Server("p256");
        using OpenSslServer peer = OpenSslServer.Start(server, "-verify", "3", "-CAfile", pki.ClientRootFile);
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(server));
        tls.Connect();
        Assert.False(tls.SentClientCertificate);
        Assert.True(tls.Close());
    }

    /// <summary>AEAD suites exist only since TLS 1.2, so a server that speaks nothing newer than 1.1 finds no suite to share.</summary>
    [PeerFact("openssl")]
    public void A_server_without_TLS_1_2()
    {
        PeerIdentity server = pki.Server("p256");
        using OpenSslServer peer = OpenSslServer.Launch(server, ["-tls1_1", "-rev", "-cipher", "ALL@SECLEVEL=0"]);
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(server));
        AssertAlert(tls, 40);
        peer.Process.WaitFor("no shared cipher");
    }

    [PeerFact("openssl")]
    public void A_server_without_our_suites()
    {
        PeerIdentity server = pki.Server("rsa-1");
        using OpenSslServer peer = OpenSslServer.Start(server, "-cipher", "ECDHE-RSA-AES128-SHA256");
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(server));
        AssertAlert(tls, 40);
        peer.Process.WaitFor("no shared cipher");
    }

    [PeerFact("openssl")]
    public void A_server_that_speaks_only_TLS_1_3()
    {
        PeerIdentity server = pki.Server("p256");
        using OpenSslServer peer = OpenSslServer.Launch(server, ["-tls1_3", "-rev"]);
        using AuditedClient tls = AuditedClient.To(peer.Port, ClientSetup.For(server));
        AssertAlert(tls, 70);
        peer.Process.WaitFor("unsupported protocol");
    }

    private static void AssertAlert(AuditedClient tls, byte description)
    {
        Assert.Equal(FaultReason.AlertReceived, tls.Handshake());
        Assert.Equal((description, (uint)description), (tls.Fault.Alert, tls.Fault.Actual));
    }

    private Fault AssertFails(string chain, ClientSetup setup, FaultReason reason, string serverHears, string? explained = null)
    {
        using OpenSslServer peer = OpenSslServer.Start(pki.Server(chain));
        using AuditedClient tls = AuditedClient.To(peer.Port, setup);
        Assert.Equal(reason, tls.Handshake());
        Assert.Contains(explained ?? "", tls.Explanation, StringComparison.Ordinal);
        peer.Process.WaitFor(serverHears);
        return tls.Fault;
    }
}
