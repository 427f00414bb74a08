using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.X509;

/// <summary>Each failure is told from every other, with its depth and the two values that disagree.</summary>
public sealed class ChainFaultTests
{
    private const X509KeyUsageFlags CaUsage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign;
    private static readonly TestCertificate Root = TestPki.Root("P-256");
    private static readonly byte[] Image = TestPki.Image(Root);
    private static readonly uint Today = (uint)(TestPki.Now.ToUnixTimeSeconds() / 86400);

    private static TestCertificate Ca(CertificateRecipe? recipe = null, TestCertificate? issuer = null) =>
        TestPki.Make(recipe ?? new CertificateRecipe { Subject = "CN=Intermediate", Key = TestPki.Key("P-256", 1), IsCa = true, KeyUsage = CaUsage, DnsNames = [] }, issuer ?? Root);

    private static byte[] Leaf(CertificateRecipe? recipe = null, TestCertificate? issuer = null) => TestPki.Make(recipe ?? new CertificateRecipe(), issuer ?? Root).Der;

    private static ChainOutcome Run(params IReadOnlyList<byte[]> chain) => new ChainHarness { Image = Image }.Run(chain);

    private static void AssertFault(ChainOutcome outcome, FaultReason reason, int depth, uint? expected = null, uint? actual = null, string? text = null)
    {
        Assert.Equal((ChainStatus.Faulted, reason, depth), (outcome.Status, outcome.Reason, outcome.Depth));
        if (expected is not null)
        {
            Assert.Equal((expected, actual), (outcome.Expected, outcome.Actual));
        }

        if (text is not null)
        {
            Assert.Equal(text, outcome.Text);
        }
    }

    [Fact]
    public void An_expired_leaf_names_both_days() =>
        AssertFault(Run(Leaf(new CertificateRecipe { NotAfter = TestPki.Now.AddDays(-3) })), FaultReason.CertificateExpired, 0, Today - 3, Today);

    [Fact]
    public void A_leaf_of_the_future_names_both_days() =>
        AssertFault(Run(Leaf(new CertificateRecipe { NotBefore = TestPki.Now.AddDays(2) })), FaultReason.CertificateNotYetValid, 0, Today + 2, Today);

    [Fact]
    public void The_last_second_is_valid_and_the_next_one_is_not()
    {
        byte[] leaf = Leaf(new CertificateRecipe { NotAfter = TestPki.Now });
        Assert.Equal(ChainStatus.Complete, Run(leaf).Status);
        AssertFault(new ChainHarness { Image = Image, Now = TestPki.Now.ToUnixTimeSeconds() + 1 }.Run(leaf), FaultReason.CertificateExpired, 0);
    }

    [Fact]
    public void An_expired_intermediate_has_its_own_depth()
    {
        TestCertificate ca = Ca(new CertificateRecipe { Subject = "CN=Old", Key = TestPki.Key("P-256", 1), IsCa = true, DnsNames = [], NotAfter = TestPki.Now.AddDays(-1) });
        AssertFault(Run(Leaf(issuer: ca), ca.Der), FaultReason.CertificateExpired, 1, Today - 1, Today);
    }

    [Fact]
    public void A_chain_that_ends_elsewhere_names_its_last_issuer()
    {
        TestCertificate stranger = TestPki.Root("P-256", "C=SE, O=Elsewhere Ltd, OU=Unit, CN=Elsewhere Root", 101);
        AssertFault(Run(Leaf(issuer: stranger)), FaultReason.IssuerUnknown, 0, text: "Elsewhere Root");
        TestCertificate ca = Ca(issuer: stranger);
        AssertFault(Run(Leaf(issuer: ca), ca.Der), FaultReason.IssuerUnknown, 1, text: "Elsewhere Root");
        AssertFault(Run(Leaf(issuer: ca), ca.Der, stranger.Der), FaultReason.IssuerUnknown, 2, text: "Elsewhere Root");
    }

    [Theory]
    [InlineData("OU=Only Unit", "Only Unit")]
    [InlineData("OU=Unit, O=Organization", "Organization")]
    [InlineData("C=SE", "")]
    [InlineData("CN=A common name that goes on and on until nobody can read it any more", "A common name that goes on and on until nobody can read it any m")]
    public void The_issuer_is_named_by_the_best_attribute(string subject, string text) =>
        AssertFault(Run(Leaf(issuer: TestPki.Root("P-256", subject, 101))), FaultReason.IssuerUnknown, 0, text: text.Length > 63 ? text[..63] : text);

    [Fact]
    public void A_chain_out_of_order_names_the_issuer_that_was_wanted()
    {
        TestCertificate ca = Ca(), other = Ca(new CertificateRecipe { Subject = "CN=Other", Key = TestPki.Key("P-256", 2), IsCa = true, DnsNames = [] });
        AssertFault(Run(Leaf(issuer: ca), other.Der, ca.Der), FaultReason.ChainOutOfOrder, 1, text: "Intermediate");
    }

    [Theory]
    [InlineData("other.example.com", FaultReason.NameMismatch, "broker.example.com")]
    [InlineData("192.0.2.1", FaultReason.NameMissing, "broker.example.com")]
    public void A_wrong_name_tells_the_first_one_that_was_found(string asked, FaultReason reason, string found) =>
        AssertFault(new ChainHarness { Image = Image, ServerName = asked }.Run(Leaf(new CertificateRecipe { DnsNames = ["broker.example.com", "second.example.com"] })), reason, 0, text: found);

    [Fact]
    public void A_leaf_without_names_lacks_them_whatever_its_common_name() =>
        AssertFault(Run(Leaf(new CertificateRecipe { DnsNames = [] })), FaultReason.NameMissing, 0, text: string.Empty);

    [Fact]
    public void A_leaf_that_may_not_sign_is_refused() =>
        AssertFault(Run(Leaf(new CertificateRecipe { KeyUsage = X509KeyUsageFlags.KeyEncipherment })), FaultReason.KeyUsageForbids, 0, 0x8000, 0x2000);

    [Fact]
    public void An_issuer_that_may_not_sign_certificates_is_refused()
    {
        TestCertificate ca = Ca(new CertificateRecipe { Subject = "CN=CRL signer", Key = TestPki.Key("P-256", 1), IsCa = true, DnsNames = [], KeyUsage = X509KeyUsageFlags.CrlSign });
        AssertFault(Run(Leaf(issuer: ca), ca.Der), FaultReason.KeyUsageForbids, 1, 0x0400, 0x0200);
    }

    [Fact]
    public void A_purpose_that_leaves_servers_out_is_refused_at_every_depth()
    {
        AssertFault(Run(Leaf(new CertificateRecipe { Purposes = ["1.3.6.1.5.5.7.3.2"] })), FaultReason.ExtendedKeyUsageForbids, 0);
        TestCertificate ca = Ca(new CertificateRecipe { Subject = "CN=Mail", Key = TestPki.Key("P-256", 1), IsCa = true, DnsNames = [], Purposes = ["1.3.6.1.5.5.7.3.4"] });
        AssertFault(Run(Leaf(issuer: ca), ca.Der), FaultReason.ExtendedKeyUsageForbids, 1);
    }

    [Fact]
    public void Any_purpose_serves_a_ca_but_not_a_leaf()
    {
        AssertFault(Run(Leaf(new CertificateRecipe { Purposes = ["2.5.29.37.0"] })), FaultReason.ExtendedKeyUsageForbids, 0);
        TestCertificate ca = Ca(new CertificateRecipe { Subject = "CN=Any", Key = TestPki.Key("P-256", 1), IsCa = true, DnsNames = [], Purposes = ["2.5.29.37.0"] });
        Assert.Equal(ChainStatus.Complete, Run(Leaf(issuer: ca), ca.Der).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_issuer_that_is_no_ca_is_refused(bool withoutBasicConstraints)
    {
        TestCertificate ca = Ca(new CertificateRecipe { Subject = "CN=Not a CA", Key = TestPki.Key("P-256", 1), DnsNames = [], WithoutBasicConstraints = withoutBasicConstraints });
        AssertFault(Run(Leaf(issuer: ca), ca.Der), FaultReason.NotACertificateAuthority, 1);
    }

    [Fact]
    public void A_path_longer_than_a_ca_allows_is_refused()
    {
        TestCertificate upper = Ca(new CertificateRecipe { Subject = "CN=Upper", Key = TestPki.Key("P-256", 1), IsCa = true, PathLength = 0, DnsNames = [] });
        TestCertificate lower = Ca(new CertificateRecipe { Subject = "CN=Lower", Key = TestPki.Key("P-256", 2), IsCa = true, DnsNames = [] }, upper);
        AssertFault(Run(Leaf(issuer: lower), lower.Der, upper.Der), FaultReason.PathTooLong, 2, 0, 1);
        Assert.Equal(ChainStatus.Complete, Run(Leaf(issuer: upper), upper.Der).Status);
    }

    /// <summary>The number is kept only as far as a chain can reach.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(15, true)]
    [InlineData(16, true)]
    [InlineData(127, true)]
    [InlineData(128, true)]
    [InlineData(70_000, true)]
    public void A_path_may_be_as_long_as_a_ca_allows(int allowed, bool good)
    {
        TestCertificate upper = Ca(new CertificateRecipe { Subject = "CN=Upper", Key = TestPki.Key("P-256", 1), IsCa = true, PathLength = allowed, DnsNames = [] });
        TestCertificate middle = Ca(new CertificateRecipe { Subject = "CN=Middle", Key = TestPki.Key("P-256", 3), IsCa = true, DnsNames = [] }, upper);
        TestCertificate lower = Ca(new CertificateRecipe { Subject = "CN=Lower", Key = TestPki.Key("P-256", 2), IsCa = true, DnsNames = [] }, middle);
        ChainOutcome outcome = Run(Leaf(issuer: lower), lower.Der, middle.Der, upper.Der);
        if (good)
        {
            Assert.Equal(ChainStatus.Complete, outcome.Status);
        }
        else
        {
            AssertFault(outcome, FaultReason.PathTooLong, 3, (uint)allowed, 2);
        }
    }

    [Fact]
    public void A_path_longer_than_the_anchor_allows_is_refused()
    {
        TestCertificate root = TestPki.Make(new CertificateRecipe { Subject = "CN=Short Root", Key = TestPki.Key("P-256", 100), IsCa = true, PathLength = 0, DnsNames = [] });
        TestCertificate ca = Ca(issuer: root);
        AssertFault(new ChainHarness { Image = TestPki.Image(root) }.Run(Leaf(issuer: ca), ca.Der), FaultReason.PathTooLong, 2, 0, 1);
    }

    [Fact]
    public void A_certificate_that_only_renews_a_key_does_not_lengthen_the_path()
    {
        TestCertificate upper = Ca(new CertificateRecipe { Subject = "CN=Same", Key = TestPki.Key("P-256", 1), IsCa = true, PathLength = 0, DnsNames = [] });
        TestCertificate renewed = Ca(new CertificateRecipe { Subject = "CN=Same", Key = TestPki.Key("P-256", 2), IsCa = true, DnsNames = [] }, upper);
        Assert.Equal(ChainStatus.Complete, Run(Leaf(issuer: renewed), renewed.Der, upper.Der).Status);
    }

    [Fact]
    public void An_unknown_critical_extension_is_refused_and_an_uncritical_one_is_not()
    {
        AssertFault(Run(Leaf(new CertificateRecipe { Extensions = [new X509Extension("1.3.6.1.4.1.55555.2", [5, 0], true)] })), FaultReason.UnknownCriticalExtension, 0);
        Assert.Equal(ChainStatus.Complete, Run(Leaf(new CertificateRecipe { Extensions = [new X509Extension("1.3.6.1.4.1.55555.2", [5, 0], false)] })).Status);
    }

    [Fact]
    public void An_extension_that_comes_twice_is_refused()
    {
        var identifier = new X509Extension("2.5.29.14", [4, 1, 7], false);
        byte[] der = Leaf(new CertificateRecipe { Extensions = [identifier, new X509Extension("2.5.29.46", [0x30, 0], false)] });
        AssertFault(Run(Resigned.With(der, Root, "0603551D2E04023000", "0603551D0E04023000")), FaultReason.DuplicateExtension, 0, 0, 14);
    }

    [Fact]
    public void A_short_rsa_key_is_weak() =>
        AssertFault(Run(Leaf(new CertificateRecipe { Key = TestPki.Key("RSA-1024", 0) })), FaultReason.KeyTooWeak, 0, 2048, 1024);

    [Fact]
    public void A_long_rsa_key_names_the_limit_to_raise() =>
        AssertFault(new ChainHarness { Image = Image, MaxRsaBits = 2048 }.Run(Leaf(new CertificateRecipe { Key = TestPki.Key("RSA-3072", 0) })), FaultReason.KeyAboveProfileLimit, 0, 2048, 3072);

    [Fact]
    public void A_large_curve_names_the_limit_to_raise() =>
        AssertFault(new ChainHarness { Image = Image, MaxEcdsaBits = 256 }.Run(Leaf(new CertificateRecipe { Key = TestPki.Key("P-384", 0) })), FaultReason.KeyAboveProfileLimit, 0, 256, 384);

    [Fact]
    public void P521_names_the_limit_to_raise()
    {
        AssertFault(new ChainHarness { Image = Image, MaxEcdsaBits = 384 }.Run(Leaf(new CertificateRecipe { Key = TestPki.Key("P-521", 0) })), FaultReason.KeyAboveProfileLimit, 0, 384, 521);
        TestCertificate root = TestPki.Root("P-521");
        AssertFault(new ChainHarness { Image = TestPki.Image(root), MaxEcdsaBits = 384 }.Run(Leaf(issuer: root)), FaultReason.SignatureAboveProfileLimit, 0, 384, 521);
        AssertFault(new ChainHarness { Image = Image, MaxEcdsaBits = 256 }.Run(Leaf(new CertificateRecipe { Key = TestPki.Key("P-521", 0) })), FaultReason.KeyAboveProfileLimit, 0, 256, 521);
    }

    [Fact]
    public void An_anchor_above_the_limit_has_the_depth_behind_the_chain()
    {
        TestCertificate root = TestPki.Root("P-384");
        AssertFault(new ChainHarness { Image = TestPki.Image(root), MaxEcdsaBits = 256 }.Run(Leaf(issuer: root)), FaultReason.SignatureAboveProfileLimit, 0, 256, 384);
    }

    [Fact]
    public void A_signature_of_a_longer_key_names_the_limit_to_raise()
    {
        TestCertificate root = TestPki.Root("RSA-3072");
        AssertFault(new ChainHarness { Image = TestPki.Image(root), MaxRsaBits = 2048 }.Run(Leaf(issuer: root)), FaultReason.SignatureAboveProfileLimit, 0, 2048, 3072);
    }

    [Fact]
    public void A_longer_digest_names_the_limit_to_raise() =>
        AssertFault(new ChainHarness { Image = Image, MaxHashBits = 256 }.Run(Leaf(new CertificateRecipe { Hash = HashAlgorithmName.SHA512 })), FaultReason.SignatureHashAboveProfileLimit, 0, 256, 512);

    [Theory]
    [InlineData("300906072A8648CE3D0401", FaultReason.SignatureAlgorithmUnsupported)] // ecdsa-with-SHA1
    [InlineData("300D06092A864886F70D0101050500", FaultReason.SignatureAlgorithmUnsupported)] // sha1WithRSAEncryption
    [InlineData("300D06092A864886F70D0101040500", FaultReason.SignatureAlgorithmUnsupported)] // md5WithRSAEncryption
    [InlineData("300506032B6570", FaultReason.SignatureNotStreamable)] // Ed25519
    [InlineData("300506032B6571", FaultReason.SignatureNotStreamable)] // Ed448
    [InlineData("300C06082A8648CE3D0403020500", FaultReason.CertificateMalformed)] // ecdsa-with-SHA256 with NULL
    [InlineData("300B06092A864886F70D01010B", FaultReason.CertificateMalformed)] // sha256WithRSAEncryption without NULL
    public void An_algorithm_that_cannot_serve_has_its_own_fault(string identifier, FaultReason reason)
    {
        var request = new CertificateRequest("CN=broker.example.com", (ECDsa)TestPki.Key("P-256", 0), HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("broker.example.com");
        request.CertificateExtensions.Add(names.Build());
        X509Certificate2 leaf = request.Create(Root.Certificate.SubjectName, new SignerThatClaims(Root.Key, identifier), TestPki.Now.AddDays(-1), TestPki.Now.AddDays(1), [1]);
        AssertFault(Run(leaf.RawData), reason, 0);
    }

    [Fact]
    public void The_two_signature_algorithms_must_agree()
    {
        byte[] der = Leaf();
        int outer = der.AsSpan().LastIndexOf(Convert.FromHexString("2A8648CE3D040302"));
        der[outer + 7] = 3;
        AssertFault(Run(der), FaultReason.SignatureAlgorithmMismatch, 0, (uint)SignatureAlgorithm.EcdsaSha256, (uint)SignatureAlgorithm.EcdsaSha384);
        der[outer + 7] = 9;
        AssertFault(Run(der), FaultReason.SignatureAlgorithmMismatch, 0);
    }

    [Theory]
    [InlineData("P-256")]
    [InlineData("RSA-2048")]
    public void A_signature_by_another_key_is_invalid_at_the_depth_of_what_was_signed(string kind)
    {
        TestCertificate root = TestPki.Root(kind);
        TestCertificate ca = Ca(new CertificateRecipe { Subject = "CN=Intermediate", Key = TestPki.Key(kind, 1), IsCa = true, DnsNames = [] }, root);
        TestCertificate impostor = Ca(new CertificateRecipe { Subject = "CN=Intermediate", Key = TestPki.Key(kind, 2), IsCa = true, DnsNames = [] }, root);
        AssertFault(new ChainHarness { Image = TestPki.Image(root) }.Run(Leaf(issuer: ca), impostor.Der), FaultReason.CertificateSignatureInvalid, 0);
        TestCertificate falseRoot = TestPki.Root(kind, index: 101);
        AssertFault(new ChainHarness { Image = TestPki.Image(falseRoot) }.Run(Leaf(issuer: ca), ca.Der), FaultReason.CertificateSignatureInvalid, 1);
    }

    [Fact]
    public void A_signature_that_does_not_fit_the_key_tells_both_lengths()
    {
        TestCertificate ca = Ca(new CertificateRecipe { Subject = "CN=Intermediate", Key = TestPki.Key("RSA-3072", 0), IsCa = true, DnsNames = [] });
        TestCertificate shorter = Ca(new CertificateRecipe { Subject = "CN=Intermediate", Key = TestPki.Key("RSA-2048", 0), IsCa = true, DnsNames = [] });
        AssertFault(Run(Leaf(issuer: ca), shorter.Der), FaultReason.SignatureLength, 0, 256, 384);
    }

    [Fact]
    public void More_certificates_than_are_looked_at_are_too_many()
    {
        (_, List<byte[]> chain) = TestPki.Chain(12, "P-256");
        AssertFault(Run(chain), FaultReason.ChainTooLong, 10, 10, 11);
    }

    [Theory]
    [InlineData("A003020102", "A003020101", FaultReason.CertificateVersion)]
    [InlineData("A003020102", "A003020100", FaultReason.CertificateVersion)]
    [InlineData("A003020102", "A003020103", FaultReason.CertificateVersion)]
    [InlineData("A003020102", "A203020102", FaultReason.CertificateMalformed)]
    [InlineData("170D323530", "170D32353A", FaultReason.ValidityMalformed)]
    [InlineData("170D323530", "160D323530", FaultReason.CertificateMalformed)]
    public void A_field_out_of_its_definition_has_its_own_fault(string from, string to, FaultReason reason)
    {
        byte[] leaf = Leaf(new CertificateRecipe { NotBefore = new DateTimeOffset(2025, 8, 9, 10, 11, 12, TimeSpan.Zero) });
        AssertFault(Run(Resigned.With(leaf, Root, from, to)), reason, 0);
    }

    [Theory]
    [InlineData("02048100", FaultReason.SerialNumberInvalid)] // negative
    [InlineData("02040000", FaultReason.CertificateMalformed)] // not minimal
    public void A_serial_number_is_positive_and_minimal(string to, FaultReason reason) =>
        AssertFault(Run(Resigned.With(Leaf(), Root, "A00302010202040100", "A003020102" + to)), reason, 0);

    [Theory]
    [InlineData("2.5.29.15", "03020000")] // keyUsage without bits
    [InlineData("2.5.29.15", "03020080")] // a zero bit at the end of a named bit list
    [InlineData("2.5.29.15", "0303078000")] // the same
    [InlineData("2.5.29.15", "0401FF")] // no BIT STRING
    [InlineData("2.5.29.37", "3000")] // no purpose
    [InlineData("2.5.29.37", "300506035504030500")] // bytes behind
    [InlineData("2.5.29.36", "3000")] // no constraint
    public void An_extension_that_is_not_what_it_says_is_malformed(string identifier, string value)
    {
        byte last = byte.Parse(identifier.AsSpan(7), System.Globalization.CultureInfo.InvariantCulture);
        AssertFault(Run(Leaf(new CertificateRecipe { Extensions = [new X509Extension(identifier, Convert.FromHexString(value), false)] })), FaultReason.ExtensionMalformed, 0, 0, last);
    }

    [Theory]
    [InlineData("3003820161", true)]
    [InlineData("3000", false)] // no name
    [InlineData("300387017F", false)] // an address of one octet
    [InlineData("3003840161", false)] // no such form
    [InlineData("30048202612E", true)]
    [InlineData("300482022E61", false)] // an empty label
    public void A_subject_alternative_name_is_well_formed(string value, bool wellFormed)
    {
        ChainOutcome outcome = Run(Leaf(new CertificateRecipe { DnsNames = [], Extensions = [new X509Extension("2.5.29.17", Convert.FromHexString(value), false)] }));
        AssertFault(outcome, wellFormed ? FaultReason.NameMismatch : FaultReason.ExtensionMalformed, 0);
    }

    [Fact]
    public void A_ca_that_requires_policies_is_refused() =>
        AssertFault(Run(Leaf(new CertificateRecipe { Extensions = [new X509Extension("2.5.29.36", [0x30, 3, 0x80, 1, 0], true)] })), FaultReason.PolicyUnsupported, 0);

    [Fact]
    public void An_empty_subject_needs_a_critical_alternative_name()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("broker.example.com");
        AssertFault(Run(Leaf(new CertificateRecipe { Subject = string.Empty, DnsNames = [], Extensions = [names.Build(false)] })), FaultReason.SubjectInvalid, 0);
        Assert.Equal(ChainStatus.Complete, Run(Leaf(new CertificateRecipe { Subject = string.Empty })).Status);
    }

    [Fact]
    public void An_empty_issuer_names_nobody() =>
        AssertFault(Run(Leaf(issuer: TestPki.Root("P-256", string.Empty))), FaultReason.IssuerEmpty, 0);

    [Fact]
    public void A_leaf_that_may_sign_certificates_must_be_a_ca() =>
        AssertFault(Run(Leaf(new CertificateRecipe { KeyUsage = X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign })), FaultReason.NotACertificateAuthority, 0);

    [Fact]
    public void A_chain_needs_a_certificate() => AssertFault(Run(), FaultReason.CertificateMissing, Fault.NoDepth);

    [Fact]
    public void A_chain_needs_a_time_after_the_bake_date()
    {
        AssertFault(new ChainHarness { Image = Image, Now = 0 }.Run(Leaf()), FaultReason.TimeUnknown, Fault.NoDepth);
        AssertFault(new ChainHarness { Image = Image, Now = TestPki.Now.AddDays(-2).ToUnixTimeSeconds() }.Run(Leaf()), FaultReason.ClockBeforeBakeDate, Fault.NoDepth, Today - 1, Today - 2);
    }

    [Fact]
    public void A_chain_needs_an_anchor() => AssertFault(new ChainHarness { Image = [] }.Run(Leaf()), FaultReason.NoTrustAnchor, Fault.NoDepth);

    [Fact]
    public void Bytes_that_are_no_certificate_are_malformed()
    {
        byte[] leaf = Leaf();
        AssertFault(Run([[]]), FaultReason.CertificateMalformed, 0);
        AssertFault(Run(leaf[..^1]), FaultReason.CertificateMalformed, 0);
        AssertFault(Run([.. leaf, 0]), FaultReason.CertificateMalformed, 0);
    }
}
