using System;
using Thimble.Core.Tests.Memory;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Core.Tests.Tls;

/// <summary>Exporting and parking take their scratch from regions that serve records: these are large enough in every plan.</summary>
public sealed class ParkingMemoryTests
{
    [Fact]
    public void Every_plan_has_the_scratch_on_both_machines()
    {
        for (int seed = 0; seed < 1000; seed++)
        {
            Profile profile = Profiles.AtRandom(seed);
            foreach (int wordBits in new[] { 32, 64 })
            {
                RegionSet regions = default;
                TlsRegions.Add(ref regions, profile, wordBits / 8);
                Assert.True(regions[RegionId.OutWindow].Bytes >= Parking.ScratchBytes, $"Profile {seed}: {regions[RegionId.OutWindow].Bytes} bytes.");
                bool exports12 = profile.ExportsKeys && profile.Offers(TlsVersions.Tls12);
                Assert.True(!exports12 || regions[RegionId.AeadScratch].Bytes >= Exporter.ScratchBytes12(HashAlgorithm.Sha256));
                Assert.Equal(profile.ExportsKeys, regions[RegionId.ExporterSecret].Bytes != 0);
            }
        }
    }

    /// <summary>The cipher that seals a parked connection is the suite's with its longest tag, and takes no more scratch.</summary>
    [Fact]
    public void A_short_tag_needs_as_much_scratch_as_a_long_one()
    {
        foreach (int wordBytes in new[] { 4, 8 })
        {
            Assert.Equal(Aead.ScratchBytes(AeadAlgorithm.Aes128Ccm8, wordBytes), Aead.ScratchBytes(AeadAlgorithm.Aes128Ccm, wordBytes));
            Assert.Equal(Aead.ScratchBytes(AeadAlgorithm.Aes256Ccm8, wordBytes), Aead.ScratchBytes(AeadAlgorithm.Aes256Ccm, wordBytes));
        }
    }

    [Theory]
    [InlineData(TlsVersions.Tls12)]
    [InlineData(TlsVersions.Tls13)]
    public void Exported_keys_cost_nothing_where_none_are_asked_for(TlsVersions versions)
    {
        Profile profile = Profiles.ScenarioR with { Versions = versions, Suites = CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.Aes128GcmSha256 };
        MemoryPlan without = MemoryPlan.For(profile, 32);
        MemoryPlan with = MemoryPlan.For(profile with { ExportsKeys = true }, 32);
        Assert.Equal(0, without[RegionId.ExporterSecret].Bytes);
        Assert.Equal(versions == TlsVersions.Tls12 ? 112 : 32, with[RegionId.ExporterSecret].Bytes);
        Assert.Equal(without.ParkedBytes + with[RegionId.ExporterSecret].Bytes, with.ParkedBytes);
    }
}
