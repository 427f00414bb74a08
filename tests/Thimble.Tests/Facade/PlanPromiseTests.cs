using System.Linq;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Facade;

/// <summary>The numbers that the documents promise.</summary>
public sealed class PlanPromiseTests
{
    public static TheoryData<string, int, int> Cases()
    {
        var cases = new TheoryData<string, int, int>();
        foreach (string name in Profiles.All.Select(profile => profile.Name))
        {
            cases.Add(name, 0, 0);
            cases.Add(name, 2048, 0);
            cases.Add(name, 0, 256);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_named_profile_is_packed_with_little_waste_whatever_the_client_s_key(string name, int rsaBits, int ecdsaBits)
    {
        Profile profile = Profiles.Find(name)!.Profile with { ClientRsaBits = rsaBits, ClientEcdsaBits = ecdsaBits };
        foreach (int wordBits in (int[])[32, 64])
        {
            MemoryPlan of12 = MemoryPlan.For(profile with { Versions = TlsVersions.Tls12 }, wordBits);
            MemoryPlan of13 = MemoryPlan.For(profile with { Versions = TlsVersions.Tls13 }, wordBits);
            MemoryPlan both = MemoryPlan.For(profile, wordBits);
            Assert.Equal(of12.LiveBytes(of12.PeakPhase), of12.TotalBytes);
            Assert.InRange(of13.TotalBytes, of13.LiveBytes(of13.PeakPhase), of13.LiveBytes(of13.PeakPhase) + 24);
            Assert.InRange(both.TotalBytes, both.LiveBytes(both.PeakPhase), both.LiveBytes(both.PeakPhase) + 96);
            Assert.InRange(both.BytesAt(Placement.Connection), 1, 504);
        }
    }

    /// <summary>The windows for the records of the handshake included. Both versions cost the maximum, and not the sum.</summary>
    [Theory]
    [InlineData("rsa2048", 0, 256)]
    [InlineData("ecdsa", 0, 256)]
    public void Scenario_R_fits_into_4096_bytes_with_TLS_1_3_and_with_both(string name, int rsaBits, int ecdsaBits)
    {
        Profile profile = Profiles.Find(name)!.Profile with { ClientRsaBits = rsaBits, ClientEcdsaBits = ecdsaBits };
        MemoryPlan only = MemoryPlan.For(profile.Offering(TlsVersions.Tls13), 32);
        MemoryPlan both = MemoryPlan.For(profile.Offering(TlsVersions.Tls12 | TlsVersions.Tls13), 32);
        Assert.InRange(only.TotalBytes, 1, 4096);
        Assert.InRange(both.TotalBytes, only.TotalBytes, only.TotalBytes + 96);
        Assert.InRange(only.TotalBytes, only.LiveBytes(only.PeakPhase), only.LiveBytes(only.PeakPhase) + 24);

        // The randoms, which TLS 1.2 keeps until Finished, find a place beside what TLS 1.3 needs at its peak, all but a few words of them.
        Assert.InRange(both.TotalBytes, both.LiveBytes(both.PeakPhase), both.LiveBytes(both.PeakPhase) + 96);
        Assert.InRange(both.BytesAt(Placement.Connection), 1, 512);
    }

    /// <summary>An idle connection of scenario R, the secrets for KeyUpdate and the MQTT session included.</summary>
    [Fact]
    public void An_idle_connection_with_TLS_1_3_keeps_its_promise()
    {
        Profile profile = Profiles.Rsa2048.Profile with { Versions = TlsVersions.Tls13, Suites = CipherSuites.Aes128GcmSha256 };
        Assert.Equal(432, MemoryPlan.For(profile, 32).BytesAt(Placement.Connection));
    }

    /// <summary>Scenario R with AES-128-GCM, and a session of MQTT in it: what goes to a store. In TLS 1.3 the keys follow from the secrets.</summary>
    [Theory]
    [InlineData(TlsVersions.Tls12, 0, 192)]
    [InlineData(TlsVersions.Tls12, 64, 344)]
    [InlineData(TlsVersions.Tls13, 0, 216)]
    [InlineData(TlsVersions.Tls13, 64, 368)]
    public void A_parked_connection_takes(TlsVersions version, int topicBytes, int bytes)
    {
        Profile profile = Profiles.Rsa2048.Profile with
        {
            Versions = version, MaxMqttTopicBytes = topicBytes, Suites = CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.Aes128GcmSha256,
        };
        Assert.Equal(bytes, MemoryPlan.For(profile, 32).ParkedBytes);
        Assert.Equal(bytes, MemoryMap.Of(profile).ParkedBytes);
    }

    [Theory]
    [InlineData("rsa2048", 0, 256, 32, 2_544, 3_304, 3_352)]
    [InlineData("rsa2048", 2048, 0, 32, 3_248, 3_912, 3_968)]
    [InlineData("rsa2048", 0, 256, 64, 2_480, 3_432, 3_480)]
    [InlineData("rsa2048", 2048, 0, 64, 3_248, 4_040, 4_096)]
    [InlineData("rsa4096-p384", 0, 256, 32, 3_840, 4_888, 4_888)]
    [InlineData("ecdsa", 0, 256, 32, 2_544, 2_728, 2_816)]
    public void A_plan_does_not_grow_unnoticed(string name, int rsaBits, int ecdsaBits, int wordBits, int of12, int of13, int both)
    {
        Profile profile = Profiles.Find(name)!.Profile with { ClientRsaBits = rsaBits, ClientEcdsaBits = ecdsaBits };
        Assert.Equal(
            (of12, of13, both),
            (MemoryPlan.For(profile with { Versions = TlsVersions.Tls12 }, wordBits).TotalBytes,
                MemoryPlan.For(profile with { Versions = TlsVersions.Tls13 }, wordBits).TotalBytes, MemoryPlan.For(profile, wordBits).TotalBytes));
    }
}
