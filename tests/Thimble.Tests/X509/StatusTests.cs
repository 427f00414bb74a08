using System;
using System.Linq;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Memory;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.X509;

/// <summary>Stapled OCSP responses (RFC 6960), made by an encoder of the platform's and judged beside their chain.</summary>
public sealed class StatusTests
{
    private static readonly StatusPki Ec = StatusPki.Of("P-256");

    public static TheoryData<string, int, bool, string, bool, string> Shapes()
    {
        var shapes = new TheoryData<string, int, bool, string, bool, string>();
        foreach (string kind in (string[])["P-256", "P-384", "RSA-2048"])
        {
            foreach (int certificates in (int[])[1, 2, 3])
            {
                foreach (bool byKey in (bool[])[false, true])
                {
                    shapes.Add(kind, certificates, byKey, byKey ? "SHA256" : "SHA1", certificates == 2, byKey ? "SHA384" : "SHA256");
                    shapes.Add(kind, certificates, byKey, byKey ? "SHA1" : "SHA256", certificates != 2, byKey ? "SHA256" : "SHA512");
                }
            }
        }

        return shapes;
    }

    /// <summary>The issuer is an anchor, or a CA that comes after the response in TLS 1.3.</summary>
    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_good_response_of_the_issuer_or_of_its_responder_is_good(string kind, int certificates, bool byKey, string certIdHash, bool delegated, string hash)
    {
        StatusPki pki = StatusPki.Of(kind, certificates);
        TestResponder responder = (delegated ? pki.Delegated() : pki.Responder) with
        {
            ByKey = byKey, Hash = new HashAlgorithmName(hash), Singles = [new() { CertIdHash = new HashAlgorithmName(certIdHash) }],
        };
        byte[] response = responder.Encode();
        Assert.Equal(Good, new StatusHarness { Pki = pki }.Run(response));
        Assert.Equal(Good, new StatusHarness { Pki = pki, BehindChain = true }.Run(response));
    }

    [Theory]
    [InlineData("SHA256")]
    [InlineData("SHA384")]
    [InlineData("SHA512")]
    public void RSASSA_PSS_signs_responses_too(string hash)
    {
        StatusPki pki = StatusPki.Of("RSA-2048");
        Assert.Equal(Good, Judge(pki.Responder with { Padding = RSASignaturePadding.Pss, Hash = new HashAlgorithmName(hash) }, pki));
        Assert.Equal(Good, Judge(pki.Delegated() with { Padding = RSASignaturePadding.Pss, Hash = new HashAlgorithmName(hash) }, pki));
    }

    /// <summary>Responders like to send their whole chain; the issuer's own certificate says nothing new, and the rest is not looked at.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_issuer_s_own_certificate_and_others_behind_the_first_may_come_along(bool byKey)
    {
        Assert.Equal(Good, Judge(Ec.Responder with { ByKey = byKey, Certificates = [Ec.Issuer.Der, Ec.Root.Der] }));
        TestCertificate responder = Ec.Appoint();
        Assert.Equal(Good, Judge(Ec.Delegated(responder) with { ByKey = byKey, Certificates = [responder.Der, Ec.Issuer.Der, Ec.Root.Der] }));
        Assert.Equal(Good, Judge(Ec.Responder with { ByKey = byKey, Certificates = [] }));
    }

    [Fact]
    public void The_leaf_is_found_among_others_under_either_hash()
    {
        SingleRecipe ours = new();
        SingleRecipe[] others =
        [
            ours with { Serial = 7, Status = 1 }, ours with { IssuerNameHash = new byte[20], Status = 2 }, ours with { CertIdHash = HashAlgorithmName.SHA512, Status = 1 },
            ours with { Serial = BigInteger.Pow(2, 400), Status = 1, NextUpdate = null }, ours with { IssuerNameHash = new byte[300], Status = 2, ThisUpdate = TestPki.Now.AddYears(5) },
        ];
        Assert.Equal(Good, Judge(Ec.Responder with { Singles = [.. others, ours, .. others] }));
        Assert.Equal(Good, Judge(Ec.Responder with { Singles = [.. others, ours with { CertIdHash = HashAlgorithmName.SHA256 }, .. others] }));
        Assert.Equal(new StatusOutcome(ChainStatus.Faulted, FaultReason.StatusOfOtherCertificate, 0, 5, false), Judge(Ec.Responder with { Singles = others }));
    }

    /// <summary>RFC 6960 does not say what two answers about one certificate mean. Revoked is the one that stays so.</summary>
    [Fact]
    public void Of_two_answers_the_first_counts_unless_another_says_revoked()
    {
        SingleRecipe ours = new(), revoked = new() { Status = 1, Reason = 1 };
        var outcome = new StatusOutcome(ChainStatus.Faulted, FaultReason.CertificateRevoked, Minute(TestPki.Now.AddDays(-2)), 1, false);
        Assert.Equal(outcome, Judge(Ec.Responder with { Singles = [ours, revoked] }));
        Assert.Equal(outcome, Judge(Ec.Responder with { Singles = [revoked, ours] }));
        Assert.Equal(outcome, Judge(Ec.Responder with { Singles = [ours, ours with { Serial = 7 }, revoked with { CertIdHash = HashAlgorithmName.SHA256 }, ours] }));
        Assert.Equal(outcome, Judge(Ec.Responder with { Singles = [ours with { NextUpdate = TestPki.Now }, revoked] }));
        Assert.Equal(Good, Judge(Ec.Responder with { Singles = [ours, ours with { Status = 2 }, ours with { NextUpdate = TestPki.Now }] }));
        Assert.Equal(Good, Judge(Ec.Responder with { Singles = [ours, revoked with { IssuerKeyHash = new byte[20] }, revoked with { Serial = 7 }, revoked with { CertIdHash = HashAlgorithmName.SHA512 }] }));
        Assert.Equal(FaultReason.StatusUnknown, Judge(Ec.Responder with { Singles = [ours with { Status = 2 }, ours] }).Reason);
    }

    [Fact]
    public void A_serial_number_of_twenty_octets_is_compared_whole()
    {
        byte[] serial = [0x7F, .. Enumerable.Range(1, 19).Select(static i => (byte)i)];
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa((ECDsa)Ec.Issuer.Key);
        var request = new CertificateRequest("CN=leaf", (ECDsa)TestPki.Key("P-256", 91), HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("broker.example.com");
        request.CertificateExtensions.Add(names.Build());
        X509Certificate2 leaf = request.Create(Ec.Issuer.Certificate.SubjectName, generator, TestPki.Now.AddDays(-1), TestPki.Now.AddDays(1), serial);
        var harness = new StatusHarness { Pki = Ec, Chain = [leaf.RawData, .. Ec.Chain.Skip(1)] };
        Assert.Equal(Good, harness.Run((Ec.Responder with { Leaf = leaf }).Encode()));
        serial[19]++;
        SingleRecipe next = new() { Serial = new BigInteger(serial, isUnsigned: false, isBigEndian: true) };
        Assert.Equal(FaultReason.StatusOfOtherCertificate, harness.Run((Ec.Responder with { Leaf = leaf, Singles = [next] }).Encode()).Reason);
    }

    /// <summary>Constraints of a responder that is a CA concern names below it, and there are none: what lay in the memory is not taken for some.</summary>
    [Fact]
    public void A_responder_s_own_constraints_find_no_names_below_it()
    {
        X509Extension constraints = TestPki.NameConstraints(critical: true, static writer => writer.WriteEncodedValue([0x30, 5, 0x88, 3, 0x2A, 3, 4]));
        TestCertificate responder = Ec.Appoint(new CertificateRecipe
        {
            Subject = "CN=Responder and CA", Key = TestPki.Key("P-256", 120), IsCa = true, DnsNames = [], Purposes = [StatusPki.OcspSigning], Extensions = [constraints],
        });
        Assert.Equal(Good, Judge(Ec.Delegated(responder)));
    }

    public static TheoryData<string, FaultReason, uint, uint> Refusals() => new()
    {
        { "revoked", FaultReason.CertificateRevoked, Minute(TestPki.Now.AddDays(-2)), 0 },
        { "revoked for a cause", FaultReason.CertificateRevoked, Minute(TestPki.Now.AddDays(-2)), 1 },
        { "revoked and old", FaultReason.CertificateRevoked, Minute(TestPki.Now.AddDays(-2)), 0 },
        { "unknown", FaultReason.StatusUnknown, 0, 0 },
        { "old", FaultReason.StatusExpired, Minute(TestPki.Now.AddMinutes(-5)), Minute(TestPki.Now) },
        { "old without an end", FaultReason.StatusExpired, Minute(TestPki.Now), Minute(TestPki.Now) },
        { "from the future", FaultReason.StatusNotYetValid, Minute(TestPki.Now.AddMinutes(1)), Minute(TestPki.Now) },
        { "made in the future", FaultReason.StatusNotYetValid, Minute(TestPki.Now.AddMinutes(1)), Minute(TestPki.Now) },
        { "other serial", FaultReason.StatusOfOtherCertificate, 0, 1 },
        { "other issuer's name", FaultReason.StatusOfOtherCertificate, 0, 1 },
        { "other issuer's key", FaultReason.StatusOfOtherCertificate, 0, 1 },
        { "short hash of a key", FaultReason.StatusOfOtherCertificate, 0, 1 },
        { "nobody", FaultReason.StatusOfOtherCertificate, 0, 0 },
        { "other hash", FaultReason.StatusOfOtherCertificate, 0, 1 },
        { "critical extension", FaultReason.StatusExtensionCritical, 0, 0 },
        { "critical single extension", FaultReason.StatusExtensionCritical, 0, 0 },
        { "changed", FaultReason.StatusSignatureInvalid, 0, 0 },
        { "other signer", FaultReason.StatusSignatureInvalid, 0, 0 },
        { "signer of another kind", FaultReason.StatusSignatureInvalid, 0, 0 },
        { "stranger without a certificate", FaultReason.StatusResponderInvalid, 0, 0 },
        { "stranger's key without a certificate", FaultReason.StatusResponderInvalid, 0, 0 },
        { "the root's own", FaultReason.StatusResponderInvalid, 0, 0 },
        { "another one's name over the issuer's certificate", FaultReason.StatusResponderInvalid, 0, 0 },
        { "another one's certificate", FaultReason.StatusResponderInvalid, 0, 0 },
        { "another key's certificate", FaultReason.StatusResponderInvalid, 0, 0 },
        { "no purpose", FaultReason.StatusResponderInvalid, 0, (uint)FaultReason.ExtendedKeyUsageForbids },
        { "other purpose", FaultReason.StatusResponderInvalid, 0, (uint)FaultReason.ExtendedKeyUsageForbids },
        { "any purpose", FaultReason.StatusResponderInvalid, 0, (uint)FaultReason.ExtendedKeyUsageForbids },
        { "no signing", FaultReason.StatusResponderInvalid, 0, (uint)FaultReason.KeyUsageForbids },
        { "appointed by the root", FaultReason.StatusResponderInvalid, 0, 0 },
        { "appointed by a forger", FaultReason.StatusResponderInvalid, 0, (uint)FaultReason.CertificateSignatureInvalid },
        { "expired responder", FaultReason.StatusResponderInvalid, 0, (uint)FaultReason.CertificateExpired },
        { "critical extension of the responder", FaultReason.StatusResponderInvalid, 0, (uint)FaultReason.UnknownCriticalExtension },
        { "other kind of response", FaultReason.StatusMalformed, 6, 6 },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Each_way_to_be_wrong_has_its_fault(string what, FaultReason reason, uint expected, uint actual)
    {
        byte[] response = Wrong(what).Encode();
        var outcome = new StatusOutcome(ChainStatus.Faulted, reason, expected, actual, false);
        Assert.Equal(outcome, new StatusHarness { Pki = Ec }.Run(response));
        Assert.Equal(outcome, new StatusHarness { Pki = Ec, BehindChain = true }.Run(response));
    }

    /// <summary>What a forger says does not count, so that nobody can be told of a revocation that never was.</summary>
    [Fact]
    public void A_claim_counts_only_when_its_signature_verifies()
    {
        TestCertificate forger = TestPki.Make(new CertificateRecipe { Subject = Ec.Issuer.Certificate.Subject, Key = TestPki.Key("P-256", 130), IsCa = true, DnsNames = [] });
        foreach (int status in (int[])[0, 1, 2])
        {
            Assert.Equal(FaultReason.StatusSignatureInvalid, Judge(Ec.Responder with { Signer = forger, Singles = [new() { Status = status }] }).Reason);
        }
    }

    [Fact]
    public void Nonces_and_what_is_not_critical_change_nothing()
    {
        X509Extension nonce = new("1.3.6.1.5.5.7.48.1.2", [4, 2, 1, 2], true), other = new("1.3.6.1.4.1.55555.7", new byte[300], false), cutoff = new("1.3.6.1.5.5.7.48.1.6", [5, 0], false);
        Assert.Equal(Good, Judge(Ec.Responder with { Extensions = [nonce, other], Singles = [new() { Extensions = [other, cutoff] }, new() { Serial = 5, Extensions = [cutoff] }] }));
    }

    [Theory]
    [InlineData(0, FaultReason.None)]
    [InlineData(-1, FaultReason.StatusNotYetValid)]
    [InlineData(3600 + 299, FaultReason.None)]
    [InlineData(3600 + 300, FaultReason.StatusExpired)]
    public void A_response_counts_from_thisUpdate_on_and_until_five_minutes_behind_nextUpdate(int secondsAfterThisUpdate, FaultReason reason)
    {
        SingleRecipe hour = new() { ThisUpdate = TestPki.Now, NextUpdate = TestPki.Now.AddHours(1) };
        byte[] response = (Ec.Responder with { Singles = [hour], ProducedAt = TestPki.Now.AddDays(-1) }).Encode();
        Assert.Equal(reason, new StatusHarness { Pki = Ec, Now = TestPki.Now.ToUnixTimeSeconds() + secondsAfterThisUpdate }.Run(response).Reason);
    }

    [Theory]
    [InlineData(0, FaultReason.None)]
    [InlineData((7 * 86400) - 1, FaultReason.None)]
    [InlineData(7 * 86400, FaultReason.StatusExpired)]
    public void Without_nextUpdate_it_counts_for_seven_days(int seconds, FaultReason reason)
    {
        byte[] response = (Ec.Responder with { Singles = [new() { ThisUpdate = TestPki.Now, NextUpdate = null }], ProducedAt = TestPki.Now }).Encode();
        Assert.Equal(reason, new StatusHarness { Pki = Ec, Now = TestPki.Now.ToUnixTimeSeconds() + seconds }.Run(response).Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    public void A_responder_that_had_none_is_like_no_staple(int responseStatus)
    {
        byte[] none = TestResponder.None(responseStatus);
        Assert.Equal(new StatusOutcome(ChainStatus.Complete, FaultReason.None, 0, 0, false), new StatusHarness { Pki = Ec }.Run(none));
        StatusPki demanding = StatusPki.Of("P-256", mustStaple: true);
        Assert.Equal(new StatusOutcome(ChainStatus.Faulted, FaultReason.StatusMissing, 5, (uint)responseStatus, false), new StatusHarness { Pki = demanding }.Run(none));
    }

    [Theory]
    [InlineData("300A0A0104")] // 4 is not used
    [InlineData("30030A0104")]
    [InlineData("30030A0107")] // nor defined above 6
    [InlineData("30040A020003")]
    [InlineData("30020A00")]
    [InlineData("30030A0100")] // successful, without a response
    [InlineData("30050A01030500")]
    [InlineData("30030A01030500")]
    [InlineData("3003020103")]
    [InlineData("3000")]
    [InlineData("04030A0103")]
    [InlineData("00")]
    public void What_is_no_response_is_malformed(string response) =>
        Assert.Equal(FaultReason.StatusMalformed, new StatusHarness { Pki = Ec }.Run(Convert.FromHexString(response)).Reason);

    [Fact]
    public void A_certificate_that_demands_a_staple_gets_one()
    {
        StatusPki demanding = StatusPki.Of("P-256", mustStaple: true);
        Assert.Equal(Good, Judge(demanding.Responder, demanding));
        Assert.Equal(new StatusOutcome(ChainStatus.Faulted, FaultReason.StatusMissing, 5, 0, false), new StatusHarness { Pki = demanding }.Run(null));
        Assert.Equal(new StatusOutcome(ChainStatus.Complete, FaultReason.None, 0, 0, false), new StatusHarness { Pki = Ec }.Run(null));
    }

    [Fact]
    public void Only_the_leaf_s_demand_for_status_request_counts()
    {
        X509Extension other = StatusPki.MustStaple(features: [17]), both = StatusPki.MustStaple(critical: true, 17, 5);
        TestCertificate ca = TestPki.Make(new CertificateRecipe { Subject = "CN=Demanding CA", Key = TestPki.Key("P-256", 131), IsCa = true, DnsNames = [], Extensions = [StatusPki.MustStaple()] }, Ec.Root);
        StatusOutcome Run(params X509Extension[] extensions) => new StatusHarness
        {
            Pki = Ec, Chain = [TestPki.Make(new CertificateRecipe { Extensions = extensions }, ca).Der, ca.Der],
        }.Run(null);
        Assert.Equal(FaultReason.None, Run().Reason);
        Assert.Equal(FaultReason.None, Run(other).Reason);
        Assert.Equal(FaultReason.StatusMissing, Run(both).Reason);
        Assert.Equal((FaultReason.ExtensionMalformed, 0x98u), (Run(new X509Extension("1.3.6.1.5.5.7.1.24", [2, 1, 5], false)) is var bad ? bad.Reason : default, bad.Actual));
    }

    [Fact]
    public void A_demand_that_comes_twice_is_a_duplicate()
    {
        byte[] leaf = TestPki.Make(new CertificateRecipe { Extensions = [StatusPki.MustStaple(), new X509Extension("1.3.6.1.5.5.7.1.23", [0x30, 0], false)] }, Ec.Issuer).Der;
        leaf[leaf.AsSpan().IndexOf((byte[])[0x2B, 6, 1, 5, 5, 7, 1, 0x17]) + 7] = 0x18;
        Assert.Equal(FaultReason.DuplicateExtension, new StatusHarness { Pki = Ec, Chain = [leaf, .. Ec.Chain.Skip(1)] }.Run(null).Reason);
    }

    /// <summary>RFC 7633 §4.2.3: who does not ask cannot be told anything by an absence.</summary>
    [Fact]
    public void Where_no_status_is_asked_for_the_demand_is_read_and_not_enforced()
    {
        StatusPki demanding = StatusPki.Of("P-256", mustStaple: true);
        Assert.Equal(ChainStatus.Complete, new ChainHarness { Image = demanding.Image }.Run(demanding.Chain).Status);
    }

    [Fact]
    public void A_leaf_that_is_the_anchor_itself_has_no_issuer_to_verify_a_status_with()
    {
        TestCertificate pinned = TestPki.Make(new CertificateRecipe());
        var harness = new StatusHarness { Pki = Ec, Chain = [pinned.Der], Image = TestPki.Image(pinned) };
        Assert.Equal(FaultReason.None, harness.Run(null).Reason);
        Assert.Equal(FaultReason.StatusIssuerUnknown, harness.Run((Ec.Responder with { Leaf = pinned.Certificate, Issuer = pinned }).Encode()).Reason);
    }

    [Fact]
    public void A_profile_s_limits_are_the_responder_s_too()
    {
        StatusPki rsa = StatusPki.Of("RSA-2048");
        StatusOutcome outcome = new StatusHarness { Pki = rsa, MaxHashBits = 256 }.Run((rsa.Responder with { Hash = HashAlgorithmName.SHA384 }).Encode());
        Assert.Equal(new StatusOutcome(ChainStatus.Faulted, FaultReason.StatusAlgorithmUnsupported, 256, 384, false), outcome);
        TestCertificate longer = rsa.Appoint(new CertificateRecipe { Subject = "CN=Long", Key = TestPki.Key("RSA-3072", 0), DnsNames = [], Purposes = [StatusPki.OcspSigning] });
        Assert.Equal(FaultReason.StatusAlgorithmUnsupported, new StatusHarness { Pki = rsa, MaxRsaBits = 2048 }.Run(rsa.Delegated(longer).Encode()).Reason);
        TestCertificate weak = Ec.Appoint(new CertificateRecipe { Subject = "CN=Weak", Key = TestPki.Key("RSA-1024", 0), DnsNames = [], Purposes = [StatusPki.OcspSigning] });
        Assert.Equal((uint)FaultReason.KeyTooWeak, Judge(Ec.Delegated(weak)).Actual);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Any_split_and_any_grant_of_work_give_the_same(bool behindChain)
    {
        byte[] good = (Ec.Delegated() with { ByKey = true }).Encode(), revoked = Wrong("revoked for a cause").Encode();
        StatusOutcome refused = new(ChainStatus.Faulted, FaultReason.CertificateRevoked, Minute(TestPki.Now.AddDays(-2)), 1, false);
        Assert.Equal(Good, new StatusHarness { Pki = Ec, BehindChain = behindChain }.Run(good, static _ => 1));
        Assert.Equal(refused, new StatusHarness { Pki = Ec, BehindChain = behindChain }.Run(revoked, static _ => 1));
        Assert.Equal(Good, new StatusHarness { Pki = Ec, BehindChain = behindChain, Work = 1 }.Run(good, static _ => 7));
        int start = behindChain ? Ec.Chain.Sum(static der => der.Length) : Ec.Chain[0].Length;
        for (int at = 1; at < good.Length; at++)
        {
            int cut = start + at;
            Assert.Equal(Good, new StatusHarness { Pki = Ec, BehindChain = behindChain }.Run(good, position => position < cut ? cut - position : int.MaxValue));
        }

        var random = new Random(7);
        for (int i = 0; i < 50; i++)
        {
            Assert.Equal(refused, new StatusHarness { Pki = Ec, BehindChain = behindChain }.Run(revoked, _ => random.Next(1, 60)));
        }
    }

    /// <summary>Nothing of a response can change and still be believed.</summary>
    [Theory]
    [InlineData("direct", 0x01)]
    [InlineData("direct", 0x80)]
    [InlineData("by key", 0x20)]
    [InlineData("delegated", 0x01)]
    [InlineData("delegated", 0x40)]
    public void A_flip_of_any_bit_is_a_fault_of_its_status(string what, byte mask)
    {
        byte[] response = (what switch
        {
            "direct" => Ec.Responder,
            "by key" => Ec.Responder with { ByKey = true, Extensions = [new X509Extension("1.3.6.1.5.5.7.48.1.2", [4, 2, 1, 2], false)] },
            _ => Ec.Delegated(),
        }).Encode();
        for (int at = 0; at < response.Length; at++)
        {
            byte[] changed = [.. response];
            changed[at] ^= mask;
            StatusOutcome outcome = new StatusHarness { Pki = Ec }.Run(changed);
            Assert.True(outcome is { Status: ChainStatus.Faulted, IsGood: false, Reason: >= FaultReason.StatusMalformed and <= FaultReason.StatusAlgorithmUnsupported }, $"{at}: {outcome}");
        }
    }

    [Fact]
    public void A_response_cut_short_or_followed_by_something_is_malformed()
    {
        byte[] response = Ec.Delegated().Encode();
        Assert.All(Enumerable.Range(1, response.Length - 1), length => Assert.Equal(FaultReason.StatusMalformed, new StatusHarness { Pki = Ec }.Run(response[..length]).Reason));
        Assert.Equal(FaultReason.StatusMalformed, new StatusHarness { Pki = Ec }.Run([.. response, 0]).Reason);
    }

    [Fact]
    public void Rubbish_ends_in_a_fault()
    {
        var random = new Random(11);
        byte[] good = Ec.Delegated().Encode();
        for (int i = 0; i < 2000; i++)
        {
            byte[] response = [.. good];
            for (int changes = random.Next(1, 6); changes > 0; changes--)
            {
                response[random.Next(response.Length)] = (byte)random.Next(256);
            }

            StatusOutcome outcome = new StatusHarness { Pki = Ec }.Run(response);
            Assert.True(response.AsSpan().SequenceEqual(good) || outcome is { Status: ChainStatus.Faulted, IsGood: false }, outcome.ToString());
        }
    }

    /// <summary>The region is what RSA keys of the longest kind, and all three hashes, fill.</summary>
    [Theory]
    [InlineData("RSA-2048", 2048, 0, 256)]
    [InlineData("P-256", 0, 256, 256)]
    [InlineData("P-384", 0, 384, 512)]
    public void Nine_tenths_of_the_region_are_used(string kind, int maxRsa, int maxEcdsa, int maxHash)
    {
        StatusPki pki = StatusPki.Of(kind);
        HashAlgorithmName hash = maxHash == 512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;
        var harness = new StatusHarness { Pki = pki, MaxRsaBits = maxRsa, MaxEcdsaBits = maxEcdsa, MaxHashBits = maxHash };
        Assert.Equal(Good, harness.Run((pki.Delegated() with { Hash = hash, Singles = [new() { CertIdHash = HashAlgorithmName.SHA256 }] }).Encode()));
        Assert.InRange(harness.StatusBytesUsed, harness.StatusBytes * 9 / 10, harness.StatusBytes);
    }

    private static StatusOutcome Good => new(ChainStatus.Complete, FaultReason.None, 0, 0, true);

    private static uint Minute(DateTimeOffset time) => (uint)(time.ToUnixTimeSeconds() / 60);

    private static StatusOutcome Judge(TestResponder responder, StatusPki? pki = null) => new StatusHarness { Pki = pki ?? Ec }.Run(responder.Encode());

    private static TestResponder Wrong(string what)
    {
        SingleRecipe single = new();
        X509Extension critical = new("1.3.6.1.4.1.55555.9", [5, 0], true);
        TestCertificate stranger = TestPki.Make(new CertificateRecipe { Subject = "CN=Stranger", Key = TestPki.Key("P-256", 132), IsCa = true, DnsNames = [] });
        TestCertificate forger = TestPki.Make(new CertificateRecipe { Subject = Ec.Issuer.Certificate.Subject, Key = TestPki.Key("P-256", 130), IsCa = true, DnsNames = [] });
        TestResponder With(SingleRecipe changed) => Ec.Responder with { Singles = [changed] };
        return what switch
        {
            "revoked" => With(single with { Status = 1 }),
            "revoked for a cause" => With(single with { Status = 1, Reason = 1 }),
            "revoked and old" => With(single with { Status = 1, NextUpdate = TestPki.Now.AddHours(-1) }),
            "unknown" => With(single with { Status = 2 }),
            "old" => With(single with { NextUpdate = TestPki.Now.AddMinutes(-5) }),
            "old without an end" => With(single with { ThisUpdate = TestPki.Now.AddDays(-7), NextUpdate = null }),
            "from the future" => With(single with { ThisUpdate = TestPki.Now.AddMinutes(1) }),
            "made in the future" => Ec.Responder with { ProducedAt = TestPki.Now.AddMinutes(1) },
            "other serial" => With(single with { Serial = 77 }),
            "other issuer's name" => With(single with { IssuerNameHash = CryptographicOperations.HashData(HashAlgorithmName.SHA1, Ec.Root.Certificate.SubjectName.RawData) }),
            "other issuer's key" => With(single with { IssuerKeyHash = CryptographicOperations.HashData(HashAlgorithmName.SHA1, Ec.Root.Certificate.PublicKey.EncodedKeyValue.RawData) }),
            "short hash of a key" => With(single with { IssuerKeyHash = CryptographicOperations.HashData(HashAlgorithmName.SHA1, Ec.Issuer.Certificate.PublicKey.EncodedKeyValue.RawData)[..19] }),
            "nobody" => Ec.Responder with { Singles = [] },
            "other hash" => With(single with { CertIdHash = HashAlgorithmName.SHA512 }),
            "critical extension" => Ec.Responder with { Extensions = [critical] },
            "critical single extension" => With(single with { Extensions = [critical] }),
            "changed" => Ec.Responder with { Signer = forger, Singles = [single with { Status = 1 }] },
            "other signer" => Ec.Responder with { Signer = stranger, Named = Ec.Issuer },
            "signer of another kind" => Ec.Responder with { Signer = StatusPki.Of("RSA-2048").Issuer, Named = Ec.Issuer },
            "stranger without a certificate" => Ec.Responder with { Signer = stranger },
            "stranger's key without a certificate" => Ec.Responder with { Signer = stranger, ByKey = true },
            "the root's own" => Ec.Responder with { Signer = Ec.Root, Certificates = [Ec.Root.Der] },
            "another one's name over the issuer's certificate" => Ec.Responder with { Named = stranger, Certificates = [Ec.Issuer.Der] },
            "another one's certificate" => Ec.Delegated() with { Certificates = [stranger.Der] },
            "another key's certificate" => Ec.Delegated() with { ByKey = true, Named = stranger },
            "no purpose" => Ec.Delegated(Ec.Appoint(Ec.Appointment(purpose: null))),
            "other purpose" => Ec.Delegated(Ec.Appoint(Ec.Appointment("1.3.6.1.5.5.7.3.1"))),
            "any purpose" => Ec.Delegated(Ec.Appoint(Ec.Appointment("2.5.29.37.0"))),
            "no signing" => Ec.Delegated(Ec.Appoint(Ec.Appointment(usage: X509KeyUsageFlags.KeyEncipherment))),
            "appointed by the root" => Ec.Delegated(Ec.Appoint(by: Ec.Root)),
            "appointed by a forger" => Ec.Delegated(Ec.Appoint(by: forger)),
            "expired responder" => Ec.Delegated(Ec.Appoint(new CertificateRecipe
            {
                Subject = "CN=Old Responder", Key = TestPki.Key("P-256", 120), DnsNames = [], Purposes = [StatusPki.OcspSigning], NotAfter = TestPki.Now.AddDays(-2),
            })),
            "critical extension of the responder" => Ec.Delegated(Ec.Appoint(new CertificateRecipe
            {
                Subject = "CN=Odd Responder", Key = TestPki.Key("P-256", 120), DnsNames = [], Purposes = [StatusPki.OcspSigning], Extensions = [critical],
            })),
            _ => Ec.Responder with { ResponseType = "1.3.6.1.5.5.7.48.1.9" },
        };
    }
}
