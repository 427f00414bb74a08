using System.Linq;
using System.Security.Cryptography;
using Thimble.Memory;
using Thimble.X509;
using Xunit;

namespace Thimble.Tests.X509;

/// <summary>Stapled status beside Ed25519 and P-521: of a response nothing is kept but its hashes, so Ed25519 vouches for none.</summary>
public sealed class StatusOfEd25519Tests
{
    private static readonly StatusPki Edwards = StatusPki.Of("Ed25519");
    private static readonly StatusPki Ec = StatusPki.Of("P-256");

    [Theory]
    [InlineData(false, 4096, 384)]
    [InlineData(true, 4096, 384)]
    [InlineData(false, 0, 0)]
    public void What_Ed25519_signs_is_refused_by_its_name(bool behindChain, int maxRsa, int maxEcdsa)
    {
        var harness = new StatusHarness { Pki = Edwards, BehindChain = behindChain, MaxRsaBits = maxRsa, MaxEcdsaBits = maxEcdsa, MaxHashBits = maxRsa == 0 ? 256 : 512, MaxEd25519TbsBytes = 1024 };
        Assert.Equal(Refused(FaultReason.StatusAlgorithmUnsupported), harness.Run(Edwards.Responder.Encode()));
        Assert.Equal(Refused(FaultReason.StatusAlgorithmUnsupported), harness.Run((Edwards.Responder with { ByKey = true }).Encode(), _ => 1));
        Assert.Equal((ChainStatus.Complete, false), (harness.Run(null).Status, harness.Run(null).IsGood));
        Assert.Equal(ChainStatus.Complete, harness.Run(TestResponder.None(3)).Status);
    }

    /// <summary>The responder has a key that may sign, but its appointment bears Ed25519's signature.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_responder_that_Ed25519_appointed_is_refused(bool behindChain)
    {
        TestCertificate responder = Edwards.Appoint(Appointment("P-256"));
        var harness = new StatusHarness { Pki = Edwards, BehindChain = behindChain, MaxEd25519TbsBytes = 1024 };
        Assert.Equal(
            Refused(FaultReason.StatusResponderInvalid, (uint)FaultReason.SignatureAlgorithmUnsupported), harness.Run(Edwards.Delegated(responder).Encode(), _ => 3));
    }

    /// <summary>Another one's signature under the name or the key hash of an issuer that cannot have made it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_signature_of_another_kind_is_not_the_issuer_s(bool byKey)
    {
        TestResponder forged = Edwards.Responder with { Signer = Ec.Issuer, Named = Edwards.Issuer, ByKey = byKey };
        Assert.Equal(Refused(FaultReason.StatusSignatureInvalid), new StatusHarness { Pki = Edwards, MaxEd25519TbsBytes = 1024 }.Run(forged.Encode()));
    }

    [Theory]
    [InlineData(0, FaultReason.StatusResponderInvalid, (uint)FaultReason.Ed25519NotInProfile)]
    [InlineData(1024, FaultReason.StatusSignatureInvalid, 0)]
    public void A_responder_with_such_a_key_signed_nothing_that_is_read(int maxTbsBytes, FaultReason reason, uint actual)
    {
        TestCertificate responder = Ec.Appoint(Appointment("Ed25519"));
        TestResponder claims = Ec.Delegated(responder) with { Signer = Ec.Issuer, Named = responder };
        Assert.Equal(Refused(reason, actual), new StatusHarness { Pki = Ec, MaxEd25519TbsBytes = maxTbsBytes }.Run(claims.Encode()));
        Assert.Equal(Refused(reason, actual), new StatusHarness { Pki = Ec, MaxEd25519TbsBytes = maxTbsBytes }.Run((claims with { ByKey = true }).Encode()));
    }

    /// <summary>The chain takes Ed25519 above the issuer, which itself signs with another key: that changes nothing for the status.</summary>
    [Theory]
    [InlineData("P-256", false)]
    [InlineData("P-521", false)]
    [InlineData("P-521", true)]
    [InlineData("RSA-2048", true)]
    public void An_issuer_below_Ed25519_answers_as_ever(string kind, bool delegated)
    {
        TestCertificate root = TestPki.Root("Ed25519", "CN=Edwards Root");
        TestCertificate issuer = TestPki.Make(new CertificateRecipe { Subject = "CN=Issuer below", Key = TestPki.Key(kind, 140), IsCa = true, DnsNames = [] }, root);
        TestCertificate leaf = TestPki.Make(new CertificateRecipe { Key = TestPki.Key("Ed25519", 141) }, issuer);
        TestCertificate responder = TestPki.Make(Appointment("P-256"), issuer);
        TestResponder answer = new() { Leaf = leaf.Certificate, Issuer = issuer };
        answer = delegated ? answer with { Signer = responder, Certificates = [responder.Der], ByKey = true } : answer;
        foreach (bool behindChain in new[] { false, true })
        {
            var harness = new StatusHarness
            {
                Pki = Ec, Chain = [leaf.Der, issuer.Der], Image = TestPki.Image(root), BehindChain = behindChain,
                MaxRsaBits = kind == "RSA-2048" ? 2048 : 0, MaxEcdsaBits = 521, MaxEd25519TbsBytes = TestPki.TbsBytes(issuer.Der),
            };
            Assert.Equal(new StatusOutcome(ChainStatus.Complete, FaultReason.None, 0, 0, true), harness.Run(answer.Encode(), _ => 5));
            Assert.Equal(FaultReason.CertificateRevoked, harness.Run((answer with { Singles = [new() { Status = 1, CertIdHash = HashAlgorithmName.SHA256 }] }).Encode()).Reason);
        }
    }

    private static CertificateRecipe Appointment(string kind) => new()
    {
        Subject = "CN=Status Responder", Key = TestPki.Key(kind, 121), DnsNames = ["responder.example.com"], Purposes = [StatusPki.OcspSigning],
    };

    private static StatusOutcome Refused(FaultReason reason, uint actual = 0) => new(ChainStatus.Faulted, reason, 0, actual, false);
}
