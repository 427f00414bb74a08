using System;
using System.Collections.Generic;
using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.X509;

/// <summary>Names and name constraints: RFC 9525 §6 and RFC 5280 §4.2.1.10.</summary>
public sealed class NameTests
{
    private static readonly TestCertificate Root = TestPki.Root("P-256");
    private static readonly byte[] Image = TestPki.Image(Root);

    [Theory]
    [InlineData("a.example.com", "a.example.com", true)]
    [InlineData("A.Example.COM", "a.eXample.com", true)]
    [InlineData("a.example.com", "a.example.com.", true)]
    [InlineData("a.example.com", "b.example.com", false)]
    [InlineData("a.example.com", "a.example.co", false)]
    [InlineData("a.example.com", "aa.example.com", false)]
    [InlineData("example.com", "a.example.com", false)]
    [InlineData("*.example.com", "a.example.com", true)]
    [InlineData("*.EXAMPLE.com", "a.example.COM", true)]
    [InlineData("*.example.com", "a.b.example.com", false)]
    [InlineData("*.example.com", "example.com", false)]
    [InlineData("*.example.com", ".example.com", false)]
    [InlineData("*.example.com", "*.example.com", true)]
    [InlineData("*.com", "example.com", false)]
    [InlineData("*", "com", false)]
    [InlineData("*a.example.com", "ba.example.com", false)]
    [InlineData("a*.example.com", "ab.example.com", false)]
    [InlineData("*.*.example.com", "a.b.example.com", false)]
    [InlineData("a.*.example.com", "a.b.example.com", false)]
    [InlineData("**.example.com", "ab.example.com", false)]
    [InlineData("192.0.2.1", "192.0.2.1", false)]
    public void A_dns_name_matches_exactly_or_by_its_left_most_label(string pattern, string asked, bool matches)
    {
        // The platform's builder refuses some of these patterns: the extension is written by hand.
        byte[] leaf = TestPki.Make(new CertificateRecipe { DnsNames = [], Extensions = [DnsNames(pattern)] }, Root).Der;
        foreach (ChainOutcome outcome in Outcomes(leaf, asked))
        {
            Assert.Equal(matches, outcome.Status == ChainStatus.Complete);
        }
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1", false)]
    [InlineData("2001:db8::1", "2001:DB8:0:0:0:0:0:1", true)]
    [InlineData("2001:db8::1", "2001:db8::2", false)]
    public void An_address_matches_octet_by_octet(string name, string asked, bool matches)
    {
        byte[] leaf = TestPki.Make(new CertificateRecipe { DnsNames = [asked], Addresses = [name] }, Root).Der;
        foreach (ChainOutcome outcome in Outcomes(leaf, asked))
        {
            Assert.Equal(matches, outcome.Status == ChainStatus.Complete);
        }
    }

    [Fact]
    public void Any_of_many_names_may_match()
    {
        var names = new List<string>();
        for (int i = 0; i < 300; i++)
        {
            names.Add($"host{i}.example.com");
        }

        byte[] leaf = TestPki.Make(new CertificateRecipe { DnsNames = names }, Root).Der;
        Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = Image, ServerName = "host299.example.com" }.Run(leaf).Status);
        Assert.Equal("host0.example.com", new ChainHarness { Image = Image, ServerName = "host300.example.com" }.Run(leaf).Text);
    }

    public static TheoryData<string, string, string, bool> DnsConstraints => new()
    {
        { "example.com", "", "a.example.com", true },
        { "example.com", "", "example.com", true },
        { "EXAMPLE.com", "", "a.example.COM", true },
        { "example.org", "", "a.example.com", false },
        { "xample.com", "", "a.example.com", false },
        { "b.a.example.com", "", "a.example.com", false },
        { "example.org example.com", "", "a.example.com", true },
        { "", "example.com", "a.example.com", false },
        { "", "example.org", "a.example.com", true },
        { "example.com", "a.example.com", "a.example.com", false },
        { "example.com", "b.example.com", "a.example.com", true },
    };

    [Theory]
    [MemberData(nameof(DnsConstraints))]
    public void A_name_stays_within_the_permitted_and_outside_the_excluded_subtrees(string permitted, string excluded, string name, bool accepted)
    {
        X509Extension constraints = TestPki.NameConstraints(true, Dns(permitted)!, Dns(excluded));
        AssertConstrained(constraints, name, accepted ? FaultReason.None : FaultReason.NameConstraintViolated);
    }

    [Fact]
    public void The_empty_subtree_holds_every_name()
    {
        AssertConstrained(TestPki.NameConstraints(true, writer => writer.Dns("")), "a.example.com", FaultReason.None);
        AssertConstrained(TestPki.NameConstraints(true, null!, writer => writer.Dns("")), "a.example.com", FaultReason.NameConstraintViolated);
    }

    [Theory]
    [InlineData("C0000200FFFFFF00", "192.0.2.7", FaultReason.None)]
    [InlineData("C0000200FFFFFF00", "192.0.3.7", FaultReason.NameConstraintViolated)]
    [InlineData("0000000000000000", "192.0.3.7", FaultReason.None)]
    [InlineData("C0000200FFFFFF00", "2001:db8::7", FaultReason.NameConstraintViolated)]
    [InlineData("20010DB8000000000000000000000000FFFFFFFF000000000000000000000000", "2001:db8::7", FaultReason.None)]
    [InlineData("20010DB9000000000000000000000000FFFFFFFF000000000000000000000000", "2001:db8::7", FaultReason.NameConstraintViolated)]
    [InlineData("C0000200FF00FF00", "192.0.2.7", FaultReason.ExtensionMalformed)]
    [InlineData("C0000200FFFFFF01", "192.0.2.7", FaultReason.ExtensionMalformed)]
    [InlineData("C0000200FFFFFF", "192.0.2.7", FaultReason.ExtensionMalformed)]
    public void An_address_stays_within_the_permitted_subnet(string subnet, string address, FaultReason reason) =>
        AssertConstrained(TestPki.NameConstraints(true, writer => writer.Subnet(Convert.FromHexString(subnet))), address, reason);

    [Theory]
    [InlineData("*.example.com")]
    [InlineData(".example.com")]
    [InlineData("exa*ple.com")]
    public void A_pattern_is_no_subtree(string subtree) =>
        AssertConstrained(TestPki.NameConstraints(true, writer => writer.Dns(subtree)), "a.example.com", FaultReason.ExtensionMalformed);

    [Fact]
    public void Constraints_on_one_form_leave_the_other_alone()
    {
        AssertConstrained(TestPki.NameConstraints(true, writer => writer.Subnet(192, 0, 2, 0, 255, 255, 255, 0)), "a.example.com", FaultReason.None);
        AssertConstrained(TestPki.NameConstraints(true, writer => writer.Dns("example.com")), "192.0.2.1", FaultReason.None);
    }

    [Fact]
    public void A_critical_constraint_on_a_form_that_was_present_and_cannot_be_judged_is_refused()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("a.example.com");
        names.AddEmailAddress("a@example.com");
        foreach (bool critical in (bool[])[true, false])
        {
            TestCertificate ca = Ca(TestPki.NameConstraints(critical, writer => writer.Email("example.com")));
            byte[] with = TestPki.Make(new CertificateRecipe { DnsNames = [], Extensions = [names.Build()] }, ca).Der;
            byte[] without = TestPki.Make(new CertificateRecipe { DnsNames = ["a.example.com"] }, ca).Der;
            ChainOutcome outcome = new ChainHarness { Image = Image, ServerName = "a.example.com" }.Run(with, ca.Der);
            Assert.Equal((critical ? FaultReason.NameConstraintUnsupported : FaultReason.None, critical ? 1 : 0), (outcome.Reason, outcome.Depth));
            Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = Image, ServerName = "a.example.com" }.Run(without, ca.Der).Status);
        }
    }

    [Fact]
    public void A_wildcard_is_permitted_only_with_all_that_it_stands_for()
    {
        TestCertificate narrow = Ca(TestPki.NameConstraints(true, writer => writer.Dns("a.example.com")));
        byte[] wild = TestPki.Make(new CertificateRecipe { DnsNames = ["*.example.com"] }, narrow).Der;
        byte[] exact = TestPki.Make(new CertificateRecipe { DnsNames = ["*.example.com", "a.example.com"] }, narrow).Der;
        Assert.Equal(FaultReason.NameConstraintViolated, new ChainHarness { Image = Image, ServerName = "a.example.com" }.Run(wild, narrow.Der).Reason);
        Assert.Equal(FaultReason.None, new ChainHarness { Image = Image, ServerName = "a.example.com" }.Run(exact, narrow.Der).Reason);
        TestCertificate wide = Ca(TestPki.NameConstraints(true, writer => writer.Dns("example.com")));
        wild = TestPki.Make(new CertificateRecipe { DnsNames = ["*.example.com"] }, wide).Der;
        Assert.Equal(FaultReason.None, new ChainHarness { Image = Image, ServerName = "a.example.com" }.Run(wild, wide.Der).Reason);
    }

    [Fact]
    public void Constraints_in_a_leaf_are_malformed()
    {
        byte[] leaf = TestPki.Make(new CertificateRecipe { Extensions = [TestPki.NameConstraints(false, writer => writer.Dns("example.com"))] }, Root).Der;
        Assert.Equal((FaultReason.ExtensionMalformed, 30u), (new ChainHarness { Image = Image }.Run(leaf) is var outcome ? outcome.Reason : default, outcome.Actual));
    }

    [Theory]
    [InlineData("3000")]
    [InlineData("3002A000")]
    [InlineData("3002A100")]
    [InlineData("300EA10530038201 61A0053003820161")]
    [InlineData("300EA00530038201 61A0053003820161")]
    [InlineData("300AA0083006820161800101")]
    [InlineData("3007A2053003820161")]
    [InlineData("3005A00330018A")]
    public void Malformed_constraints_are_refused(string value)
    {
        TestCertificate ca = Ca(new X509Extension("2.5.29.30", Convert.FromHexString(value.Replace(" ", "", StringComparison.Ordinal)), true));
        byte[] leaf = TestPki.Make(new CertificateRecipe { DnsNames = ["a"] }, ca).Der;
        ChainOutcome outcome = new ChainHarness { Image = Image, ServerName = "a" }.Run(leaf, ca.Der);
        Assert.Equal((FaultReason.ExtensionMalformed, 1, 30u), (outcome.Reason, outcome.Depth, outcome.Actual));
    }

    /// <summary>The same constraint in an intermediate and in the anchor, whole and byte by byte.</summary>
    private static void AssertConstrained(X509Extension constraints, string name, FaultReason reason)
    {
        bool isAddress = System.Net.IPAddress.TryParse(name, out _);
        var leaf = new CertificateRecipe { DnsNames = isAddress ? [] : [name], Addresses = isAddress ? [name] : [] };
        TestCertificate ca = Ca(constraints);
        byte[][] chain = [TestPki.Make(leaf, ca).Der, ca.Der];
        ChainOutcome below = new ChainHarness { Image = Image, ServerName = name }.Run(chain);
        Assert.Equal((reason, reason == FaultReason.None ? 0 : 1), (below.Reason, below.Depth));
        Assert.Equal(below, new ChainHarness { Image = Image, ServerName = name, Poison = 0 }.RunSplit(_ => 1, chain));

        TestCertificate anchor = TestPki.Make(new CertificateRecipe { Subject = "CN=Constrained Root", Key = TestPki.Key("P-256", 102), IsCa = true, DnsNames = [], Extensions = [constraints] });
        ChainOutcome atAnchor = new ChainHarness { Image = TestPki.Image(anchor), ServerName = name }.Run(TestPki.Make(leaf, anchor).Der);
        Assert.Equal((reason, reason == FaultReason.None ? 0 : 1), (atAnchor.Reason, atAnchor.Depth));
    }

    private static TestCertificate Ca(X509Extension constraints) =>
        TestPki.Make(new CertificateRecipe { Subject = "CN=Constrained CA", Key = TestPki.Key("P-256", 1), IsCa = true, DnsNames = [], Extensions = [constraints] }, Root);

    private static Action<AsnWriter>? Dns(string names) => names.Length == 0 ? null : writer =>
    {
        foreach (string name in names.Split(' '))
        {
            writer.Dns(name);
        }
    };

    private static X509Extension DnsNames(params string[] names)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (string name in names)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, name, new Asn1Tag(TagClass.ContextSpecific, 2));
            }
        }

        return new X509Extension("2.5.29.17", writer.Encode(), false);
    }

    private static IEnumerable<ChainOutcome> Outcomes(byte[] leaf, string asked)
    {
        yield return new ChainHarness { Image = Image, ServerName = asked }.Run(leaf);
        yield return new ChainHarness { Image = Image, ServerName = asked, Poison = 0xFF }.RunSplit(_ => 1, leaf);
    }
}
