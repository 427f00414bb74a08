using System;
using System.Linq;
using Thimble.Memory;
using Xunit;

namespace Thimble.Core.Tests.Memory;

/// <summary>Lifetimes: a region is there while it lives, wiped when it ends, and counted where an audit asks.</summary>
public sealed class PlannedBufferTests
{
    private readonly MemoryPlan _plan = MemoryPlan.For(Profiles.Everything);
    private readonly byte[] _memory;

    private static int PlanBytes => MemoryPlan.For(Profiles.Everything)[RegionId.Plan].Bytes;

    public PlannedBufferTests()
    {
        _memory = GC.AllocateUninitializedArray<byte>(_plan.TotalBytes, pinned: true);
        Array.Fill(_memory, (byte)0x3C);
        Fault fault = default;
        Assert.True(_plan.TryPrepare(_memory, ref fault));
    }

    [Fact]
    public void Preparing_wipes_all_but_the_plan()
    {
        Assert.DoesNotContain(_memory.AsSpan(PlanBytes, _plan.TotalBytes - PlanBytes).ToArray(), static b => b != 0);
        Assert.Equal(Phase.None, new PlannedBuffer(_memory, default).Phase);
    }

    [Fact]
    public void A_region_is_given_out_in_its_lifetime_only()
    {
        var buffer = new PlannedBuffer(_memory, default);
        MemoryPlan plan = _plan;
        for (Phase phase = Phase.Hello; phase <= Phase.Connected; phase++)
        {
            buffer.Enter(phase);
            for (int id = 1; id < RegionSet.Count; id++)
            {
                Region region = plan[(RegionId)id];
                Assert.Equal(Lifetimes.Include((RegionId)id, phase) ? region.Bytes : 0, buffer[(RegionId)id].Length);
            }
        }
    }

    [Fact]
    public void A_region_is_wiped_when_it_ends_and_before_another_begins_in_its_place()
    {
        var buffer = new PlannedBuffer(_memory, default);
        MemoryPlan plan = _plan;
        foreach (Phase phase in Enum.GetValues<Phase>().Where(phase => plan.Phases.Contains(phase)))
        {
            Phase before = buffer.Phase;
            buffer.Enter(phase);
            for (int id = 1; id < RegionSet.Count; id++)
            {
                if (Lifetimes.Include((RegionId)id, phase) && !Lifetimes.Include((RegionId)id, before))
                {
                    Assert.False(buffer[(RegionId)id].ContainsAnyExcept((byte)0), $"{(RegionId)id} begins with something in it.");
                }

                buffer[(RegionId)id].Fill(0xEE);
            }
        }
    }

    [Fact]
    public void A_region_that_lives_on_keeps_its_bytes()
    {
        var buffer = new PlannedBuffer(_memory, default);
        buffer.Enter(Phase.Hello);
        buffer[RegionId.Control].Fill(0x42);
        MemoryPlan plan = _plan;
        foreach (Phase phase in Enum.GetValues<Phase>().Where(phase => plan.Phases.Contains(phase) && phase > Phase.Hello))
        {
            buffer.Enter(phase);
            Assert.False(buffer[RegionId.Control].ContainsAnyExcept((byte)0x42));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x5A)]
    [InlineData(0xFFFF)]
    public void The_audit_counts_what_was_written_and_keeps_the_largest_count(ushort poison)
    {
        ushort[] audit = new ushort[PlanAudit.Length];
        audit[0] = poison;
        var buffer = new PlannedBuffer(_memory, audit);
        buffer.Enter(Phase.Hello);
        Assert.DoesNotContain(buffer[RegionId.Drbg].ToArray(), static b => b == 0);
        buffer[RegionId.Drbg].Slice(0, 30).Clear();
        buffer.Survey();
        Assert.Equal(30, audit[(int)RegionId.Drbg]);
        buffer.Wipe(RegionId.Drbg);
        buffer[RegionId.Drbg].Slice(0, 7).Clear();
        buffer.Survey();
        Assert.Equal(30, audit[(int)RegionId.Drbg]);
        buffer[RegionId.SeedScratch].Slice(0, 5).Clear();
        buffer.Enter(Phase.Certificates);
        Assert.Equal((5, 0), (audit[(int)RegionId.SeedScratch], audit[(int)RegionId.Transcript]));
    }

    [Fact]
    public void Two_poisons_paint_differently()
    {
        byte[] Painted(ushort poison)
        {
            ushort[] audit = new ushort[PlanAudit.Length];
            audit[0] = poison;
            Fault fault = default;
            _plan.TryPrepare(_memory, ref fault);
            var buffer = new PlannedBuffer(_memory, audit);
            buffer.Enter(Phase.Hello);
            return buffer[RegionId.Drbg].ToArray();
        }

        Assert.Equal(Painted(2), Painted(2));
        Assert.True(Painted(2).Zip(Painted(0x5A)).All(static pair => pair.First != pair.Second));
    }

    [Fact]
    public void Wiping_secrets_spares_the_fault_and_the_out_window_only()
    {
        var buffer = new PlannedBuffer(_memory, default);
        buffer.Enter(Phase.Hello);
        for (int id = 1; id < RegionSet.Count; id++)
        {
            buffer[(RegionId)id].Fill(0xEE);
        }

        buffer.WipeSecrets();
        for (RegionId id = RegionId.Control; id <= RegionId.AeadScratch; id++)
        {
            Assert.Equal(id < RegionId.InWindow && !buffer[id].IsEmpty, buffer[id].Contains((byte)0xEE));
        }
    }

    [Fact]
    public void The_seed_mark_alone_outlives_a_new_beginning()
    {
        Assert.Equal(0u, new PlannedBuffer(_memory, default).SeedMark);
        var buffer = new PlannedBuffer(_memory, default);
        buffer.SeedMark = 0x12345678;
        Fault fault = default;
        Assert.True(MemoryPlan.For(Profiles.ScenarioE).TryPrepare(_memory, ref fault));
        Assert.Equal(0x12345678u, new PlannedBuffer(_memory, default).SeedMark);
        Array.Fill(_memory, (byte)1);
        Assert.True(_plan.TryPrepare(_memory, ref fault));
        Assert.Equal(0u, new PlannedBuffer(_memory, default).SeedMark);
    }

    [Fact]
    public void A_buffer_is_known_by_magic_version_size_and_profile()
    {
        uint digest = Profiles.Everything.Digest;
        Assert.True(PlannedBuffer.IsPrepared(_memory, digest));
        Assert.False(PlannedBuffer.IsPrepared(_memory, digest + 1));
        Assert.False(PlannedBuffer.IsPrepared(_memory.AsSpan(0, _plan.TotalBytes - 1), digest));
        Assert.False(PlannedBuffer.IsPrepared(_memory.AsSpan(0, 20), digest));
        Assert.False(PlannedBuffer.IsPrepared(default, digest));
        foreach (int at in new[] { 0, 3, 4 })
        {
            _memory[at] ^= 1;
            Assert.False(PlannedBuffer.IsPrepared(_memory, digest));
            _memory[at] ^= 1;
        }
    }
}
