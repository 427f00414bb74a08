using System;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Tests.X509;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.Facade;

public sealed class ClientIdentityTests : IDisposable
{
    private static readonly TestIdentity s_root = TestIdentity.Ec("Root");
    private static readonly TestIdentity s_ec = TestIdentity.Ec("Client", s_root);
    private static readonly TestIdentity s_rsa = TestIdentity.Make("RSA client", RSA.Create(2048), s_root);
    private static readonly PbeParameters s_encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_PFX_gives_chain_and_key_in_whatever_order_it_has_them(bool rsa)
    {
        TestIdentity client = rsa ? s_rsa : s_ec;
        byte[] pfx = Pfx("öpen sesame", s_root.Certificate, WithKey(client));
        using var fromBytes = ClientIdentity.FromPfx(pfx, "öpen sesame");
        using var fromFile = ClientIdentity.FromPfx(_folder.Write("client.pfx", pfx), "öpen sesame");
        foreach (ClientIdentity identity in new[] { fromBytes, fromFile })
        {
            Assert.Equal([client.Certificate.Subject, "CN=Root"], identity.Chain.Select(static one => one.Subject));
            Assert.Equal(client.Key.ExportSubjectPublicKeyInfo(), identity.Key!.ExportSubjectPublicKeyInfo());
            Assert.Null(identity.Signer);
        }

        using var credentials = Credentials.From(Trust.Of([s_root.Certificate]), ClientIdentity.FromPfx(pfx, "öpen sesame"));
        Assert.Equal(rsa ? KeyKind.Rsa : KeyKind.P256, new PrivateKey(RomImage.FromChecked(credentials.BuildRomImage(DateTimeOffset.UtcNow)).ClientKey).Kind);
        Assert.Equal(rsa ? 2048 : 0, credentials.Fit(Profiles.Rsa2048.Profile).ClientRsaBits);
    }

    [Fact]
    public void A_PFX_without_a_passphrase_opens_without_one()
    {
        using var identity = ClientIdentity.FromPfx(Pfx(null, WithKey(s_ec)), null);
        Assert.Equal("CN=Client", Assert.Single(identity.Chain).Subject);
    }

    [Fact]
    public void A_bad_PFX_says_what_is_wrong()
    {
        byte[] good = Pfx("right", WithKey(s_ec));
        AssertRefused(CredentialProblem.WrongPassphrase, "passphrase is wrong", good, "wrong");
        AssertRefused(CredentialProblem.PrivateKeyMalformed, "no PKCS#12", "hello"u8.ToArray(), "right");
        AssertRefused(CredentialProblem.PrivateKeyMalformed, "no PKCS#12", s_ec.Certificate.RawData, "right");
        AssertRefused(CredentialProblem.NoPrivateKey, "private keys of 0", Pfx("right", s_ec.Certificate), "right");
        AssertRefused(CredentialProblem.SeveralPrivateKeys, "private keys of 2", Pfx("right", WithKey(s_ec), WithKey(s_rsa)), "right");
        AssertRefused(CredentialProblem.ChainOutOfOrder, "'Stranger' is no issuer", Pfx("right", WithKey(s_ec), TestIdentity.Ec("Stranger").Certificate), "right");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void An_encrypted_key_opens_with_its_passphrase_and_with_no_other(bool rsa, bool pem)
    {
        TestIdentity client = rsa ? s_rsa : s_ec;
        string certificate = _folder.Write("client.pem", client.CertificatePem);
        string key = pem
            ? _folder.Write("key", client.Key.ExportEncryptedPkcs8PrivateKeyPem("right", s_encryption))
            : _folder.Write("key", client.Key.ExportEncryptedPkcs8PrivateKey("right", s_encryption));
        using (var identity = ClientIdentity.FromFiles(certificate, key, "right"))
        {
            Assert.Equal(client.Key.ExportSubjectPublicKeyInfo(), identity.Key!.ExportSubjectPublicKeyInfo());
        }

        Assert.Equal(CredentialProblem.WrongPassphrase, Assert.Throws<CredentialException>(() => ClientIdentity.FromFiles(certificate, key, "wrong")).Problem);
        Assert.Equal(CredentialProblem.PrivateKeyEncrypted, Assert.Throws<CredentialException>(() => ClientIdentity.FromFiles(certificate, key)).Problem);
        using Credentials loaded = Credentials.Load(_folder.Write("ca.pem", s_root.CertificatePem), certificate, key, "right");
        Assert.NotNull(loaded.ClientKey);
    }

    [Fact]
    public void A_passphrase_does_not_hinder_a_key_in_the_clear()
    {
        string both = _folder.Write("both.pem", s_ec.CertificatePem + "\n" + s_ec.Key.ExportPkcs8PrivateKeyPem());
        using var identity = ClientIdentity.FromFiles(both, both, "unused");
        Assert.NotNull(identity.Key);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_certificate_with_a_key_that_may_be_copied_is_baked(bool rsa)
    {
        TestIdentity client = rsa ? s_rsa : s_ec;
        using X509Certificate2 certificate = WithKey(client);
        using var credentials = Credentials.From(Trust.Of([s_root.Certificate]), ClientIdentity.Of(certificate, s_root.Certificate));
        Assert.Equal(2, credentials.ClientChain.Count);
        Assert.False(credentials.Fit(Profiles.Rsa2048.Profile).ClientKeyElsewhere);
        Assert.False(new PrivateKey(RomImage.FromChecked(credentials.BuildRomImage(DateTimeOffset.UtcNow)).ClientKey).IsElsewhere);
    }

    [Fact]
    public void A_certificate_without_a_key_is_refused_by_its_name()
    {
        CredentialException e = Assert.Throws<CredentialException>(() => ClientIdentity.Of(s_ec.Certificate));
        Assert.Equal((CredentialProblem.NoPrivateKey, "Client"), (e.Problem, e.SourceName));
    }

    [Fact]
    public void A_key_of_none_of_the_certificates_is_named()
    {
        CredentialException e = Assert.Throws<CredentialException>(() => ClientIdentity.Of([s_ec.Certificate, s_root.Certificate], s_rsa.Key));
        Assert.Equal(CredentialProblem.KeyDoesNotFitCertificate, e.Problem);
        Assert.Contains("(RSA 2048) is not that of any of the 2 certificates, the first of which is 'Client'", e.Message, StringComparison.Ordinal);
    }

    private static void AssertRefused(CredentialProblem problem, string says, byte[] pfx, string passphrase)
    {
        CredentialException e = Assert.Throws<CredentialException>(() => ClientIdentity.FromPfx(pfx, passphrase));
        Assert.Equal(problem, e.Problem);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
    }

    private static byte[] Pfx(string? passphrase, params X509Certificate2[] certificates) =>
        new X509Certificate2Collection(certificates).Export(X509ContentType.Pkcs12, passphrase)!;

    private static X509Certificate2 WithKey(TestIdentity identity) =>
        identity.Key is RSA rsa ? identity.Certificate.CopyWithPrivateKey(rsa) : identity.Certificate.CopyWithPrivateKey((ECDsa)identity.Key);
}
