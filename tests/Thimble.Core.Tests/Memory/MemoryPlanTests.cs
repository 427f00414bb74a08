using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Thimble.Memory;
using Xunit;

namespace Thimble.Core.Tests.Memory;

/// <summary>How regions are packed, and what a buffer must be to hold them.</summary>
public sealed class MemoryPlanTests
{
    public static TheoryData<string, int> NamedProfiles() => new()
    {
        { nameof(Profiles.ScenarioR), 32 }, { nameof(Profiles.ScenarioR), 64 }, { nameof(Profiles.ScenarioE), 32 },
        { nameof(Profiles.ScenarioE), 64 }, { nameof(Profiles.Everything), 32 }, { nameof(Profiles.Everything), 64 },
    };

    [Theory]
    [MemberData(nameof(NamedProfiles))]
    public void Named_profiles_need_no_more_than_their_largest_phase(string name, int wordBits)
    {
        MemoryPlan plan = MemoryPlan.For(Named(name), wordBits);
        Assert.Equal(Phases().Max(phase => plan.LiveBytes(phase)), plan.LiveBytes(plan.PeakPhase));
        Assert.Equal(plan.LiveBytes(plan.PeakPhase), plan.TotalBytes);
    }

    [Fact]
    public void No_two_regions_that_live_together_overlap_and_all_lie_inside() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), static seed => IsSound(Profiles.AtRandom(seed))).QuickCheckThrowOnFailure();

    [Fact]
    public void Random_profiles_waste_little() =>
        Assert.All(Enumerable.Range(0, 200), static seed =>
        {
            MemoryPlan plan = MemoryPlan.For(Profiles.AtRandom(seed));
            Assert.InRange(plan.TotalBytes, plan.LiveBytes(plan.PeakPhase), plan.LiveBytes(plan.PeakPhase) * 1.1);
        });

    [Fact]
    public void Placements_together_cover_the_peak()
    {
        MemoryPlan plan = MemoryPlan.For(Profiles.Everything);
        Assert.True(Enum.GetValues<Placement>().Sum(placement => plan.BytesAt(placement)) >= plan.LiveBytes(plan.PeakPhase));
        Assert.Equal(Placement.Connection, Placements.Of(RegionId.TrafficKeys));
        Assert.Equal(Placement.Handshake, Placements.Of(RegionId.MasterSecret));
    }

    [Fact]
    public void Each_member_of_a_profile_changes_its_digest()
    {
        Profile all = Profiles.Everything;
        Profile[] others =
        [
            all with { Suites = CipherSuites.EcdheRsaAes128GcmSha256 }, all with { Groups = Groups.X25519 }, all with { MaxRsaBits = 2048 }, all with { MinRsaBits = 3072 },
            all with { MaxEcdsaBits = 256 }, all with { MaxSignatureHashBits = 384 }, all with { ClientRsaBits = 0 }, all with { ClientEcdsaBits = 0 },
            all with { InWindowBytes = 512 }, all with { OutWindowBytes = 512 }, all with { MaxServerNameBytes = 64 }, all with { MaxAlpnBytes = 0 },
            all with { SecondTranscript = false }, all with { AllowLegacyMasterSecret = false }, all with { MaxMqttTopicBytes = 0 }, all with { Versions = TlsVersions.Tls13 },
            all with { MaxMqttAcknowledgements = 3 }, all with { ProvisionalMqtt = true },
            all with { MaxMqttInFlight = 3 }, all with { MaxMqttInboundExactlyOnce = 3 }, all with { MaxMqttTopicAliases = 3 }, all with { MqttVersions = MqttVersions.V5 },
            all with { Ed25519 = false }, all with { MaxEd25519TbsBytes = 601 }, all with { ClientEd25519 = true }, all with { MaxTicketBytes = 1 },
            all with { PskModes = PskModes.Psk }, all with { MaxPskIdentityBytes = 1 }, all with { ExportsKeys = true }, all with { StapledStatus = true },
            all with { ClientKeyElsewhere = true }, all,
        ];
        Assert.Equal(typeof(Profile).GetProperties().Length - 1, others.Length - 1); // a member added later wants a line here
        Assert.Equal(others.Length, others.Select(static profile => profile.Digest).Distinct().Count());
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void Ed25519_in_chains_costs_two_signed_parts_and_nothing_to_others(int wordBits)
    {
        MemoryPlan without = MemoryPlan.For(Profiles.ScenarioR, wordBits);
        MemoryPlan with = MemoryPlan.For(Profiles.ScenarioR with { MaxEd25519TbsBytes = 600 }, wordBits);
        Assert.Equal(0, without[RegionId.SignedMessage].Bytes);
        Assert.Equal(2 * 608, with[RegionId.SignedMessage].Bytes);
        Assert.Equal(without[RegionId.LeafKey].Bytes, with[RegionId.LeafKey].Bytes);
        Assert.Equal(without[RegionId.Signature].Bytes, with[RegionId.Signature].Bytes);
    }

    [Fact]
    public void A_buffer_that_is_one_byte_too_small_is_refused_with_both_numbers()
    {
        MemoryPlan plan = MemoryPlan.For(Profiles.ScenarioE);
        byte[] memory = GC.AllocateArray<byte>(plan.TotalBytes, pinned: true);
        Fault fault = default;
        Assert.True(plan.TryPrepare(memory, ref fault));
        Assert.False(plan.TryPrepare(memory.AsSpan(0, plan.TotalBytes - 1), ref fault));
        Assert.Equal((FaultReason.BufferTooSmall, (uint)plan.TotalBytes, (uint)plan.TotalBytes - 1), (fault.Reason, fault.Expected, fault.Actual));
    }

    [Fact]
    public void A_misaligned_buffer_is_refused_with_its_remainder()
    {
        MemoryPlan plan = MemoryPlan.For(Profiles.ScenarioE);
        byte[] memory = GC.AllocateArray<byte>(plan.TotalBytes + 8, pinned: true);
        for (int shift = 1; shift < 8; shift++)
        {
            Fault fault = default;
            Assert.False(plan.TryPrepare(memory.AsSpan(shift), ref fault));
            Assert.Equal((FaultReason.BufferMisaligned, 8u, (uint)shift), (fault.Reason, fault.Expected, fault.Actual));
        }
    }

    [Fact]
    public void A_region_keeps_its_fields_in_24_bits()
    {
        Assert.Equal((8 * 0x1FFE, 8184), (new Region(8 * 0x1FFE, 8177).Offset, new Region(8 * 0x1FFE, 8177).Bytes));
        Assert.Equal((8 * 0x1FFF, 64 * 0x3FF), (new Region(8 * 0x1FFF, 64 * 0x3FF).Offset, new Region(8 * 0x1FFF, 64 * 0x3FF).Bytes));
        Assert.Equal((16, 8192, 16_448), (new Region(0, 9).Bytes, new Region(0, 8185).Bytes, new Region(0, 16_385).Bytes));
        Assert.All([new Region(8 * 0x1FFF, 8184), new Region(8 * 0x1FFF, 65_535)], static region => Assert.InRange(region.Packed, 0u, 0xFFFFFFu));
        Assert.Equal(4, System.Runtime.CompilerServices.Unsafe.SizeOf<Region>());
    }

    private static bool IsSound(Profile profile)
    {
        MemoryPlan plan = MemoryPlan.For(profile);
        List<(Region At, PhaseSet In)> regions = [.. Enumerable.Range(0, RegionSet.Count).Select(i => (plan[(RegionId)i], plan.Lifetime((RegionId)i))).Where(static r => r.Item1.Bytes != 0)];
        bool inside = regions.All(r => r.At.Offset >= 0 && r.At.Offset + r.At.Bytes <= plan.TotalBytes && !r.In.IsEmpty);
        bool apart = regions.All(a => regions.Count(b =>
            !a.In.And(b.In).IsEmpty && a.At.Offset < b.At.Offset + b.At.Bytes && b.At.Offset < a.At.Offset + a.At.Bytes) == 1);
        return inside && apart && plan[RegionId.Plan].Offset == 0;
    }

    [Fact]
    public void Scenario_R_costs_no_more_for_what_other_profiles_need()
    {
        MemoryPlan plan = MemoryPlan.For(Profiles.ScenarioR with { MaxMqttTopicBytes = 64 }, 32);
        Assert.Equal((2544, Phase.KeyExchange), (plan.TotalBytes, plan.PeakPhase));
        Assert.Equal(plan.TotalBytes, MemoryPlan.For(Profiles.ScenarioR with { MaxMqttTopicBytes = 64, Versions = TlsVersions.Tls12 }, 32).TotalBytes);
    }

    [Fact]
    public void A_plan_that_no_buffer_can_have_is_refused_and_not_wrapped()
    {
        Profile large = Profiles.ScenarioR with { InWindowBytes = 16_384, OutWindowBytes = 16_384 };
        foreach (Profile profile in new[] { large with { MaxMqttTopicBytes = 40_000 }, large with { MaxMqttTopicBytes = 65_535 }, large with { MaxTicketBytes = 60_000 } })
        {
            MemoryPlan plan = MemoryPlan.For(profile);
            byte[] memory = GC.AllocateArray<byte>(1 << 18, pinned: true);
            Fault fault = default;
            Assert.False(plan.TryPrepare(memory, ref fault));
            Assert.Equal((FaultReason.PlanTooLarge, (uint)Region.MaxBytes, (uint)plan.TotalBytes), (fault.Reason, fault.Expected, fault.Actual));
            Assert.True(plan.TotalBytes > Region.MaxBytes);
            Assert.False(plan.TryWrite(new byte[MemoryPlan.MaxBakedBytes], out _));
            Assert.DoesNotContain(memory, static b => b != 0);
        }

        Assert.True(MemoryPlan.For(large with { MaxMqttTopicBytes = 20_000 }).IsUsable);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(64)]
    public void Both_versions_cost_the_maximum_and_not_the_sum(int wordBits)
    {
        Profile of12 = Profiles.ScenarioR with { Suites = CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.Aes128GcmSha256 };
        int total12 = MemoryPlan.For(of12 with { Versions = TlsVersions.Tls12 }, wordBits).TotalBytes;
        int total13 = MemoryPlan.For(of12 with { Versions = TlsVersions.Tls13 }, wordBits).TotalBytes;
        int both = MemoryPlan.For(of12 with { Versions = TlsVersions.Tls12 | TlsVersions.Tls13 }, wordBits).TotalBytes;
        int most = int.Max(total12, total13);
        Assert.InRange(both, most, most + 48); // an explicit nonce beside none, a longer master secret, and four bytes in the table for each region that only one of them has
        Assert.True(most < 3584 && total12 + total13 > 5600);
    }

    [Fact]
    public void A_plan_counts_the_phases_of_its_versions_only()
    {
        MemoryPlan plan = MemoryPlan.For(Profiles.ScenarioR);
        Assert.Equal(0, plan.LiveBytes(Phase.Certificates13));
        Assert.Equal(0, plan[RegionId.TrafficSecrets].Bytes);
        Assert.False(plan.Lifetime(RegionId.Transcript).Contains(Phase.KeyShare13));
        MemoryPlan later = MemoryPlan.For(Profiles.Everything with { Versions = TlsVersions.Tls13 });
        Assert.Equal(0, later.LiveBytes(Phase.KeyExchange));
        Assert.Equal(0, later[RegionId.SecondTranscript].Bytes);
    }

    private static Profile Named(string name) => name switch
    {
        nameof(Profiles.ScenarioR) => Profiles.ScenarioR,
        nameof(Profiles.ScenarioE) => Profiles.ScenarioE,
        _ => Profiles.Everything,
    };

    private static IEnumerable<Phase> Phases() => Enum.GetValues<Phase>().Where(static phase => phase != Phase.None);
}
