using System;
using System.Globalization;
using System.IO;
using Thimble.Memory;
using Thimble.Testing;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>Responses of <c>openssl ocsp</c>, stapled by OpenSSL and by GnuTLS.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class StapledStatusTests(PeerPki pki)
{
    private const TlsVersions Both = TlsVersions.Tls12 | TlsVersions.Tls13;

    [PeerTheory("openssl")]
    [InlineData("p256", TlsVersions.Tls12, false)]
    [InlineData("p256", TlsVersions.Tls13, true)]
    [InlineData("rsa-1", TlsVersions.Tls12, true)]
    [InlineData("rsa-1", TlsVersions.Tls13, false)]
    [InlineData("rsa-4", TlsVersions.Tls12, false)]
    [InlineData("rsa-4", TlsVersions.Tls13, true)]
    [InlineData("p384", TlsVersions.Tls13, false)]
    [InlineData("must-staple", TlsVersions.Tls12, true)]
    [InlineData("must-staple", TlsVersions.Tls13, false)]
    public void A_good_response_is_verified_while_it_streams(string chain, TlsVersions version, bool delegated)
    {
        PeerIdentity server = pki.Server(chain);
        string response = Respond(server, 'V', delegated);
        using OpenSslServer peer = OpenSslServer.Launch(server, [version == TlsVersions.Tls12 ? "-tls1_2" : "-tls1_3", "-rev", "-status_file", response]);
        foreach (int pieceBytes in (int[])[16_384, 61, 1])
        {
            ClientSetup setup = Asking(server);
            using AuditedClient tls = AuditedClient.To(peer.Port, setup with { PieceBytes = pieceBytes, WorkPerCall = pieceBytes == 61 ? 100 : 0 });
            tls.Connect();
            Assert.Equal(CertificateStatus.Good, tls.CertificateStatus);
            tls.AssertEchoes(511, reversed: true);
            Assert.True(tls.Close());
        }
    }

    [PeerTheory("openssl")]
    [InlineData("p256", TlsVersions.Tls12)]
    [InlineData("p256", TlsVersions.Tls13)]
    public void No_response_and_none_asked_for_are_told_apart(string chain, TlsVersions version)
    {
        PeerIdentity server = pki.Server(chain);
        using OpenSslServer peer = OpenSslServer.Launch(server, [version == TlsVersions.Tls12 ? "-tls1_2" : "-tls1_3", "-rev"]);
        foreach (bool asks in (bool[])[true, false])
        {
            ClientSetup setup = Asking(server);
            using AuditedClient tls = AuditedClient.To(peer.Port, setup with { Profile = setup.Profile with { StapledStatus = asks } });
            tls.Connect();
            Assert.Equal(asks ? CertificateStatus.NotStapled : CertificateStatus.None, tls.CertificateStatus);
            Assert.True(tls.Close());
        }
    }

    [PeerTheory("openssl")]
    [InlineData(TlsVersions.Tls12, 'R', FaultReason.CertificateRevoked, 44)]
    [InlineData(TlsVersions.Tls13, 'R', FaultReason.CertificateRevoked, 44)]
    [InlineData(TlsVersions.Tls13, '-', FaultReason.StatusUnknown, 113)]
    public void What_is_not_good_ends_the_handshake(TlsVersions version, char state, FaultReason reason, int alert)
    {
        PeerIdentity server = pki.Server("p256");
        using OpenSslServer peer = OpenSslServer.Launch(server, [version == TlsVersions.Tls12 ? "-tls1_2" : "-tls1_3", "-rev", "-status_file", Respond(server, state, delegated: true)]);
        using AuditedClient tls = AuditedClient.To(peer.Port, Asking(server));
        Assert.Equal((reason, alert), (tls.Handshake(), tls.Fault.Alert));
        peer.Process.WaitFor(alert == 44 ? "alert certificate revoked" : "bad certificate status response");
    }

    [PeerTheory("openssl")]
    [InlineData(TlsVersions.Tls12)]
    [InlineData(TlsVersions.Tls13)]
    public void A_certificate_that_demands_a_status_is_refused_without(TlsVersions version)
    {
        PeerIdentity server = pki.Server("must-staple");
        using OpenSslServer peer = OpenSslServer.Launch(server, [version == TlsVersions.Tls12 ? "-tls1_2" : "-tls1_3", "-rev"]);
        using AuditedClient tls = AuditedClient.To(peer.Port, Asking(server));
        Assert.Equal((FaultReason.StatusMissing, 113), (tls.Handshake(), tls.Fault.Alert));
    }

    [NamespaceTheory("gnutls-serv", "ip")]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public void GnuTLS_staples_as_well(string version)
    {
        const int Port = 5557;
        PeerIdentity server = pki.Server("p256");
        string response = Respond(server, 'V', delegated: false);
        using var network = new NetworkNamespace();
        using PeerProcess peer = network.Start(
            "gnutls-serv", "--echo", "--port", Port.ToString(CultureInfo.InvariantCulture), "--priority", "NORMAL:-VERS-ALL:+VERS-TLS" + version,
            "--x509certfile", server.ChainFile, "--x509keyfile", server.KeyFile, "--ocsp-response", response, "--ignore-ocsp-response-errors");
        peer.WaitFor(@"listening on IPv4 .*\.\.\.done");
        using var tls = new AuditedClient(Asking(server), network.Connect(Port));
        tls.Connect();
        Assert.Equal(CertificateStatus.Good, tls.CertificateStatus);
        tls.AssertEchoes(500, reversed: false);
        Assert.True(tls.Close());
    }

    private static ClientSetup Asking(PeerIdentity server)
    {
        ClientSetup setup = ClientSetup.For(server);
        return setup with { Profile = setup.Profile.Offering(Both) with { StapledStatus = true } };
    }

    /// <summary>A response of <c>openssl ocsp</c> for the server's leaf: 'V' for valid, 'R' for revoked, '-' for not known.</summary>
    private string Respond(PeerIdentity server, char state, bool delegated)
    {
        TestCertificate issuer = server.Chain.Count > 1 ? server.Chain[1] : server.Root;
        TestCertificate signer = delegated ? Responder(issuer) : issuer;
        string serial = server.Leaf.Certificate.SerialNumber;
        string revoked = state == 'R' ? "260101000000Z,keyCompromise" : "";
        string index = pki.WriteFile(state == '-' ? "" : $"{state}\t490101000000Z\t{revoked}\t{serial}\tunknown\t/CN=peer\n");
        string issuerFile = pki.WriteFile(issuer.Certificate.ExportCertificatePem()), response = pki.WriteFile("");
        PeerProcess.Run(
            "openssl", "ocsp", "-index", index, "-CA", issuerFile, "-rsigner", pki.WriteFile(signer.Certificate.ExportCertificatePem()),
            "-rkey", pki.WriteFile(signer.Key.ExportPkcs8PrivateKeyPem()), "-issuer", issuerFile, "-cert", server.LeafFile, "-respout", response, "-ndays", "2", "-noverify");
        Assert.NotEqual(0, new FileInfo(response).Length);
        return response;
    }

    private static TestCertificate Responder(TestCertificate issuer) => TestPki.Make(
        new CertificateRecipe
        {
            Subject = "CN=Peer Responder",
            Key = TestPki.Key(issuer.Key is System.Security.Cryptography.RSA ? "RSA-2048" : "P-256", 140),
            NotBefore = DateTimeOffset.UtcNow.AddDays(-2),
            NotAfter = DateTimeOffset.UtcNow.AddDays(2),
            DnsNames = [],
            Purposes = [StatusPki.OcspSigning],
        },
        issuer);
}
