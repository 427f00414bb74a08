using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using Thimble.Memory;
using Xunit;

namespace Thimble.Core.Tests.Memory;

/// <summary>A plan that a host computed serves like one computed on the spot, and nothing else passes for one.</summary>
public sealed class BakedPlanTests
{
    private const int TableAt = 8;
    private const int EntryBytes = 3;

    private static readonly Profile _profile = Profiles.ScenarioR;

    [Fact]
    public void Every_profile_prepares_the_same_bytes_either_way()
    {
        IEnumerable<Profile> profiles = Enumerable.Range(0, 100).Select(Profiles.AtRandom).Concat([Profiles.ScenarioR, Profiles.ScenarioE, Profiles.Everything]);
        Assert.All(profiles, static profile =>
        {
            MemoryPlan plan = MemoryPlan.For(profile);
            byte[] computed = Filled(plan.TotalBytes);
            byte[] baked = Filled(plan.TotalBytes);
            Fault fault = default;
            Assert.True(plan.TryPrepare(computed, ref fault));
            Assert.True(MemoryPlan.TryPrepareBaked(Bake(profile), profile, baked, ref fault));
            Assert.Equal(computed, baked);
        });
    }

    [Fact]
    public void A_destination_that_is_one_byte_short_gets_nothing()
    {
        Assert.False(MemoryPlan.For(_profile).TryWrite(new byte[Bake(_profile).Length - 1], out int written));
        Assert.Equal(0, written);
    }

    [Fact]
    public void A_buffer_that_is_one_byte_too_small_is_refused_with_both_numbers()
    {
        byte[] baked = Bake(_profile);
        int total = MemoryPlan.For(_profile).TotalBytes;
        Fault fault = default;
        Assert.False(MemoryPlan.TryPrepareBaked(baked, _profile, Filled(total).AsSpan(1), ref fault));
        Assert.Equal((FaultReason.BufferTooSmall, (uint)total, (uint)total - 1), (fault.Reason, fault.Expected, fault.Actual));
    }

    [Fact]
    public void The_plan_of_another_profile_is_refused() => AssertRefused(Bake(Profiles.ScenarioE));

    [Fact]
    public void The_plan_for_the_other_kind_of_machine_is_refused() => AssertRefused(Bake(_profile, wordBits: 96 - (nuint.Size * 8)));

    [Fact]
    public void The_plan_of_another_version_is_refused() => AssertRefused(Changed(static baked => baked[0]++));

    [Fact]
    public void A_plan_of_any_other_length_is_refused() => Assert.All(Enumerable.Range(0, MemoryPlan.MaxBakedBytes + 2), static length =>
    {
        byte[] baked = Bake(_profile);
        if (length != baked.Length)
        {
            Array.Resize(ref baked, length);
            AssertRefused(baked);
        }
    });

    [Fact]
    public void A_region_that_nobody_knows_is_refused() => Assert.All(Enumerable.Range(RegionSet.Count, 64 - RegionSet.Count), static region =>
    {
        byte[] baked = Changed(baked => baked[TableAt + (region / 8)] |= (byte)(1 << (region % 8)));
        Array.Resize(ref baked, baked.Length + EntryBytes); // as long as the table says
        AssertRefused(baked);
    });

    [Fact]
    public void A_total_that_leaves_a_region_outside_is_refused() => AssertRefused(Changed(static baked =>
        BinaryPrimitives.WriteUInt16LittleEndian(baked.AsSpan(2), (ushort)(MemoryPlan.For(_profile).TotalBytes - 8))));

    /// <summary>Of no regions, so that none lies outside.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(23)]
    public void A_total_that_leaves_the_plan_itself_outside_is_refused(ushort total)
    {
        byte[] baked = Changed(baked =>
        {
            BinaryPrimitives.WriteUInt16LittleEndian(baked.AsSpan(2), total);
            baked.AsSpan(TableAt, 8).Clear();
        });
        AssertRefused(baked[..(TableAt + 8)]);
    }

    [Fact]
    public void Every_region_that_moves_onto_the_plan_itself_is_refused()
    {
        MemoryPlan plan = MemoryPlan.For(_profile);
        Assert.All(Enumerable.Range(1, RegionSet.Count - 1).Where(i => plan[(RegionId)i].Bytes != 0), i =>
        {
            Region region = MemoryPlan.For(_profile)[(RegionId)i];
            AssertRefused(WithRegion(i, region.At(0)));
            AssertRefused(WithRegion(i, region.At(MemoryPlan.For(_profile)[RegionId.Plan].Bytes - 8)));
        });
    }

    [Fact]
    public void Regions_that_live_together_and_overlap_are_refused()
    {
        MemoryPlan plan = MemoryPlan.For(_profile);
        AssertRefused(WithRegion((int)RegionId.OutWindow, plan[RegionId.OutWindow].At(plan[RegionId.Control].Offset)));
    }

    [Fact]
    public void A_region_of_eight_times_the_size_is_refused() => AssertRefused(Changed(
        static baked => baked[EntryAt(RegionId.Control) + 2] |= 0x80)); // the highest bit says that the size counts by 64

    [Fact]
    public void The_plan_s_own_region_stands_in_no_table() => AssertRefused([.. Changed(static baked => baked[TableAt] |= 1), 0, 0, 0]);

    private static void AssertRefused(byte[] baked)
    {
        byte[] memory = Filled(Region.MaxBytes);
        Fault fault = default;
        Assert.False(MemoryPlan.TryPrepareBaked(baked, _profile, memory, ref fault));
        Assert.Equal(FaultReason.BufferNotPlanned, fault.Reason);
        Assert.Equal(Filled(Region.MaxBytes), memory);
    }

    private static byte[] Bake(Profile profile, int wordBits = 0)
    {
        byte[] baked = new byte[MemoryPlan.MaxBakedBytes];
        Assert.True(MemoryPlan.For(profile, wordBits == 0 ? nuint.Size * 8 : wordBits).TryWrite(baked, out int written));
        return baked[..written];
    }

    private static byte[] Changed(Action<byte[]> change)
    {
        byte[] baked = Bake(_profile);
        change(baked);
        return baked;
    }

    private static byte[] WithRegion(int index, Region region) => Changed(baked =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<Region>(in region))[..EntryBytes].CopyTo(baked.AsSpan(EntryAt((RegionId)index))));

    /// <summary>Where a region that is present stands: behind the two words that say which ones are.</summary>
    private static int EntryAt(RegionId region)
    {
        MemoryPlan plan = MemoryPlan.For(_profile);
        return TableAt + 8 + (EntryBytes * Enumerable.Range(1, (int)region - 1).Count(i => plan[(RegionId)i].Bytes != 0));
    }

    private static byte[] Filled(int bytes)
    {
        byte[] memory = GC.AllocateArray<byte>(bytes, pinned: true);
        memory.AsSpan().Fill(0x5A);
        return memory;
    }
}
