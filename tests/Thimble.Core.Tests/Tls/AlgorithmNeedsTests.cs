using System;
using System.Linq;
using Thimble.Core.Tests.Memory;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Core.Tests.Tls;

/// <summary>What a build lacks of what a profile asks for.</summary>
public sealed class AlgorithmNeedsTests
{
    private const Algorithms All = (Algorithms)0xFFFF;
    private const Algorithms ForScenarioR = Algorithms.AesGcm | Algorithms.P256 | Algorithms.RsaVerify | Algorithms.Tls12;

    [Fact]
    public void The_default_build_lacks_nothing()
    {
        Assert.Equal(All, AlgorithmNeeds.InThisBuild);
        Assert.All(Enumerable.Range(0, 200), static seed => Assert.Equal(Algorithms.None, AlgorithmNeeds.Missing(Profiles.AtRandom(seed), AlgorithmNeeds.InThisBuild)));
    }

    [Fact]
    public void Scenario_R_needs_three_and_one_version() => Assert.Equal(ForScenarioR, AlgorithmNeeds.Missing(Profiles.ScenarioR, Algorithms.None));

    [Fact]
    public void Everything_needs_all() => Assert.All(
        Enum.GetValues<Algorithms>().Where(static algorithm => algorithm != Algorithms.None),
        static algorithm => Assert.Equal(
            algorithm,
            AlgorithmNeeds.Missing(
                Profiles.Everything with { Versions = TlsVersions.Tls12 | TlsVersions.Tls13, ClientEd25519 = true, ExportsKeys = true, MaxTicketBytes = 1, StapledStatus = true }, All & ~algorithm)));

    [Fact]
    public void Each_member_that_goes_beyond_scenario_R_names_what_it_needs()
    {
        Profile r = Profiles.ScenarioR;
        Assert.Equal(Algorithms.ChaCha20Poly1305, Missing(r with { Suites = r.Suites | CipherSuites.EcdheRsaChaCha20Poly1305Sha256 }));
        Assert.Equal(Algorithms.Sha512, Missing(r with { Suites = r.Suites | CipherSuites.EcdheRsaAes256GcmSha384 }));
        Assert.Equal(Algorithms.AesCcm, Missing(r with { Suites = r.Suites | CipherSuites.EcdheEcdsaAes128Ccm8, MaxEcdsaBits = 256 }));
        Assert.Equal(Algorithms.None, Missing(r with { Suites = r.Suites | CipherSuites.EcdheEcdsaAes128Ccm8 }));
        Assert.Equal(Algorithms.Sha512, Missing(r with { MaxSignatureHashBits = 384 }));
        Assert.Equal(Algorithms.Sha512, Missing(r with { SecondTranscript = true }));
        Assert.Equal(Algorithms.P384, Missing(r with { Groups = r.Groups | Groups.Secp384r1 }));
        Assert.Equal(Algorithms.P384, Missing(r with { MaxEcdsaBits = 384 }));
        Assert.Equal(Algorithms.P384, Missing(r with { ClientEcdsaBits = 384 }));
        Assert.Equal(Algorithms.P384 | Algorithms.P521, Missing(r with { MaxEcdsaBits = 521 }));
        Assert.Equal(Algorithms.Ed25519 | Algorithms.Sha512, Missing(r with { Ed25519 = true }));
        Assert.Equal(Algorithms.Ed25519 | Algorithms.Sha512, Missing(r with { MaxEd25519TbsBytes = 1 }));
        Assert.Equal(Algorithms.X25519, Missing(r with { Groups = r.Groups | Groups.X25519 }));
        Assert.Equal(Algorithms.RsaSign, Missing(r with { ClientRsaBits = 2048 }));
        Assert.Equal(Algorithms.None, Missing(r with { ClientRsaBits = 2048, ClientKeyElsewhere = true }));
        Assert.Equal(Algorithms.RsaVerify, AlgorithmNeeds.Missing(Profiles.ScenarioE with { ClientRsaBits = 2048, ClientKeyElsewhere = true }, ForScenarioR & ~Algorithms.RsaVerify));
        Assert.Equal(Algorithms.Ed25519 | Algorithms.Sha512, Missing(r with { ClientEd25519 = true }));
        Assert.Equal(Algorithms.StapledStatus, Missing(r with { StapledStatus = true }));
        Assert.Equal(Algorithms.Tls13, Missing(r with { Versions = TlsVersions.Tls12 | TlsVersions.Tls13, Suites = r.Suites | CipherSuites.Aes128GcmSha256 }));
        Assert.Equal(Algorithms.PreSharedKeys, Missing(r with { MaxTicketBytes = 1 }));
        Assert.Equal(Algorithms.PreSharedKeys, Missing(r with { PskModes = PskModes.Psk }));
        Assert.Equal(Algorithms.Exporters, Missing(r with { ExportsKeys = true }));
        Assert.Equal(Algorithms.None, Missing(r with { MaxEcdsaBits = 256 }));
    }

    private static Algorithms Missing(Profile profile) => AlgorithmNeeds.Missing(profile, ForScenarioR);
}
