using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.X509;

public sealed class ChainTests
{
    [Theory]
    [InlineData("RSA-2048", "RSA-2048", 1, 0)]
    [InlineData("RSA-2048", "RSA-2048", 4, 0)]
    [InlineData("RSA-2048", "RSA-2048", 4, 3000)]
    [InlineData("RSA-2048", "RSA-2048", 8, 0)]
    [InlineData("RSA-2048", "RSA-2048", 8, 3000)]
    [InlineData("RSA-3072", "RSA-3072", 3, 0)]
    [InlineData("RSA-4096", "RSA-4096", 3, 0)]
    [InlineData("P-256", "P-256", 4, 3000)]
    [InlineData("P-384", "P-384", 4, 0)]
    [InlineData("RSA-2048", "P-256", 3, 0)]
    [InlineData("P-384", "RSA-2048", 3, 0)]
    [InlineData("P-384", "P-256", 10, 0)]
    [InlineData("P-521", "P-521", 4, 3000)]
    [InlineData("P-521", "P-256", 2, 0)]
    [InlineData("RSA-2048", "P-521", 2, 0)]
    public void A_chain_that_leads_to_the_anchor_is_complete(string kind, string leafKind, int certificates, int ballast)
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(certificates, kind, ballast, leafKind);
        ChainOutcome outcome = new ChainHarness { Image = TestPki.Image(root) }.Run(chain);
        Assert.Equal(ChainStatus.Complete, outcome.Status);
        Assert.Equal(outcome, new ChainHarness { Image = TestPki.Image(root), Poison = 0x00 }.Run(chain));
        Assert.Equal(outcome, new ChainHarness { Image = TestPki.Image(root), Poison = 0xFF }.Run(chain));
    }

    [Theory]
    [InlineData("RSA-2048", 2048, 0)]
    [InlineData("RSA-4096", 4096, 0)]
    [InlineData("P-256", 0, 256)]
    [InlineData("P-384", 0, 384)]
    [InlineData("P-521", 0, 521)]
    public void The_smallest_profile_that_holds_the_keys_suffices_for_any_length(string kind, int maxRsaBits, int maxEcdsaBits)
    {
        foreach ((int certificates, int ballast) in ((int, int)[])[(1, 0), (4, 3000), (8, 0)])
        {
            (TestCertificate root, List<byte[]> chain) = TestPki.Chain(certificates, kind, ballast);
            ChainOutcome outcome = new ChainHarness { Image = TestPki.Image(root), MaxRsaBits = maxRsaBits, MaxEcdsaBits = maxEcdsaBits, MaxHashBits = 256 }.Run(chain);
            Assert.Equal((ChainStatus.Complete, FaultReason.None), (outcome.Status, outcome.Reason));
        }
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void Every_signature_algorithm_verifies(string hash)
    {
        var name = new HashAlgorithmName(hash);
        foreach ((string kind, RSASignaturePadding padding) in ((string, RSASignaturePadding)[])[("RSA-2048", RSASignaturePadding.Pkcs1), ("RSA-2048", RSASignaturePadding.Pss), ("P-256", RSASignaturePadding.Pkcs1), ("P-384", RSASignaturePadding.Pkcs1), ("P-521", RSASignaturePadding.Pkcs1)])
        {
            TestCertificate root = TestPki.Root(kind);
            byte[] leaf = TestPki.Make(new CertificateRecipe { Hash = name, Padding = padding }, root).Der;
            Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(root) }.Run(leaf).Status);
            Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(root), Work = 1 }.RunSplit(_ => 1, leaf).Status);
        }
    }

    public static TheoryData<string, string> SmallChains => new() { { "RSA-2048", "P-256" }, { "P-256", "P-256" }, { "P-384", "RSA-2048" }, { "P-521", "P-521" } };

    [Theory]
    [MemberData(nameof(SmallChains))]
    public void Bytes_one_by_one_and_the_least_work_give_the_same_result(string kind, string leafKind)
    {
        foreach ((byte[] image, IReadOnlyList<byte[]> chain) in GoodAndBad(kind, leafKind))
        {
            ChainOutcome whole = new ChainHarness { Image = image }.Run(chain);
            Assert.Equal(whole, new ChainHarness { Image = image }.RunSplit(_ => 1, chain));
            Assert.Equal(whole, new ChainHarness { Image = image, Work = 1 }.Run(chain));
            Assert.Equal(whole, new ChainHarness { Image = image, Work = 1, Poison = 0xFF }.RunSplit(_ => 1, chain));
        }
    }

    [Fact]
    public void Every_split_in_two_gives_the_same_result()
    {
        foreach ((byte[] image, IReadOnlyList<byte[]> chain) in GoodAndBad("P-256", "P-256"))
        {
            ChainOutcome whole = new ChainHarness { Image = image }.Run(chain);
            int bytes = chain.Sum(certificate => certificate.Length);
            for (int split = 1; split < bytes; split++)
            {
                Assert.Equal(whole, new ChainHarness { Image = image }.RunSplit(at => at < split ? split - at : int.MaxValue, chain));
            }
        }
    }

    [Theory]
    [InlineData("RSA-2048", "P-256")]
    [InlineData("P-256", "RSA-2048")]
    public void Two_hundred_random_splits_give_the_same_result(string kind, string leafKind)
    {
        foreach ((byte[] image, IReadOnlyList<byte[]> chain) in GoodAndBad(kind, leafKind))
        {
            ChainOutcome whole = new ChainHarness { Image = image }.Run(chain);
            for (int seed = 0; seed < 200; seed++)
            {
                var random = new Random(seed);
                int longest = 1 << random.Next(1, 10);
                Assert.Equal(whole, new ChainHarness { Image = image, Work = random.Next(1, 1000) }.RunSplit(_ => random.Next(1, longest), chain));
            }
        }
    }

    /// <summary>A chain of two that is good, one that ends elsewhere, one whose leaf has another name, and one whose order is wrong.</summary>
    private static IEnumerable<(byte[] Image, IReadOnlyList<byte[]> Chain)> GoodAndBad(string kind, string leafKind)
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(2, kind, 0, leafKind);
        byte[] image = TestPki.Image(root);
        TestCertificate other = TestPki.Make(new CertificateRecipe { DnsNames = ["*.example.org"], Addresses = ["2001:db8::1"] }, root);
        yield return (image, chain);
        yield return (TestPki.Image(TestPki.Root(kind, "CN=Somebody else", 101)), chain);
        yield return (image, [other.Der]);
        yield return (image, [chain[0], other.Der]);
    }

    [Fact]
    public void What_follows_a_trusted_certificate_is_skipped_unread()
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(2, "P-256");
        chain.Add([0xFF, 0xFF]);
        chain.Add([]);
        chain.Add(new byte[100_000]);
        Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(root) }.Run(chain).Status);
        Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(root) }.RunSplit(_ => 7, chain).Status);
    }

    [Fact]
    public void An_anchor_in_the_middle_of_the_chain_ends_it()
    {
        TestCertificate root = TestPki.Root("P-256");
        TestCertificate ca = TestPki.Make(new CertificateRecipe { Subject = "CN=Middle", Key = TestPki.Key("P-256", 1), IsCa = true, DnsNames = [] }, root);
        byte[] leaf = TestPki.Make(new CertificateRecipe(), ca).Der;
        Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(ca) }.Run(leaf, ca.Der, root.Der).Status);
    }

    [Theory]
    [InlineData("P-256")]
    [InlineData("RSA-2048")]
    public void Anchors_that_share_a_name_are_each_tried(string kind)
    {
        TestCertificate first = TestPki.Root(kind, index: 101), second = TestPki.Root(kind, index: 102), right = TestPki.Root(kind, index: 103);
        foreach (RSASignaturePadding padding in (RSASignaturePadding[])[RSASignaturePadding.Pkcs1, RSASignaturePadding.Pss])
        {
            byte[] leaf = TestPki.Make(new CertificateRecipe { Padding = padding }, right).Der;
            Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(first, second, right), Work = 1 }.Run(leaf).Status);
            Assert.Equal(FaultReason.CertificateSignatureInvalid, new ChainHarness { Image = TestPki.Image(first, second) }.Run(leaf).Reason);
        }
    }

    [Theory]
    [InlineData("P-256")]
    [InlineData("RSA-2048")]
    public void An_issuer_after_anchors_that_only_share_its_name_is_still_found(string kind)
    {
        TestCertificate root = TestPki.Root(kind), namesake = TestPki.Root(kind, "CN=Middle", 101);
        foreach (RSASignaturePadding padding in (RSASignaturePadding[])[RSASignaturePadding.Pkcs1, RSASignaturePadding.Pss])
        {
            TestCertificate ca = TestPki.Make(new CertificateRecipe { Subject = "CN=Middle", Key = TestPki.Key(kind, 1), IsCa = true, DnsNames = [] }, root);
            byte[] leaf = TestPki.Make(new CertificateRecipe { Padding = padding }, ca).Der;
            Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(namesake, root) }.Run(leaf, ca.Der).Status);
        }
    }

    [Fact]
    public void A_server_certificate_may_be_the_anchor_byte_for_byte()
    {
        TestCertificate pinned = TestPki.Make(new CertificateRecipe());
        TestCertificate stranger = TestPki.Root("P-256", "CN=Stranger");
        TestCertificate issued = TestPki.Make(new CertificateRecipe(), stranger);
        Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(pinned) }.Run(pinned.Der).Status);
        Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(issued) }.Run(issued.Der).Status);

        // The same name and key on other certificates, and certificates signed with the pinned key, are not pinned.
        TestCertificate again = TestPki.Make(new CertificateRecipe { DnsNames = ["broker.example.com", "victim.example.com"] });
        Assert.Equal(FaultReason.IssuerUnknown, new ChainHarness { Image = TestPki.Image(pinned) }.Run(again.Der).Reason);
        TestCertificate below = TestPki.Make(new CertificateRecipe { Subject = "CN=Below", Key = TestPki.Key("P-256", 3) }, pinned);
        Assert.Equal(FaultReason.IssuerUnknown, new ChainHarness { Image = TestPki.Image(pinned) }.Run(below.Der).Reason);
    }

    [Fact]
    public void A_ca_that_is_an_anchor_may_serve_as_the_leaf()
    {
        TestCertificate root = TestPki.Root("P-256", index: 101);
        TestCertificate ca = TestPki.Make(new CertificateRecipe { IsCa = true }, root);
        Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(ca) }.Run(ca.Der).Status);
    }

    [Fact]
    public void A_flip_of_any_bit_that_was_signed_never_verifies()
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(2, "P-256");
        byte[] image = TestPki.Image(root);
        var random = new Random(4);
        for (int which = 0; which < chain.Count; which++)
        {
            for (int at = 0; at < chain[which].Length; at++)
            {
                byte[] changed = (byte[])chain[which].Clone();
                changed[at] ^= (byte)(1 << random.Next(8));
                List<byte[]> mutant = [.. chain];
                mutant[which] = changed;
                ChainOutcome outcome = new ChainHarness { Image = image }.Run(mutant);
                Assert.True(outcome.Status == ChainStatus.Faulted && outcome.Reason != FaultReason.None, $"certificate {which}, byte {at}");
            }
        }
    }

    [Fact]
    public void Random_damage_ends_in_a_fault_that_splits_do_not_change()
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(2, "P-256");
        byte[] image = TestPki.Image(root);
        for (int seed = 0; seed < 3000; seed++)
        {
            var random = new Random(seed);
            List<byte[]> mutant = [.. chain.Select(certificate => Damage(certificate, random))];
            ChainOutcome whole = new ChainHarness { Image = image }.Run(mutant);
            Assert.Equal(ChainStatus.Faulted, whole.Status);
            Assert.Equal(whole, new ChainHarness { Image = image, Poison = 0x5A }.RunSplit(_ => random.Next(1, 40), mutant));
        }
    }

    private static byte[] Damage(byte[] certificate, Random random)
    {
        var bytes = new List<byte>(certificate);
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= 0x80;
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(20, bytes.Count - at + 1)));
                    break;
                case 3:
                    bytes.InsertRange(at, new byte[random.Next(1, 20)]);
                    break;
                default:
                    bytes[at] = (byte)(random.Next(2) * 0xFF);
                    break;
            }
        }

        bytes[^1] ^= 1;
        return [.. bytes];
    }

    [Fact]
    public void Truncated_chains_end_in_a_fault_at_every_length()
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(1, "P-256");
        byte[] image = TestPki.Image(root);
        for (int length = 0; length < chain[0].Length; length++)
        {
            Assert.Equal(FaultReason.CertificateMalformed, new ChainHarness { Image = image }.Run([chain[0][..length]]).Reason);
        }
    }
}
