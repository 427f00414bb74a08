using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Thimble.Memory;
using Thimble.Tests.X509;
using Xunit;

namespace Thimble.Tests.Facade;

public sealed class CredentialsTests : IDisposable
{
    private static readonly TestIdentity s_root = TestIdentity.Ec("Root");
    private static readonly TestIdentity s_client = TestIdentity.Ec("Client", s_root);
    private static readonly TestIdentity s_rsaClient = TestIdentity.Make("RSA client", RSA.Create(2048), s_root);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_with_several_anchors_gives_them_all_once()
    {
        string file = _folder.Write("ca.pem", "Comments are allowed.\r\n" + s_root.CertificatePem + "\n\n" + s_client.CertificatePem + "\n" + s_root.CertificatePem);
        using Credentials credentials = Credentials.Load(file);
        Assert.Equal(["Root", "Client"], credentials.AnchorNames);
        Assert.Null(credentials.ClientKey);
    }

    [Fact]
    public void A_DER_certificate_is_an_anchor_too()
    {
        using Credentials credentials = Credentials.Load(_folder.Write("ca.der", s_root.Certificate.RawData));
        Assert.Equal("Root", Assert.Single(credentials.AnchorNames));
    }

    [Fact]
    public void A_file_in_UTF_16_is_read()
    {
        string file = _folder["ca.pem"];
        File.WriteAllText(file, s_root.CertificatePem, Encoding.Unicode);
        using Credentials credentials = Credentials.Load(file);
        Assert.Single(credentials.Anchors);
    }

    [Fact]
    public void Anchors_with_keys_that_are_not_supported_are_left_out_while_others_remain()
    {
        TestIdentity brainpool = TestIdentity.Make("Brainpool", ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1));
        using Credentials credentials = Credentials.Load(_folder.Write("ca.pem", brainpool.CertificatePem + "\n" + s_root.CertificatePem));
        Assert.Equal("Root", Assert.Single(credentials.AnchorNames));
    }

    [Fact]
    public void Anchors_on_P521_and_of_Ed25519_are_kept()
    {
        TestIdentity p521 = TestIdentity.Make("Large", ECDsa.Create(ECCurve.NamedCurves.nistP521));
        string edwards = TestPki.Root("Ed25519", "CN=Edwards").Certificate.ExportCertificatePem();
        using Credentials credentials = Credentials.Load(_folder.Write("ca.pem", p521.CertificatePem + "\n" + edwards));
        Assert.Equal(["Large", "Edwards"], credentials.AnchorNames);
    }

    [Theory]
    [MemberData(nameof(KeyForms))]
    public void Every_form_of_a_private_key_is_read(string form, bool rsa, object content)
    {
        Assert.NotEmpty(form);
        TestIdentity client = rsa ? s_rsaClient : s_client;
        string key = content is string pem ? _folder.Write("key", pem) : _folder.Write("key", (byte[])content);
        using Credentials credentials = Credentials.Load(Ca(), _folder.Write("client.pem", client.CertificatePem), key);
        Assert.Equal(client.Key.ExportSubjectPublicKeyInfo(), credentials.ClientKey!.ExportSubjectPublicKeyInfo());
        Profile fitted = credentials.Fit(Profiles.Rsa2048.Profile);
        Assert.Equal(rsa ? 2048 : 0, fitted.ClientRsaBits);
        Assert.Equal(rsa ? 0 : 256, fitted.ClientEcdsaBits);
    }

    public static TheoryData<string, bool, object> KeyForms()
    {
        var rsa = (RSA)s_rsaClient.Key;
        var ec = (ECDsa)s_client.Key;
        return new TheoryData<string, bool, object>
        {
            { "PKCS#8 PEM", false, ec.ExportPkcs8PrivateKeyPem() },
            { "PKCS#8 DER", false, ec.ExportPkcs8PrivateKey() },
            { "SEC 1 PEM", false, ec.ExportECPrivateKeyPem() },
            { "SEC 1 DER", false, ec.ExportECPrivateKey() },
            { "SEC 1 PEM after its parameters", false, "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + ec.ExportECPrivateKeyPem() },
            { "PKCS#8 PEM", true, rsa.ExportPkcs8PrivateKeyPem() },
            { "PKCS#8 DER", true, rsa.ExportPkcs8PrivateKey() },
            { "PKCS#1 PEM", true, rsa.ExportRSAPrivateKeyPem() },
            { "PKCS#1 DER", true, rsa.ExportRSAPrivateKey() },
        };
    }

    [Fact]
    public void One_file_may_hold_the_certificate_the_chain_and_the_key()
    {
        string both = _folder.Write("both.pem", s_client.CertificatePem + "\n" + s_root.CertificatePem + "\n" + s_client.Key.ExportPkcs8PrivateKeyPem());
        using Credentials credentials = Credentials.Load(Ca(), both, both);
        Assert.Equal(2, credentials.ClientChain.Count);
        Assert.NotNull(credentials.ClientKey);
    }

    [Theory]
    [MemberData(nameof(BadCertificateFiles))]
    public void A_bad_certificate_file_says_what_is_wrong(CredentialProblem problem, string says, object content)
    {
        string file = content is string text ? _folder.Write("bad", text) : _folder.Write("bad", (byte[])content);
        CredentialException e = Assert.Throws<CredentialException>(() => Credentials.Load(file));
        Assert.Equal(problem, e.Problem);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.StartsWith(file + ": ", e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<CredentialProblem, string, object> BadCertificateFiles()
    {
        string pem = s_root.CertificatePem;
        byte[] der = s_root.Certificate.RawData;
        var weak = new CertificateRequest("CN=Weak", RSA.Create(1024), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return new TheoryData<CredentialProblem, string, object>
        {
            { CredentialProblem.Empty, "empty", "" },
            { CredentialProblem.NoCertificate, "neither PEM nor DER", "hello" },
            { CredentialProblem.NoCertificate, "private key and no certificate", s_root.Key.ExportPkcs8PrivateKeyPem() },
            { CredentialProblem.NoCertificate, "'PUBLIC KEY'", s_root.Key.ExportSubjectPublicKeyInfoPem() },
            { CredentialProblem.NoCertificate, "certificate request", weak.CreateSigningRequestPem() },
            { CredentialProblem.NoCertificate, "PKCS#12", new X509Certificate2Collection(s_root.Certificate).Export(X509ContentType.Pkcs12)! },
            { CredentialProblem.NoCertificate, "PKCS#7", new X509Certificate2Collection(s_root.Certificate).Export(X509ContentType.Pkcs7)! },
            { CredentialProblem.PemMalformed, "line 1 has no matching END", pem[..^30] },
            { CredentialProblem.PemMalformed, "line 3 is not base64", "\n\n" + pem.Insert(80, "*") },
            { CredentialProblem.CertificateMalformed, "line 1 is no X.509", PemEncoding.WriteString("CERTIFICATE", [0x30, 3, 2, 1, 1]) },
            { CredentialProblem.CertificateMalformed, "is no X.509", der[..^1] },
            { CredentialProblem.CertificateMalformed, "followed by other bytes", der.Append((byte)0).ToArray() },
            { CredentialProblem.AlgorithmUnsupported, "'Weak' has an RSA key of 1024 bits", weak.CreateSelfSigned(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(1)).ExportCertificatePem() },
        };
    }

    [Theory]
    [MemberData(nameof(BadKeyFiles))]
    public void A_bad_key_file_says_what_is_wrong(CredentialProblem problem, string says, object content)
    {
        string file = content is string text ? _folder.Write("bad", text) : _folder.Write("bad", (byte[])content);
        string certificate = _folder.Write("client.pem", s_client.CertificatePem);
        CredentialException e = Assert.Throws<CredentialException>(() => Credentials.Load(Ca(), certificate, file));
        Assert.Equal(problem, e.Problem);
        Assert.Contains(says, e.Message, StringComparison.Ordinal);
        Assert.StartsWith(file + ": ", e.Message, StringComparison.Ordinal);
    }

    public static TheoryData<CredentialProblem, string, object> BadKeyFiles()
    {
        var ec = (ECDsa)s_client.Key;
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 10);
        byte[] ed25519 = [0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20, .. new byte[32]];
        byte[] ed448 = [0x30, 0x47, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x71, 4, 0x3B, 4, 0x39, .. new byte[57]];
        return new TheoryData<CredentialProblem, string, object>
        {
            { CredentialProblem.Empty, "empty", "" },
            { CredentialProblem.NoPrivateKey, "neither PEM nor a private key", "hello" },
            { CredentialProblem.NoPrivateKey, "certificate and no private key", s_client.CertificatePem },
            { CredentialProblem.NoPrivateKey, "public half", ec.ExportSubjectPublicKeyInfoPem() },
            { CredentialProblem.SeveralPrivateKeys, "2 private keys", ec.ExportECPrivateKeyPem() + "\n" + s_root.Key.ExportPkcs8PrivateKeyPem() },
            { CredentialProblem.PrivateKeyEncrypted, "openssl pkey", ec.ExportEncryptedPkcs8PrivateKeyPem("x", encryption) },
            { CredentialProblem.PrivateKeyEncrypted, "openssl pkey", ec.ExportEncryptedPkcs8PrivateKey("x", encryption) },
            { CredentialProblem.PrivateKeyEncrypted, "openssl pkey", "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n" },
            { CredentialProblem.PrivateKeyMalformed, "missing, damaged", PemEncoding.WriteString("EC PRIVATE KEY", [0x30, 3, 2, 1, 1]) },
            { CredentialProblem.PrivateKeyMalformed, "not PKCS#8", PemEncoding.WriteString("PRIVATE KEY", [1, 2, 3]) },
            { CredentialProblem.PrivateKeyMalformed, "1 more follow", ec.ExportPkcs8PrivateKey().Append((byte)0).ToArray() },
            { CredentialProblem.AlgorithmUnsupported, "OpenSSH", "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n" },
            { CredentialProblem.AlgorithmUnsupported, "Ed448", PemEncoding.WriteString("PRIVATE KEY", ed448) },
            { CredentialProblem.PrivateKeyMalformed, "missing, damaged", PemEncoding.WriteString("PRIVATE KEY", [0x30, 0x2D, .. ed25519[2..14], 0x21, 4, 0x1F, .. new byte[31]]) },
            { CredentialProblem.PrivateKeyMalformed, "1 more follow", ed25519.Append((byte)0).ToArray() },
            { CredentialProblem.KeyDoesNotFitCertificate, "the private key (Ed25519)", PemEncoding.WriteString("PRIVATE KEY", ed25519) },
            { CredentialProblem.CurveUnsupported, "P-521", ECDsa.Create(ECCurve.NamedCurves.nistP521).ExportPkcs8PrivateKeyPem() },
            { CredentialProblem.CurveUnsupported, "brainpoolP256r1", ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1).ExportECPrivateKeyPem() },
            { CredentialProblem.KeySizeUnsupported, "1024 bits", RSA.Create(1024).ExportPkcs8PrivateKeyPem() },
            { CredentialProblem.KeyDoesNotFitCertificate, "is not that of the certificate 'Client' (EC P-256)", s_root.Key.ExportPkcs8PrivateKeyPem() },
            { CredentialProblem.KeyDoesNotFitCertificate, "the private key (RSA 2048)", s_rsaClient.Key.ExportPkcs8PrivateKeyPem() },
        };
    }

    [Fact]
    public void A_missing_file_and_a_folder_are_told_apart()
    {
        CredentialException missing = Assert.Throws<CredentialException>(() => Credentials.Load(_folder["none.pem"]));
        CredentialException folder = Assert.Throws<CredentialException>(() => Credentials.Load(Ca(), Path.GetDirectoryName(_folder["x"])!, "key.pem"));
        Assert.Equal((CredentialProblem.Unreadable, CredentialProblem.Unreadable), (missing.Problem, folder.Problem));
        Assert.Contains("does not exist", missing.Message, StringComparison.Ordinal);
        Assert.Contains("is a folder", folder.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_without_its_key_names_the_missing_option()
    {
        string file = _folder.Write("client.pem", s_client.CertificatePem);
        Assert.Contains("--key", Assert.Throws<CredentialException>(() => Credentials.Load(Ca(), file)).Message, StringComparison.Ordinal);
        Assert.Contains("--cert", Assert.Throws<CredentialException>(() => Credentials.Load(Ca(), null, file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_in_the_wrong_order_is_put_in_order()
    {
        string chain = _folder.Write("chain.pem", s_root.CertificatePem + "\n" + s_client.CertificatePem + "\n" + s_root.CertificatePem);
        string key = _folder.Write("key.pem", s_client.Key.ExportPkcs8PrivateKeyPem());
        using Credentials credentials = Credentials.Load(Ca(), chain, key);
        Assert.Equal(["Client", "Root"], credentials.ClientChain.Select(CertificateName.Short));
    }

    [Fact]
    public void A_certificate_that_does_not_belong_to_the_chain_is_refused_by_its_name()
    {
        TestIdentity stranger = TestIdentity.Ec("Stranger");
        string chain = _folder.Write("chain.pem", s_client.CertificatePem + "\n" + stranger.CertificatePem + "\n" + s_root.CertificatePem);
        string key = _folder.Write("key.pem", s_client.Key.ExportPkcs8PrivateKeyPem());
        CredentialException e = Assert.Throws<CredentialException>(() => Credentials.Load(Ca(), chain, key));
        Assert.Equal(CredentialProblem.ChainOutOfOrder, e.Problem);
        Assert.Contains("'Stranger' is no issuer of 'Client'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_of_the_list_has_a_test_here()
    {
        IEnumerable<object> covered = BadCertificateFiles().Concat(BadKeyFiles()).Select(row => row[0]);
        CredentialProblem[] elsewhere = [CredentialProblem.None, CredentialProblem.Unreadable, CredentialProblem.ChainOutOfOrder, CredentialProblem.HalfMissing, CredentialProblem.TooLarge, CredentialProblem.AnchorNotValidNow, CredentialProblem.AnchorUnusable, CredentialProblem.WrongPassphrase, CredentialProblem.ImageUnusable];
        Assert.Empty(Enum.GetValues<CredentialProblem>().Except(elsewhere).Except(covered.Cast<CredentialProblem>()));
    }

    [Fact]
    public void A_file_that_is_far_too_large_is_not_read()
    {
        string file = _folder["huge.pem"];
        using (FileStream huge = File.Create(file))
        {
            huge.SetLength((4 << 20) + 1);
        }

        Assert.Equal(CredentialProblem.TooLarge, Assert.Throws<CredentialException>(() => Credentials.Load(file)).Problem);
    }

    private string Ca() => _folder.Write("ca.pem", s_root.CertificatePem);
}
