using System;
using System.Collections.Generic;
using Xunit;

namespace Thimble.Tests.Fleet;

/// <summary>Slots do not overlap, and what was in one is gone when it was given back.</summary>
public sealed class ConnectionSlabTests
{
    private const int SlotBytes = 347; // no multiple of anything

    [Fact]
    public void Slots_beyond_a_chunk_hold_what_was_put_into_each()
    {
        using var slab = new ConnectionSlab(SlotBytes);
        int[] slots = new int[2500];
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = slab.Take();
            Assert.False(slab[slots[i]].ContainsAnyExcept((byte)0));
            slab[slots[i]].Fill((byte)i);
        }

        Assert.Equal(slots.Length, slab.Taken);
        Assert.Equal(slots.Length, new HashSet<int>(slots).Count);
        for (int i = 0; i < slots.Length; i++)
        {
            Assert.Equal(SlotBytes, slab[slots[i]].Length);
            Assert.False(slab[slots[i]].ContainsAnyExcept((byte)i), $"Slot {i} was written to by its neighbour.");
        }

        Assert.InRange(slab.Bytes, (long)slots.Length * SlotBytes, (slots.Length + 1024L) * (SlotBytes + 8));
    }

    [Fact]
    public void A_slot_that_is_given_back_is_wiped_at_once_and_taken_again()
    {
        using var slab = new ConnectionSlab(SlotBytes);
        int kept = slab.Take(), released = slab.Take();
        slab[kept].Fill(0xAA);
        slab[released].Fill(0xBB);
        slab.Release(released);
        Assert.False(slab[released].ContainsAnyExcept((byte)0));
        Assert.False(slab[kept].ContainsAnyExcept((byte)0xAA));
        Assert.Equal(1, slab.Taken);
        long bytes = slab.Bytes;
        for (int i = 0; i < 10_000; i++)
        {
            slab.Release(slab.Take());
        }

        Assert.Equal(bytes, slab.Bytes);
    }

    [Theory]
    [InlineData(100_000, 5)]
    [InlineData(600_000, 1)]
    [InlineData(4_194_305, 1)] // a thousand of them would be more than an integer holds
    public void Large_slots_come_in_chunks_of_no_more_than_half_a_megabyte_or_one_by_one(int slotBytes, int chunkSlots)
    {
        using var slab = new ConnectionSlab(slotBytes);
        int slot = slab.Take();
        slab[slot].Fill(1);
        Assert.InRange(slab.Bytes, (long)chunkSlots * slotBytes, (long)chunkSlots * (slotBytes + 7));
    }

    [Fact]
    public void Its_memory_goes_back_as_a_whole()
    {
        var slab = new ConnectionSlab(SlotBytes);
        _ = slab.Take();
        Assert.NotEqual(0, slab.Bytes);
        slab.Dispose();
        Assert.Throws<ObjectDisposedException>(() => slab[0].Length);
    }
}
