using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Formats.Asn1;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Thimble.Memory;
using Thimble.Tests.X509;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>Files and certificates that were made to confuse: each ends in a sentence that names the file and tells no secret.</summary>
public sealed class AttackCredentialTests : IDisposable
{
    private static readonly TestIdentity s_root = TestIdentity.Ec("Root");
    private static readonly TestIdentity s_client = TestIdentity.Ec("Client", s_root);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string> MalformedExtensions => new()
    {
        { "2.5.29.19", "0500" },
        { "2.5.29.19", "" },
        { "2.5.29.15", "0500" },
        { "2.5.29.15", "" },
        { "2.5.29.37", "0500" },
        { "2.5.29.37", "30020500" },
    };

    [Theory]
    [MemberData(nameof(MalformedExtensions))]
    public void An_anchor_whose_extensions_cannot_be_read_is_refused_in_words(string identifier, string value)
    {
        var request = new CertificateRequest("CN=Odd", (ECDsa)s_root.Key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509Extension(identifier, Convert.FromHexString(value), true));
        var signer = X509SignatureGenerator.CreateForECDsa((ECDsa)s_root.Key);
        using X509Certificate2 odd = request.Create(request.SubjectName, signer, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), [1]);
        AssertAnchorIsRefused(odd.RawData);
    }

    public static TheoryData<string> MalformedKeys => new()
    {
        "300D06092A864886F70D010101050003020005", // RSA, no sequence
        "301306092A864886F70D010101050003060030030201", // lengths that do not fit
        "06072A8648CE3D020106082A8648CE3D030107", // EC, no point
        "06072A8648CE3D020106052B81040099", // a curve that nobody knows
        "06072A8648CE3D0201", // no curve
        "06072A8648CE3D02010500", // implicit curve
    };

    [Theory]
    [MemberData(nameof(MalformedKeys))]
    public void An_anchor_whose_key_cannot_be_read_is_refused_in_words(string key)
    {
        byte[] content = Convert.FromHexString(key);
        byte[] spki = content[0] == 6
            ? [0x30, (byte)(content.Length + 6), 0x30, (byte)content.Length, .. content, 3, 2, 0, 4]
            : [0x30, (byte)content.Length, .. content];
        byte[] der = Replace(s_root.Certificate.RawData, s_root.Certificate.PublicKey.ExportSubjectPublicKeyInfo(), spki);
        AssertAnchorIsRefused(der);
    }

    private void AssertAnchorIsRefused(byte[] der)
    {
        string file = _folder.Write("ca.der", der);
        CredentialException e = Assert.Throws<CredentialException>(() =>
        {
            using Credentials credentials = Credentials.Load(file);
            credentials.BuildRomImage(DateTimeOffset.UtcNow);
        });
        Assert.StartsWith(file + ": ", e.Message, StringComparison.Ordinal);

        if (e.Problem == CredentialProblem.CertificateMalformed)
        {
            return;
        }

        // What is a certificate at least is left out among good ones.
        string both = _folder.Write("both.pem", PemEncoding.WriteString("CERTIFICATE", der) + "\n" + s_root.CertificatePem);
        using Credentials usable = Credentials.Load(both);
        Assert.NotEmpty(usable.BuildRomImage(DateTimeOffset.UtcNow));
    }

    [Fact]
    public void A_key_without_its_private_half_is_refused_in_words()
    {
        using ECDsa ec = ECDsa.Create(((ECDsa)s_client.Key).ExportParameters(false));
        using RSA rsa = RSA.Create(RSA.Create(2048).ExportParameters(false));
        TestIdentity rsaClient = TestIdentity.Make("RSA", rsa, s_root);
        foreach ((X509Certificate2 certificate, AsymmetricAlgorithm key) in new (X509Certificate2, AsymmetricAlgorithm)[] { (s_client.Certificate, ec), (rsaClient.Certificate, rsa) })
        {
            Credentials credentials = Credentials.From([s_root.Certificate], [certificate], key);
            CredentialException e = Assert.Throws<CredentialException>(() => credentials.BuildRomImage(DateTimeOffset.UtcNow));
            Assert.Contains("private", e.Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => new RomImageBuilder().SetClientCertificate([certificate.RawData], key));
        }
    }

    [Fact]
    public void A_scalar_with_another_keys_point_is_refused()
    {
        // The point is the certificate's, the scalar is not: what it signs would never verify.
        ECParameters right = ((ECDsa)s_client.Key).ExportParameters(true);
        using ECDsa other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(1);
            writer.WriteOctetString(other.ExportParameters(true).D!);
            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0)))
            {
                writer.WriteObjectIdentifier("1.2.840.10045.3.1.7");
            }

            using (writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 1)))
            {
                writer.WriteBitString([4, .. right.Q.X!, .. right.Q.Y!]);
            }
        }

        AssertKeyIsRefused(_folder.Write("key.der", writer.Encode()));
    }

    [Fact]
    public void Numbers_of_an_rsa_key_that_do_not_belong_together_are_refused()
    {
        using RSA rsa = RSA.Create(2048);
        TestIdentity client = TestIdentity.Make("RSA", rsa, s_root);
        RSAParameters good = rsa.ExportParameters(true);
        for (int which = 0; which < 6; which++)
        {
            RSAParameters bad = rsa.ExportParameters(true);
            byte[] part = new[] { bad.D, bad.P, bad.Q, bad.DP, bad.DQ, bad.InverseQ }[which]!;
            part[^3] ^= 1;
            var writer = new AsnWriter(AsnEncodingRules.DER);
            using (writer.PushSequence())
            {
                writer.WriteInteger(0);
                foreach (byte[] number in (byte[][])[good.Modulus!, good.Exponent!, bad.D!, bad.P!, bad.Q!, bad.DP!, bad.DQ!, bad.InverseQ!])
                {
                    writer.WriteIntegerUnsigned(number.AsSpan().TrimStart((byte)0));
                }
            }

            string certificate = _folder.Write("client.pem", client.CertificatePem);
            string key = _folder.Write("key.der", writer.Encode());
            Assert.Throws<CredentialException>(() => Credentials.Load(_folder.Write("ca.pem", s_root.CertificatePem), certificate, key).BuildRomImage(DateTimeOffset.UtcNow));
        }
    }

    [Fact]
    public void Damaged_key_files_end_in_a_sentence_without_key_bytes()
    {
        byte[] der = ((ECDsa)s_client.Key).ExportPkcs8PrivateKey();
        string scalar = Convert.ToBase64String(((ECDsa)s_client.Key).ExportParameters(true).D!)[..12];
        byte[] pem = Encoding.ASCII.GetBytes(((ECDsa)s_client.Key).ExportPkcs8PrivateKeyPem());
        string certificate = _folder.Write("client.pem", s_client.CertificatePem);
        string ca = _folder.Write("ca.pem", s_root.CertificatePem);
        var random = new Random(11);
        for (int round = 0; round < 400; round++)
        {
            byte[] hurt = round % 2 == 0 ? [.. der] : [.. pem];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                hurt[random.Next(hurt.Length)] = (byte)random.Next(256);
            }

            hurt = hurt[..random.Next(1, hurt.Length + 1)];
            string file = _folder.Write("key", hurt);
            try
            {
                Credentials.Load(ca, certificate, file).Dispose();
            }
            catch (CredentialException e)
            {
                Assert.StartsWith(file + ": ", e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain(scalar, e.ToString(), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Damaged_certificate_files_end_in_a_sentence()
    {
        byte[] der = s_root.Certificate.RawData;
        var random = new Random(12);
        for (int round = 0; round < 400; round++)
        {
            byte[] hurt = [.. der];
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                hurt[random.Next(hurt.Length)] = (byte)random.Next(256);
            }

            string file = _folder.Write("ca.der", hurt);
            try
            {
                using Credentials credentials = Credentials.Load(file);
                credentials.BuildRomImage(DateTimeOffset.UtcNow);
            }
            catch (CredentialException e)
            {
                Assert.StartsWith(file + ": ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_file_of_a_hundred_thousand_empty_blocks_is_read_in_time()
    {
        string block = "-----BEGIN X-----\n-----END X-----\n";
        string file = _folder.Write("many.pem", string.Concat(Enumerable.Repeat(block, (4 << 20) / block.Length)));
        var watch = Stopwatch.StartNew();
        CredentialException e = Assert.Throws<CredentialException>(() => Credentials.Load(file));
        Assert.Equal(CredentialProblem.NoCertificate, e.Problem);
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 10);
    }

    [Fact]
    public void Marks_and_line_ends_of_every_kind_are_read()
    {
        foreach (Encoding encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.Latin1])
        {
            foreach (string line in (string[])["\n", "\r\n", "\r", "\n\n"])
            {
                string text = "junk \u00E4" + line + s_root.CertificatePem.Replace("\n", line, StringComparison.Ordinal) + line + "more junk -----" + line + s_client.CertificatePem;
                File.WriteAllText(_folder["ca.pem"], text, encoding);
                using Credentials credentials = Credentials.Load(_folder["ca.pem"]);
                Assert.Equal(2, credentials.Anchors.Count);
            }
        }
    }

    [Fact]
    public void The_builder_wipes_its_copy_of_the_private_key()
    {
        var builder = new RomImageBuilder();
        builder.AddTrustAnchor(s_root.Certificate);
        builder.SetClientCertificate([s_client.Certificate.RawData], s_client.Key);
        Assert.NotEmpty(builder.Build(DateTimeOffset.UtcNow));
        byte[] copy = (byte[])typeof(RomImageBuilder).GetField("_key", System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance)!.GetValue(builder)!;
        Assert.NotEqual(-1, copy.AsSpan().IndexOfAnyExcept((byte)0));
        ((IDisposable)(object)builder).Dispose();
        Assert.Equal(-1, copy.AsSpan().IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void A_malformed_file_is_wiped_like_a_good_one()
    {
        byte[] bytes = Encoding.ASCII.GetBytes(s_client.Key.ExportPkcs8PrivateKeyPem() + "\n-----BEGIN X-----\n");
        Assert.Throws<CredentialException>(() => CredentialFile.FromBytes("key.pem", bytes));
        Assert.Equal(-1, bytes.AsSpan().IndexOfAnyExcept((byte)0));
    }

    [Theory]
    [InlineData("Evil\u001B[2J\u001B]0;owned\u0007 CA")]
    [InlineData("Evil\r\nThe certificate is trusted.")]
    [InlineData("Evil \u202Emoc.elpmaxe\u202C CA")]
    [InlineData("Evil\u0085\u2028CA")]
    public void Names_that_an_attacker_chose_cannot_steer_a_terminal_or_a_log(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        var request = new CertificateRequest(builder.Build(), (ECDsa)s_root.Key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        byte[] der = certificate.RawData;
        byte[] copy = [(byte)(der.Length + 3), (byte)((der.Length + 3) >> 8), 0, 0, 0, (byte)(der.Length >> 8), (byte)der.Length, .. der];
        IReadOnlyList<PeerCertificate> chain = PeerChainReader.Read(copy);
        AssertHarmless(Assert.Single(chain).Subject);

        var context = new FaultContext { Text = name, PeerChain = [new PeerCertificate(name, 1, "EC P-256")], ServerName = "a" };
        foreach (FaultReason reason in Enum.GetValues<FaultReason>())
        {
            var fault = new Fault { Reason = reason };
            AssertHarmless(FaultExplanation.Of(fault, context).ToString());
        }
    }

    private static void AssertHarmless(string text) =>
        Assert.DoesNotContain(text, c => char.IsControl(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);

    private void AssertKeyIsRefused(string keyFile)
    {
        string certificate = _folder.Write("client.pem", s_client.CertificatePem);
        string ca = _folder.Write("ca.pem", s_root.CertificatePem);
        Assert.Throws<CredentialException>(() => Credentials.Load(ca, certificate, keyFile).BuildRomImage(DateTimeOffset.UtcNow));
    }

    /// <summary>Replaces one element of the signed part and mends the lengths around it; the signature is not mended.</summary>
    private static byte[] Replace(byte[] certificate, byte[] from, byte[] to)
    {
        AsnReader outer = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence();
        AsnReader tbs = outer.ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                while (tbs.HasData)
                {
                    ReadOnlySpan<byte> element = tbs.ReadEncodedValue().Span;
                    writer.WriteEncodedValue(element.SequenceEqual(from) ? to : element);
                }
            }

            writer.WriteEncodedValue(outer.ReadEncodedValue().Span);
            writer.WriteEncodedValue(outer.ReadEncodedValue().Span);
        }

        return writer.Encode();
    }
}
