using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.X509;

/// <summary>Chains that Ed25519 signed: the signed part is kept whole, and two of them at a time (RULES 13).</summary>
public sealed class Ed25519ChainTests
{
    private const int Room = 4096;

    [Theory]
    [InlineData("Ed25519", "Ed25519", 1, 0)]
    [InlineData("Ed25519", "Ed25519", 2, 0)]
    [InlineData("Ed25519", "Ed25519", 5, 0)]
    [InlineData("Ed25519", "Ed25519", 4, 3000)]
    [InlineData("Ed25519", "P-256", 3, 0)]
    [InlineData("Ed25519", "RSA-2048", 3, 0)]
    [InlineData("P-256", "Ed25519", 2, 0)]
    [InlineData("RSA-2048", "Ed25519", 2, 0)]
    public void A_chain_that_leads_to_the_anchor_is_complete(string kind, string leafKind, int certificates, int ballast)
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(certificates, kind, ballast, leafKind);
        ChainOutcome outcome = new ChainHarness { Image = TestPki.Image(root), MaxEd25519TbsBytes = Room }.Run(chain);
        Assert.Equal((ChainStatus.Complete, FaultReason.None), (outcome.Status, outcome.Reason));
        Assert.Equal(outcome, new ChainHarness { Image = TestPki.Image(root), MaxEd25519TbsBytes = Room, Poison = 0x00 }.Run(chain));
        Assert.Equal(outcome, new ChainHarness { Image = TestPki.Image(root), MaxEd25519TbsBytes = Room, Poison = 0xFF, Work = 1 }.RunSplit(_ => 3, chain));
    }

    [Fact]
    public void A_profile_with_nothing_but_Ed25519_suffices_and_the_longest_signed_part_is_its_limit()
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(3, "Ed25519", 100);
        int longest = chain.Max(TestPki.TbsBytes);
        ChainHarness exact = new() { Image = TestPki.Image(root), MaxRsaBits = 0, MaxEcdsaBits = 0, MaxHashBits = 256, MaxEd25519TbsBytes = longest };
        Assert.Equal(ChainStatus.Complete, exact.Run(chain).Status);

        int at = chain.FindIndex(der => TestPki.TbsBytes(der) == longest);
        ChainOutcome outcome = new ChainHarness { Image = TestPki.Image(root), MaxRsaBits = 0, MaxEcdsaBits = 0, MaxHashBits = 256, MaxEd25519TbsBytes = longest - 1 }.Run(chain);
        Assert.Equal((FaultReason.SignedPartAboveProfileLimit, at, (uint)longest - 1, (uint)longest), (outcome.Reason, outcome.Depth, outcome.Expected, outcome.Actual));
    }

    [Fact]
    public void Issuers_of_different_kinds_may_take_turns()
    {
        TestCertificate root = TestPki.Root("RSA-2048");
        TestCertificate upper = Ca("CN=Upper", "Ed25519", 1, root);
        TestCertificate middle = Ca("CN=Middle", "P-521", 2, upper);
        TestCertificate lower = Ca("CN=Lower", "Ed25519", 2, middle);
        byte[] leaf = TestPki.Make(new CertificateRecipe { Key = TestPki.Key("Ed25519", 3) }, lower).Der;
        var harness = new ChainHarness { Image = TestPki.Image(root), MaxEd25519TbsBytes = Room };
        Assert.Equal(ChainStatus.Complete, harness.Run(leaf, lower.Der, middle.Der, upper.Der).Status);
        Assert.Equal(ChainStatus.Complete, harness.RunSplit(_ => 1, leaf, lower.Der, middle.Der, upper.Der).Status);
    }

    public static TheoryData<string, string> Chains => new() { { "Ed25519", "Ed25519" }, { "Ed25519", "P-256" } };

    [Theory]
    [MemberData(nameof(Chains))]
    public void Every_split_gives_the_same_result(string kind, string leafKind)
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(2, kind, 0, leafKind);
        TestCertificate stranger = TestPki.Root(kind, index: 101);
        byte[][] images = [TestPki.Image(root), TestPki.Image(stranger)];
        int bytes = chain.Sum(der => der.Length);
        foreach (byte[] image in images)
        {
            ChainOutcome whole = new ChainHarness { Image = image, MaxEd25519TbsBytes = Room }.Run(chain);
            Assert.Equal(image == images[0] ? FaultReason.None : FaultReason.CertificateSignatureInvalid, whole.Reason);
            Assert.Equal(whole, new ChainHarness { Image = image, MaxEd25519TbsBytes = Room, Work = 1 }.RunSplit(_ => 1, chain));
            for (int split = 1; split < bytes; split++)
            {
                Assert.Equal(whole, new ChainHarness { Image = image, MaxEd25519TbsBytes = Room }.RunSplit(at => at < split ? split - at : int.MaxValue, chain));
            }

            for (int seed = 0; seed < 200; seed++)
            {
                var random = new Random(seed);
                int longest = 1 << random.Next(1, 10);
                Assert.Equal(whole, new ChainHarness { Image = image, MaxEd25519TbsBytes = Room, Work = random.Next(1, 1000) }.RunSplit(_ => random.Next(1, longest), chain));
            }
        }
    }

    [Fact]
    public void A_flip_of_any_byte_of_the_chain_never_verifies()
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(2, "Ed25519");
        byte[] image = TestPki.Image(root);
        var random = new Random(25519);
        for (int which = 0; which < chain.Count; which++)
        {
            for (int at = 0; at < chain[which].Length; at++)
            {
                byte[] changed = [.. chain[which]];
                changed[at] ^= (byte)(1 << random.Next(8));
                List<byte[]> mutant = [.. chain];
                mutant[which] = changed;
                ChainOutcome outcome = new ChainHarness { Image = image, MaxEd25519TbsBytes = Room }.Run(mutant);
                Assert.True(outcome.Status == ChainStatus.Faulted && outcome.Reason != FaultReason.None, $"certificate {which}, byte {at}");
            }
        }
    }

    [Fact]
    public void Each_bit_of_a_signature_counts()
    {
        TestCertificate root = TestPki.Root("Ed25519");
        byte[] leaf = TestPki.Make(new CertificateRecipe(), root).Der;
        for (int bit = 0; bit < 64 * 8; bit++)
        {
            byte[] changed = [.. leaf];
            changed[^(1 + (bit / 8))] ^= (byte)(1 << (bit % 8));
            Assert.Equal(FaultReason.CertificateSignatureInvalid, new ChainHarness { Image = TestPki.Image(root), MaxEd25519TbsBytes = Room }.Run(changed).Reason);
        }
    }

    [Fact]
    public void Without_room_for_it_the_fault_tells_how_much_is_wanted()
    {
        TestCertificate root = TestPki.Root("Ed25519");
        byte[] leaf = TestPki.Make(new CertificateRecipe(), root).Der;
        ChainOutcome outcome = new ChainHarness { Image = TestPki.Image(root), Ed25519 = true }.Run(leaf);
        Assert.Equal((FaultReason.SignatureNotStreamable, 0, 0u, (uint)TestPki.TbsBytes(leaf)), (outcome.Reason, outcome.Depth, outcome.Expected, outcome.Actual));
        Assert.Equal(outcome, new ChainHarness { Image = TestPki.Image(root), Ed25519 = true }.RunSplit(_ => 1, leaf));
    }

    [Fact]
    public void A_key_that_the_profile_does_not_plan_for_has_its_own_fault()
    {
        TestCertificate root = TestPki.Root("P-256");
        byte[] leaf = TestPki.Make(new CertificateRecipe { Key = TestPki.Key("Ed25519", 0) }, root).Der;
        Assert.Equal((FaultReason.Ed25519NotInProfile, 0), ReasonAndDepth(new ChainHarness { Image = TestPki.Image(root) }.Run(leaf)));
        Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(root), Ed25519 = true, MaxRsaBits = 0, MaxEcdsaBits = 256, MaxHashBits = 256 }.Run(leaf).Status);
    }

    [Theory]
    [InlineData("300706032B65700500")] // NULL parameters
    [InlineData("300806032B65700401AA")] // some octets
    public void Parameters_of_the_signature_are_refused(string identifier)
    {
        TestCertificate root = TestPki.Root("Ed25519");
        Assert.Equal(FaultReason.CertificateMalformed, RunClaiming(root, identifier).Reason);
    }

    [Fact]
    public void Parameters_of_the_key_are_refused_and_so_is_another_length()
    {
        TestCertificate root = TestPki.Root("P-256");
        string key = Convert.ToHexString(((Ed25519PrivateKey)TestPki.Key("Ed25519", 0)).PublicKey);
        byte[] leaf = TestPki.Make(new CertificateRecipe { Key = TestPki.Key("Ed25519", 0) }, root).Der;
        var harness = new ChainHarness { Image = TestPki.Image(root), Ed25519 = true };
        Assert.Equal(ChainStatus.Complete, harness.Run(leaf).Status);

        // The key's first two octets make the room for two octets of parameters, and for an outer length of two fewer.
        byte[] withNull = Resigned.With(leaf, root, "300506032B6570032100" + key, "300706032B65700500031F00" + key[4..]);
        Assert.Equal(FaultReason.CertificateMalformed, harness.Run(withNull).Reason);
        byte[] tagged = Resigned.With(leaf, root, "300506032B6570032100" + key, "300506032B6570032101" + key);
        Assert.Equal(FaultReason.KeyInvalid, harness.Run(tagged).Reason);
        byte[] wider = Resigned.With(leaf, root, "06032B6570032100" + key, "06032B6571032100" + key);
        Assert.Equal(FaultReason.KeyUnsupported, harness.Run(wider).Reason);
    }

    [Fact]
    public void Signed_by_a_key_of_another_kind_it_does_not_verify()
    {
        TestCertificate root = TestPki.Root("P-256");
        ChainOutcome outcome = RunClaiming(root, "300506032B6570", signature: new byte[64]);
        Assert.Equal(FaultReason.IssuerUnknown, outcome.Reason); // no anchor of that name has such a key
        Assert.Equal(FaultReason.SignatureLength, RunClaiming(root, "300506032B6570", signature: new byte[63]).Reason);
        Assert.Equal(FaultReason.SignatureLength, RunClaiming(root, "300506032B6570", signature: new byte[65]).Reason);
    }

    [Fact]
    public void The_outer_algorithm_must_be_the_inner_one()
    {
        TestCertificate root = TestPki.Root("Ed25519");
        byte[] leaf = TestPki.Make(new CertificateRecipe(), root).Der;
        int outer = leaf.AsSpan().LastIndexOf(Convert.FromHexString("300506032B6570"));
        leaf[outer + 6] = 0x71;
        Assert.Equal(FaultReason.SignatureAlgorithmMismatch, new ChainHarness { Image = TestPki.Image(root), MaxEd25519TbsBytes = Room }.Run(leaf).Reason);
    }

    [Fact]
    public void A_server_certificate_that_signed_itself_may_be_the_anchor()
    {
        TestCertificate pinned = TestPki.Make(new CertificateRecipe { Key = TestPki.Key("Ed25519", 4) });
        TestCertificate again = TestPki.Make(new CertificateRecipe { Key = TestPki.Key("Ed25519", 4), DnsNames = ["broker.example.com", "victim.example.com"] });
        var harness = new ChainHarness { Image = TestPki.Image(pinned), MaxEd25519TbsBytes = Room };
        Assert.Equal(ChainStatus.Complete, harness.Run(pinned.Der).Status);
        Assert.Equal(FaultReason.IssuerUnknown, harness.Run(again.Der).Reason);
    }

    [Fact]
    public void Anchors_that_share_a_name_are_each_tried()
    {
        TestCertificate[] roots = [.. Enumerable.Range(0, 3).Select(i => TestPki.Root("Ed25519", "CN=Same", 110 + i)), TestPki.Root("P-521", "CN=Same", 120)];
        byte[] image = TestPki.Image(roots);
        foreach (TestCertificate root in roots)
        {
            byte[] leaf = TestPki.Make(new CertificateRecipe(), root).Der;
            Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = image, MaxEd25519TbsBytes = Room }.Run(leaf).Status);
        }
    }

    private static (FaultReason Reason, int Depth) ReasonAndDepth(ChainOutcome outcome) => (outcome.Reason, outcome.Depth);

    private static TestCertificate Ca(string subject, string kind, int index, TestCertificate issuer) =>
        TestPki.Make(new CertificateRecipe { Subject = subject, Key = TestPki.Key(kind, index), IsCa = true, DnsNames = [] }, issuer);

    /// <summary>A leaf whose two identifiers are of the test's choice.</summary>
    private static ChainOutcome RunClaiming(TestCertificate root, string identifier, byte[]? signature = null)
    {
        var request = new CertificateRequest("CN=broker.example.com", (ECDsa)TestPki.Key("P-256", 0), HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("broker.example.com");
        request.CertificateExtensions.Add(names.Build());
        X509Certificate2 leaf = request.Create(
            root.Certificate.SubjectName, new SignerThatClaims(root.Key, identifier, signature), TestPki.Now.AddDays(-1), TestPki.Now.AddDays(1), [1]);
        return new ChainHarness { Image = TestPki.Image(root), MaxEd25519TbsBytes = Room }.Run(leaf.RawData);
    }
}
