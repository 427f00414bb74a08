using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Thimble.Memory;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.X509;

/// <summary>Chains that try to pass for others, and calls that come in an order that nobody promised.</summary>
public sealed class AttackChainTests
{
    private const X509KeyUsageFlags CaUsage = X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign;
    private const string ServerAuth = "1.3.6.1.5.5.7.3.1";

    private static readonly TestCertificate Root = TestPki.Root("P-256");
    private static readonly byte[] Image = TestPki.Image(Root);

    private static ChainOutcome Run(params IReadOnlyList<byte[]> chain) => new ChainHarness { Image = Image }.Run(chain);

    private static TestCertificate Ca(string name, TestCertificate issuer, CertificateRecipe? recipe = null, int key = 1)
    {
        recipe ??= new CertificateRecipe();
        return TestPki.Make(
            new CertificateRecipe
            {
                Subject = name, Key = TestPki.Key("P-256", key), IsCa = !recipe.WithoutBasicConstraints, WithoutBasicConstraints = recipe.WithoutBasicConstraints,
                PathLength = recipe.PathLength, KeyUsage = recipe.KeyUsage, Purposes = recipe.Purposes, DnsNames = [], Extensions = recipe.Extensions,
            },
            issuer);
    }

    [Fact]
    public void What_one_certificate_says_of_itself_is_forgotten_before_the_next()
    {
        // The leaf is a CA that may sign certificates; the one above it says nothing of the kind.
        TestCertificate silent = Ca("CN=Silent", Root, new CertificateRecipe { WithoutBasicConstraints = true });
        byte[] leaf = TestPki.Make(new CertificateRecipe { IsCa = true, PathLength = 3, KeyUsage = CaUsage | X509KeyUsageFlags.DigitalSignature, Purposes = [ServerAuth] }, silent).Der;
        Assert.Equal((FaultReason.NotACertificateAuthority, 1), (Run(leaf, silent.Der).Reason, Run(leaf, silent.Der).Depth));

        // serverAuth below does not stand for serverAuth above.
        TestCertificate mail = Ca("CN=Mail", Root, new CertificateRecipe { Purposes = ["1.3.6.1.5.5.7.3.4"] });
        leaf = TestPki.Make(new CertificateRecipe { Purposes = [ServerAuth] }, mail).Der;
        Assert.Equal(FaultReason.ExtendedKeyUsageForbids, Run(leaf, mail.Der).Reason);

        // keyCertSign below does not either.
        TestCertificate lists = Ca("CN=Lists", Root, new CertificateRecipe { KeyUsage = X509KeyUsageFlags.CrlSign }, 2);
        TestCertificate below = Ca("CN=Below", lists, new CertificateRecipe { KeyUsage = CaUsage });
        leaf = TestPki.Make(new CertificateRecipe(), below).Der;
        Assert.Equal((FaultReason.KeyUsageForbids, 2), (Run(leaf, below.Der, lists.Der).Reason, Run(leaf, below.Der, lists.Der).Depth));
    }

    [Fact]
    public void A_limit_of_one_certificate_does_not_limit_from_the_next_one()
    {
        TestCertificate upper = Ca("CN=Upper", Root, key: 2);
        TestCertificate lower = Ca("CN=Lower", upper, new CertificateRecipe { PathLength = 0, KeyUsage = CaUsage });
        Assert.Equal(ChainStatus.Complete, Run(TestPki.Make(new CertificateRecipe { KeyUsage = X509KeyUsageFlags.DigitalSignature }, lower).Der, lower.Der, upper.Der).Status);
    }

    [Fact]
    public void Each_ca_in_turn_constrains_the_name()
    {
        X509Extension permits = TestPki.NameConstraints(true, writer => writer.Dns("example.com"));
        X509Extension excludes = TestPki.NameConstraints(true, null!, writer => writer.Dns("broker.example.com"));
        X509Extension elsewhere = TestPki.NameConstraints(true, writer => writer.Dns("example.org"));
        foreach ((X509Extension above, X509Extension below, FaultReason reason, int depth) in new[]
        {
            (permits, permits, FaultReason.None, 0),
            (excludes, permits, FaultReason.NameConstraintViolated, 2),
            (permits, excludes, FaultReason.NameConstraintViolated, 1),
            (elsewhere, permits, FaultReason.NameConstraintViolated, 2),
            (permits, elsewhere, FaultReason.NameConstraintViolated, 1),
        })
        {
            TestCertificate upper = Ca("CN=Upper", Root, new CertificateRecipe { Extensions = [above] }, 2);
            TestCertificate lower = Ca("CN=Lower", upper, new CertificateRecipe { Extensions = [below] });
            ChainOutcome outcome = Run(TestPki.Make(new CertificateRecipe(), lower).Der, lower.Der, upper.Der);
            Assert.Equal((reason, depth), (outcome.Reason, outcome.Depth));
        }
    }

    [Fact]
    public void A_namesake_of_the_anchor_is_not_the_anchor()
    {
        string name = Root.Certificate.Subject;
        TestCertificate namesake = Ca(name, TestPki.Make(new CertificateRecipe { Subject = name, Key = TestPki.Key("P-256", 2), IsCa = true, DnsNames = [] }), key: 2);
        byte[] leaf = TestPki.Make(new CertificateRecipe(), namesake).Der;
        Assert.Equal(ChainStatus.Faulted, Run(leaf, namesake.Der).Status);
        Assert.Equal(ChainStatus.Faulted, Run(leaf, Root.Der).Status);
        Assert.Equal(ChainStatus.Faulted, Run(leaf, namesake.Der, Root.Der).Status);

        // A leaf that bears the anchor's name, and one that bears its key under another name.
        Assert.Equal(ChainStatus.Faulted, Run(TestPki.Make(new CertificateRecipe { Subject = name, Key = TestPki.Key("P-256", 2), IsCa = true }).Der).Status);
        Assert.Equal(ChainStatus.Faulted, Run(TestPki.Make(new CertificateRecipe { Subject = "CN=Other", Key = Root.Key, IsCa = true }).Der).Status);
    }

    [Fact]
    public void The_leaf_of_one_chain_cannot_issue_another()
    {
        TestCertificate leaf = TestPki.Make(new CertificateRecipe { Subject = "CN=evil.example.com", DnsNames = ["evil.example.com"], Key = TestPki.Key("P-256", 4) }, Root);
        byte[] forged = TestPki.Make(new CertificateRecipe(), leaf).Der;
        Assert.Equal(FaultReason.NotACertificateAuthority, Run(forged, leaf.Der).Reason);
    }

    [Theory]
    [InlineData("example.com.")]
    [InlineData("com.")]
    [InlineData("broker..example.com")]
    [InlineData("broker.example.com\0")]
    [InlineData("https://broker.example.com/ ")]
    [InlineData("br\u00F6ker.example.com")]
    public void A_constraint_that_is_no_name_is_malformed_rather_than_without_effect(string subtree)
    {
        var value = new List<byte> { 0x82, (byte)Encoding.Latin1.GetByteCount(subtree) };
        value.AddRange(Encoding.Latin1.GetBytes(subtree));
        byte length = (byte)value.Count;
        foreach (byte subtrees in (byte[])[0xA0, 0xA1])
        {
            var constraints = new X509Extension("2.5.29.30", [0x30, (byte)(length + 4), subtrees, (byte)(length + 2), 0x30, length, .. value], true);
            TestCertificate ca = Ca("CN=Constrained", Root, new CertificateRecipe { Extensions = [constraints] });
            byte[][] chain = [TestPki.Make(new CertificateRecipe(), ca).Der, ca.Der];
            Assert.Equal(FaultReason.ExtensionMalformed, Run(chain).Reason);
            Assert.Equal(FaultReason.ExtensionMalformed, new ChainHarness { Image = Image }.RunSplit(_ => 1, chain).Reason);
        }
    }

    [Fact]
    public void A_constraint_on_subjects_concerns_those_below_and_not_the_one_who_sets_it()
    {
        static void Elsewhere(System.Formats.Asn1.AsnWriter writer)
        {
            using (writer.PushSequence())
            using (writer.PushSequence(new System.Formats.Asn1.Asn1Tag(System.Formats.Asn1.TagClass.ContextSpecific, 4)))
            {
                writer.WriteEncodedValue(new X500DistinguishedName("O=Elsewhere").RawData);
            }
        }

        TestCertificate ca = Ca("CN=Constrained", Root, new CertificateRecipe { Extensions = [TestPki.NameConstraints(true, Elsewhere)] });
        Assert.Equal(ChainStatus.Complete, Run(TestPki.Make(new CertificateRecipe { Subject = string.Empty }, ca).Der, ca.Der).Status);
        Assert.Equal(FaultReason.NameConstraintUnsupported, Run(TestPki.Make(new CertificateRecipe(), ca).Der, ca.Der).Reason);
        TestCertificate between = Ca("CN=Between", ca, key: 2);
        Assert.Equal(FaultReason.NameConstraintUnsupported, Run(TestPki.Make(new CertificateRecipe { Subject = string.Empty }, between).Der, between.Der, ca.Der).Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Without_work_each_call_still_advances_and_the_end_is_the_same(int work)
    {
        foreach (string kind in (string[])["P-256", "RSA-2048"])
        {
            foreach (RSASignaturePadding padding in (RSASignaturePadding[])[RSASignaturePadding.Pkcs1, RSASignaturePadding.Pss])
            {
                TestCertificate root = TestPki.Root(kind);
                byte[] leaf = TestPki.Make(new CertificateRecipe { Padding = padding }, root).Der;
                Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = TestPki.Image(root), Work = work }.Run(leaf).Status);
            }
        }
    }

    [Fact]
    public void Calls_after_the_end_change_nothing()
    {
        byte[] leaf = TestPki.Make(new CertificateRecipe(), Root).Der;
        var caller = new Caller(Image);
        caller.Lens().Begin();
        caller.Lens().BeginCertificate(leaf.Length);
        Assert.Equal((ChainStatus.NeedMoreData, 0), caller.Update([]));
        Assert.Equal((ChainStatus.NeedMoreData, 100), caller.Update(leaf.AsSpan(0, 100)));
        Assert.Equal((ChainStatus.NeedMoreData, 0), caller.Update([]));
        Assert.Equal((ChainStatus.CertificateComplete, leaf.Length - 100), caller.Update(leaf.AsSpan(100)));
        Assert.Equal((ChainStatus.CertificateComplete, 0), caller.Update(leaf));
        Assert.Equal(ChainStatus.Complete, caller.End());
        Assert.Equal(ChainStatus.Complete, caller.End());

        caller.Lens().Begin();
        Assert.Equal(ChainStatus.Faulted, caller.End());
        Assert.Equal(FaultReason.CertificateMissing, caller.Fault.Reason);
        caller.Lens().BeginCertificate(leaf.Length);
        Assert.Equal((ChainStatus.Faulted, 0), caller.Update(leaf));
        Assert.Equal(ChainStatus.Faulted, caller.End());
    }

    [Fact]
    public void A_chain_that_ends_within_a_certificate_is_refused()
    {
        byte[] leaf = TestPki.Make(new CertificateRecipe(), Root).Der;
        for (int length = 0; length < leaf.Length; length += 7)
        {
            var caller = new Caller(Image);
            caller.Lens().Begin();
            caller.Lens().BeginCertificate(leaf.Length);
            caller.Update(leaf.AsSpan(0, length));
            Assert.Equal(ChainStatus.Faulted, caller.End());
            Assert.NotEqual(FaultReason.None, caller.Fault.Reason);
        }
    }

    [Fact]
    public void A_certificate_that_begins_within_another_refuses_the_chain()
    {
        // The stray leaf has the name that was asked for, and nobody vouched for it.
        TestCertificate stray = TestPki.Make(new CertificateRecipe { Subject = Root.Certificate.Subject });
        byte[] good = TestPki.Make(new CertificateRecipe { DnsNames = ["other.example.com"] }, Root).Der;
        for (int length = 0; length < stray.Der.Length; length++)
        {
            var caller = new Caller(Image);
            caller.Lens().Begin();
            caller.Lens().BeginCertificate(stray.Der.Length);
            caller.Update(stray.Der.AsSpan(0, length));
            caller.Lens().BeginCertificate(good.Length);
            Assert.Equal(ChainStatus.Faulted, caller.Update(good).Status);
            Assert.Equal(FaultReason.CertificateMalformed, caller.Fault.Reason);
            Assert.Equal(0, caller.Fault.Depth);
        }
    }

    /// <summary>Makes single calls, in any order.</summary>
    private sealed class Caller(byte[] image)
    {
        private static readonly byte[] Name = Encoding.ASCII.GetBytes("broker.example.com");
        private readonly byte[] _memory = Filled();
        private Fault _fault;

        public Fault Fault => _fault;

        public ChainVerifier Lens() => new(
            new ChainMemory
            {
                State = _memory.AsSpan(0, 512), LeafKey = _memory.AsSpan(512, 1024), IssuerKey = _memory.AsSpan(1536, 1024), Signature = _memory.AsSpan(2560, 512),
                Hash = _memory.AsSpan(3072, 256), Digest = _memory.AsSpan(3328, 64), Text = _memory.AsSpan(3392, 64), Operation = _memory.AsSpan(4096, 4096),
            },
            new ChainPolicy
            {
                Trust = RomImage.FromChecked(image), ServerName = Name, NowUnixSeconds = TestPki.Now.ToUnixTimeSeconds(),
                MinRsaBits = 2048, MaxRsaBits = 4096, MaxEcdsaBits = 384, MaxSignatureHashBits = 512,
            });

        public (ChainStatus Status, int Consumed) Update(ReadOnlySpan<byte> input)
        {
            int consumedInAll = 0;
            while (true)
            {
                ChainStatus status = Lens().Update(input[consumedInAll..], out int consumed, ref _fault);
                consumedInAll += consumed;
                if (status != ChainStatus.MoreWork)
                {
                    return (status, consumedInAll);
                }

                int work = int.MaxValue;
                Lens().Verified(Lens().Pending.Run(_memory.AsSpan(4096, 4096), ref work), ref _fault);
            }
        }

        public ChainStatus End() => Lens().End(ref _fault);

        private static byte[] Filled()
        {
            byte[] memory = GC.AllocateUninitializedArray<byte>(8192, pinned: true);
            memory.AsSpan().Fill(0xA5);
            return memory;
        }
    }
}
