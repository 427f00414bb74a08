using System;
using System.Globalization;
using Thimble.Memory;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>The suites of AES-CCM, which servers offer only when they are told to: OpenSSL and GnuTLS, both versions, both lengths of tags.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class CcmTests(PeerPki pki)
{
    [PeerTheory("openssl")]
    [InlineData(CipherSuites.EcdheEcdsaAes128Ccm, 0xC0AC, "-cipher", "ECDHE-ECDSA-AES128-CCM:@SECLEVEL=0")]
    [InlineData(CipherSuites.EcdheEcdsaAes256Ccm, 0xC0AD, "-cipher", "ECDHE-ECDSA-AES256-CCM:@SECLEVEL=0")]
    [InlineData(CipherSuites.EcdheEcdsaAes128Ccm8, 0xC0AE, "-cipher", "ECDHE-ECDSA-AES128-CCM8:@SECLEVEL=0")]
    [InlineData(CipherSuites.EcdheEcdsaAes256Ccm8, 0xC0AF, "-cipher", "ECDHE-ECDSA-AES256-CCM8:@SECLEVEL=0")]
    [InlineData(CipherSuites.Aes128CcmSha256, 0x1304, "-ciphersuites", "TLS_AES_128_CCM_SHA256")]
    [InlineData(CipherSuites.Aes128Ccm8Sha256, 0x1305, "-ciphersuites", "TLS_AES_128_CCM_8_SHA256")]
    public void OpenSSL_echoes_over_mutual_TLS(CipherSuites suite, int number, string option, string value)
    {
        PeerIdentity server = pki.Server("p256");
        PeerIdentity device = pki.Client("p256")!;
        using OpenSslServer peer = OpenSslServer.Launch(server, ["-rev", option, value, .. OpenSslServer.DemandClient(pki, device)]);
        foreach ((int pieceBytes, int workPerCall) in new[] { (16_384, 0), (61, 300), (1, 1) })
        {
            using AuditedClient tls = AuditedClient.To(peer.Port, Setup(server, device, suite) with { PieceBytes = pieceBytes, WorkPerCall = workPerCall });
            tls.Connect();
            Assert.Equal((number, true), (tls.Suite, tls.SentClientCertificate));
            foreach (int length in (int[])[1, 511, 512, 3000])
            {
                tls.AssertEchoes(length, reversed: true);
            }

            Assert.True(tls.Close());
            Assert.Equal(FaultReason.None, tls.Fault.Reason);
        }
    }

    [NamespaceTheory("gnutls-serv", "ip")]
    [InlineData(CipherSuites.EcdheEcdsaAes128Ccm, 0xC0AC, "1.2", "AES-128-CCM")]
    [InlineData(CipherSuites.EcdheEcdsaAes256Ccm, 0xC0AD, "1.2", "AES-256-CCM")]
    [InlineData(CipherSuites.EcdheEcdsaAes128Ccm8, 0xC0AE, "1.2", "AES-128-CCM-8")]
    [InlineData(CipherSuites.EcdheEcdsaAes256Ccm8, 0xC0AF, "1.2", "AES-256-CCM-8")]
    [InlineData(CipherSuites.Aes128CcmSha256, 0x1304, "1.3", "AES-128-CCM")]
    [InlineData(CipherSuites.Aes128Ccm8Sha256, 0x1305, "1.3", "AES-128-CCM-8")]
    public void GnuTLS_echoes_through_a_small_window(CipherSuites suite, int number, string version, string cipher)
    {
        const int Port = 5557;
        PeerIdentity server = pki.Server("p256");
        using var network = new NetworkNamespace();
        using PeerProcess peer = network.Start(
            "gnutls-serv", "--echo", "--port", Port.ToString(CultureInfo.InvariantCulture),
            "--priority", $"NORMAL:-VERS-ALL:+VERS-TLS{version}:-CIPHER-ALL:+{cipher}:-MAC-ALL:+AEAD", "--x509certfile", server.ChainFile, "--x509keyfile", server.KeyFile, "--disable-client-cert");
        peer.WaitFor(@"listening on IPv4 .*\.\.\.done");
        using var tls = new AuditedClient(Setup(server, null, suite) with { ProvisionalDelivery = true }, network.Connect(Port));
        tls.Connect();
        Assert.Equal(number, tls.Suite);
        foreach (int length in (int[])[1, 511, 512, 5000])
        {
            tls.AssertEchoes(length, reversed: false);
        }

        Assert.True(tls.Close());
        Assert.Equal(FaultReason.None, tls.Fault.Reason);
    }

    private static ClientSetup Setup(PeerIdentity server, PeerIdentity? client, CipherSuites suite)
    {
        ClientSetup setup = ClientSetup.For(server, client);
        bool later = suite is CipherSuites.Aes128CcmSha256 or CipherSuites.Aes128Ccm8Sha256;
        return setup with { Profile = setup.Profile with { Suites = suite, Versions = later ? TlsVersions.Tls13 : TlsVersions.Tls12 } };
    }
}
