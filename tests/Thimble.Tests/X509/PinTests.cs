using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.X509;

/// <summary>Pins of keys: alone they are what is trusted, with anchors they narrow.</summary>
public sealed class PinTests
{
    private static readonly TestCertificate Stranger = TestPki.Root("P-256", "CN=Stranger", 120);

    public static TheoryData<string> Kinds => ["P-256", "P-384", "P-521", "RSA-2048", "Ed25519"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_pinned_key_is_trusted_wherever_it_stands_in_the_chain(string kind)
    {
        (TestCertificate root, List<byte[]> chain) = Chain(3, kind);
        chain.Add(root.Der);
        for (int depth = 0; depth < chain.Count; depth++)
        {
            ChainHarness harness = Harness(Image([], Pin(chain[depth])));
            ChainOutcome whole = harness.Run(chain);
            Assert.Equal((ChainStatus.Complete, FaultReason.None), (whole.Status, whole.Reason));
            Assert.Equal(whole, harness.RunSplit(static _ => 1, chain));
            Assert.Equal(whole, Harness(Image([], Pin(chain[depth])), 0xFF).Run(chain));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bytes_one_by_one_give_the_same_result_where_no_key_is_pinned(string kind)
    {
        (_, List<byte[]> chain) = Chain(3, kind);
        ChainHarness harness = Harness(Image([], Pin(Stranger.Der), Pin(TestPki.Root("P-256", "CN=Other", 121).Der)));
        ChainOutcome outcome = harness.Run(chain);
        Assert.Equal((FaultReason.PinMissing, 2, 2u, 3u, "Test Root"), (outcome.Reason, outcome.Depth, outcome.Expected, outcome.Actual, outcome.Text));
        Assert.Equal(outcome, harness.RunSplit(static _ => 1, chain));
    }

    [Fact]
    public void Every_split_in_two_finds_the_pin()
    {
        (_, List<byte[]> chain) = TestPki.Chain(2, "P-256");
        byte[] image = Image([], Pin(chain[1]));
        int bytes = chain.Sum(static certificate => certificate.Length);
        for (int split = 1; split < bytes; split++)
        {
            Assert.Equal(ChainStatus.Complete, Harness(image).RunSplit(at => at < split ? split - at : int.MaxValue, chain).Status);
        }
    }

    [Fact]
    public void What_comes_behind_the_pinned_key_is_not_looked_at()
    {
        (_, List<byte[]> chain) = TestPki.Chain(2, "P-256");
        ChainHarness harness = Harness(Image([], Pin(chain[1])));
        Assert.Equal(ChainStatus.Complete, harness.Run([.. chain, [1, 2, 3], Stranger.Der]).Status);
    }

    [Fact]
    public void A_self_signed_certificate_of_a_device_is_trusted_by_its_pin_alone()
    {
        TestCertificate device = TestPki.Make(new CertificateRecipe { WithoutBasicConstraints = true });
        Assert.Equal(ChainStatus.Complete, Harness(Image([], Pin(device.Der))).Run(device.Der).Status);
        Assert.Equal(FaultReason.PinMissing, Harness(Image([], Pin(Stranger.Der))).Run(device.Der).Reason);
    }

    /// <summary>A key proves nothing about what others signed: the pinned authority must have signed what is below it.</summary>
    [Fact]
    public void A_pinned_authority_vouches_for_what_it_signed_and_for_nothing_else()
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(2, "P-256");
        TestCertificate forger = TestPki.Make(new CertificateRecipe { Subject = "CN=Test CA 1, O=Thimble", Key = TestPki.Key("P-256", 122), IsCa = true, DnsNames = [] }, root);
        byte[] forged = TestPki.Make(new CertificateRecipe(), forger).Der;
        Assert.Equal(FaultReason.CertificateSignatureInvalid, Harness(Image([], Pin(chain[1]))).Run(forged, chain[1]).Reason);
    }

    public static TheoryData<string, FaultReason> WhatStillCounts => new()
    {
        { "name", FaultReason.NameMismatch },
        { "expired", FaultReason.CertificateExpired },
        { "not yet valid", FaultReason.CertificateNotYetValid },
        { "purpose", FaultReason.ExtendedKeyUsageForbids },
        { "usage", FaultReason.KeyUsageForbids },
        { "weak", FaultReason.KeyTooWeak },
        { "unknown extension", FaultReason.UnknownCriticalExtension },
    };

    [Theory]
    [MemberData(nameof(WhatStillCounts))]
    public void A_pin_excuses_nothing_but_the_missing_anchor(string what, FaultReason reason)
    {
        CertificateRecipe recipe = what switch
        {
            "name" => new() { DnsNames = ["other.example.com"] },
            "expired" => new() { NotAfter = TestPki.Now.AddDays(-1) },
            "not yet valid" => new() { NotBefore = TestPki.Now.AddDays(1) },
            "purpose" => new() { Purposes = ["1.3.6.1.5.5.7.3.2"] },
            "usage" => new() { KeyUsage = X509KeyUsageFlags.KeyAgreement },
            "weak" => new() { Key = TestPki.Key("RSA-1024", 0) },
            _ => new() { Extensions = [new X509Extension("1.3.6.1.4.1.55555.9", [5, 0], true)] },
        };
        byte[] leaf = TestPki.Make(recipe).Der;
        Assert.Equal(reason, Harness(Image([], Pin(leaf))).Run(leaf).Reason);
    }

    [Fact]
    public void A_pinned_certificate_above_the_leaf_must_be_an_authority_that_is_valid()
    {
        (CertificateRecipe Recipe, FaultReason Reason)[] authorities =
        [
            (new() { Subject = "CN=CA", Key = TestPki.Key("P-256", 123) }, FaultReason.NotACertificateAuthority),
            (new() { Subject = "CN=CA", Key = TestPki.Key("P-256", 123), IsCa = true, DnsNames = [], NotAfter = TestPki.Now.AddDays(-1) }, FaultReason.CertificateExpired),
            (new() { Subject = "CN=CA", Key = TestPki.Key("P-256", 123), IsCa = true, DnsNames = [], KeyUsage = X509KeyUsageFlags.CrlSign }, FaultReason.KeyUsageForbids),
        ];
        foreach ((CertificateRecipe recipe, FaultReason reason) in authorities)
        {
            TestCertificate authority = TestPki.Make(recipe);
            byte[] leaf = TestPki.Make(new CertificateRecipe(), authority).Der;
            Assert.Equal(reason, Harness(Image([], Pin(authority.Der))).Run(leaf, authority.Der).Reason);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void With_anchors_a_pin_narrows_wherever_on_the_way_it_stands(string kind)
    {
        (TestCertificate root, List<byte[]> chain) = Chain(3, kind);
        foreach (byte[] pinned in (IEnumerable<byte[]>)[.. chain, root.Der])
        {
            ChainHarness harness = Harness(Image([root], Pin(pinned)));
            ChainOutcome outcome = harness.Run(chain);
            Assert.Equal((ChainStatus.Complete, FaultReason.None), (outcome.Status, outcome.Reason));
            Assert.Equal(outcome, harness.RunSplit(static _ => 1, chain));
        }

        ChainOutcome refused = Harness(Image([root], Pin(Stranger.Der))).Run(chain);
        Assert.Equal((FaultReason.PinMissing, 1u, 3u), (refused.Reason, refused.Expected, refused.Actual));
    }

    /// <summary>Otherwise anybody could show a pinned certificate beside his own chain (RFC 7469 §2.6).</summary>
    [Fact]
    public void With_anchors_a_pin_does_not_replace_the_anchor()
    {
        (_, List<byte[]> chain) = TestPki.Chain(2, "P-256");
        Assert.Equal(FaultReason.IssuerUnknown, Harness(Image([Stranger], Pin(chain[0]))).Run(chain).Reason);
    }

    [Fact]
    public void A_pinned_certificate_behind_the_verified_way_does_not_count()
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(2, "P-256");
        Assert.Equal(FaultReason.PinMissing, Harness(Image([root], Pin(Stranger.Der))).Run([.. chain, Stranger.Der]).Reason);
    }

    [Fact]
    public void A_leaf_that_is_itself_the_anchor_is_narrowed_too()
    {
        TestCertificate leaf = TestPki.Make(new CertificateRecipe());
        Assert.Equal(ChainStatus.Complete, Harness(Image([leaf], Pin(leaf.Der))).Run(leaf.Der).Status);
        Assert.Equal(FaultReason.PinMissing, Harness(Image([leaf], Pin(Stranger.Der))).Run(leaf.Der).Reason);
    }

    /// <summary>Two roots can vouch for an authority; only one of them is pinned, and the server sends what leads there.</summary>
    [Fact]
    public void An_anchor_that_is_not_pinned_is_passed_over_for_one_that_is()
    {
        TestCertificate old = TestPki.Root("P-256", "CN=Old Root", 124), young = TestPki.Root("P-256", "CN=Young Root", 125);
        TestCertificate cross = TestPki.Make(new CertificateRecipe { Subject = "CN=Young Root", Key = young.Key, IsCa = true, DnsNames = [] }, old);
        byte[] leaf = TestPki.Make(new CertificateRecipe(), young).Der;
        Assert.Equal(ChainStatus.Complete, Harness(Image([young, old], Pin(old.Der))).Run(leaf, cross.Der).Status);
        Assert.Equal(FaultReason.PinMissing, Harness(Image([young, old], Pin(old.Der))).Run(leaf).Reason);
        Assert.Equal(FaultReason.PinMissing, Harness(Image([young, old], Pin(Stranger.Der))).Run(leaf, cross.Der).Reason);
    }

    [Fact]
    public void The_same_pin_twice_is_one_and_255_are_looked_through()
    {
        using var builder = new RomImageBuilder();
        byte[] leaf = TestPki.Make(new CertificateRecipe()).Der;
        for (int i = 0; i < 254; i++)
        {
            builder.AddPin(KeyPin.Parse(Convert.ToHexString(SHA256.HashData([(byte)i]))));
        }

        builder.AddPin(Pin(leaf));
        builder.AddPin(Pin(leaf));
        byte[] image = builder.Build(TestPki.Now.AddDays(-1));
        Assert.Equal(255, RomImage.FromChecked(image).PinCount);
        Assert.Equal(ChainStatus.Complete, Harness(image).Run(leaf).Status);
        Assert.Throws<ArgumentException>(() => builder.AddPin(Pin(Stranger.Der)));
    }

    /// <summary>The key of every kind is hashed as the platform encodes it, whatever its length.</summary>
    [Fact]
    public void Two_hundred_random_splits_give_the_same_result()
    {
        (TestCertificate root, List<byte[]> chain) = TestPki.Chain(2, "RSA-2048", 300, "P-384");
        byte[] good = Image([root], Pin(chain[1])), bad = Image([root], Pin(Stranger.Der));
        ChainOutcome whole = Harness(good).Run(chain), refused = Harness(bad).Run(chain);
        for (int seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            int longest = 1 << random.Next(1, 10);
            Assert.Equal(whole, Harness(good).RunSplit(_ => random.Next(1, longest), chain));
            Assert.Equal(refused, Harness(bad).RunSplit(_ => random.Next(1, longest), chain));
        }
    }

    private static KeyPin Pin(byte[] der)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        return KeyPin.Of(certificate);
    }

    private static (TestCertificate Root, List<byte[]> Chain) Chain(int certificates, string kind) => TestPki.Chain(certificates, kind);

    private static ChainHarness Harness(byte[] image, byte poison = 0xA5) => new() { Image = image, Ed25519 = true, MaxEd25519TbsBytes = 1024, Poison = poison };

    private static byte[] Image(IEnumerable<TestCertificate> anchors, params IEnumerable<KeyPin> pins)
    {
        using var builder = new RomImageBuilder();
        foreach (TestCertificate anchor in anchors)
        {
            builder.AddTrustAnchor(anchor.Certificate);
        }

        foreach (KeyPin pin in pins)
        {
            builder.AddPin(pin);
        }

        return builder.Build(TestPki.Now.AddDays(-1));
    }
}
