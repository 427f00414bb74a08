using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Many idle connections share one buffer: each rests in a slot of its own, and is never in two places (RULES 6).</summary>
public sealed class RestingTests
{
    [Theory]
    [MemberData(nameof(ParkedPair.Suites), MemberType = typeof(ParkedPair))]
    public void A_connection_that_rested_goes_on_where_it_stood_and_again(ushort suite)
    {
        ParkedPair pair = ParkedPair.Connected(suite);
        byte[] slot = new byte[RestingBytes(pair)];
        for (int round = 0; round < 3; round++)
        {
            pair.AssertTalks();
            Assert.Equal(ParkStatus.Parked, pair.Client.Lens().Rest(slot));
            Assert.Equal(TlsStatus.Complete, pair.Client.Lens().Wake(slot)); // the same buffer needs no other preparation
            Assert.False(slot.AsSpan().ContainsAnyExcept((byte)0), "The slot is wiped.");
            pair.Client.CheckGuards();
        }

        pair.AssertTalks();
        pair.Client.Close();
        pair.Deliver();
        Assert.Equal(TlsStatus.Closed, pair.Client.Read(pair.Seal(Wire.Alert, 1, 0)));
    }

    [Theory]
    [MemberData(nameof(ParkedPair.Suites), MemberType = typeof(ParkedPair))]
    public void The_buffer_keeps_its_plan_and_nothing_else(ushort suite)
    {
        ParkedPair pair = ParkedPair.Connected(suite);
        pair.AssertTalks();
        int planBytes = pair.Client.Region(RegionId.Plan).Length;
        byte[] plan = pair.Client.Memory[..planBytes].ToArray();
        pair.Client.Region(RegionId.MqttInFlight).Fill(0xA5); // it outlives a connection, but not in a buffer of others
        Assert.Equal(ParkStatus.Parked, pair.Client.Lens().Rest(new byte[RestingBytes(pair)]));
        Assert.False(pair.Client.Memory[planBytes..].ContainsAnyExcept((byte)0));
        plan[5] = 0; // the phase
        Assert.Equal(plan, pair.Client.Memory[..planBytes]);
    }

    [Theory]
    [MemberData(nameof(ParkedPair.Suites), MemberType = typeof(ParkedPair))]
    public void Two_connections_take_turns_in_one_buffer(ushort suite)
    {
        ParkedPair first = ParkedPair.Connected(suite), second = ParkedPair.Connected(suite);
        byte[] firstSlot = new byte[RestingBytes(first)], secondSlot = new byte[RestingBytes(first)];
        Assert.Equal(ParkStatus.Parked, first.Client.Lens().Rest(firstSlot));
        Assert.Equal(ParkStatus.Parked, second.Client.Lens().Rest(secondSlot));
        second.MoveTo(first.Client);
        for (int turn = 0; turn < 3; turn++)
        {
            TakeTurn(first, firstSlot);
            TakeTurn(second, secondSlot);
        }
    }

    [Theory]
    [MemberData(nameof(ParkedPair.Suites), MemberType = typeof(ParkedPair))]
    public void Every_region_that_outlives_a_record_comes_back_byte_for_byte(ushort suite)
    {
        ParkedPair pair = ParkedPair.Connected(suite);
        pair.AssertTalks();
        new Random(suite).NextBytes(pair.Client.Region(RegionId.MqttSession));
        new Random(suite).NextBytes(pair.Client.Region(RegionId.MqttInFlight));
        Dictionary<RegionId, byte[]> before = Kept(pair);
        byte[] slot = new byte[RestingBytes(pair)];
        Assert.Equal(ParkStatus.Parked, pair.Client.Lens().Rest(slot));
        Assert.Equal(TlsStatus.Complete, pair.Client.Lens().Wake(slot));
        Assert.All(Kept(pair), after => Assert.Equal(Convert.ToHexString(before[after.Key]), Convert.ToHexString(after.Value)));
    }

    [Theory]
    [MemberData(nameof(ParkedPair.Suites), MemberType = typeof(ParkedPair))]
    public void In_the_midst_of_a_record_nothing_rests_and_nothing_is_lost(ushort suite)
    {
        ParkedPair pair = ParkedPair.Connected(suite);
        byte[] slot = new byte[RestingBytes(pair)];
        byte[] record = pair.Seal(Wire.ApplicationData, 1, 2, 3);
        for (int at = 0; at < record.Length - 1; at++)
        {
            Assert.Equal(TlsStatus.NeedMoreData, pair.Client.Read([record[at]]));
            Assert.Equal(ParkStatus.InputPending, pair.Client.Lens().Rest(slot));
        }

        pair.Client.Read([record[^1]]);
        Assert.Equal([1, 2, 3], pair.Client.Data);
        Assert.Equal(ParkStatus.Parked, pair.Client.Lens().Rest(slot));
    }

    [Fact]
    public void A_slot_that_is_too_small_changes_nothing()
    {
        ParkedPair pair = ParkedPair.Connected(ScriptedKeys13.Aes128);
        byte[] slot = new byte[RestingBytes(pair)];
        for (int bytes = 0; bytes < slot.Length; bytes++)
        {
            Assert.Equal(ParkStatus.DestinationTooSmall, pair.Client.Lens().Rest(slot.AsSpan(0, bytes)));
        }

        Assert.False(slot.AsSpan().ContainsAnyExcept((byte)0));
        pair.AssertTalks();
    }

    [Fact]
    public void A_buffer_in_use_an_empty_slot_and_one_of_another_profile_are_refused()
    {
        ParkedPair pair = ParkedPair.Connected(ScriptedKeys13.Aes128), other = ParkedPair.Connected(ScriptedKeys13.Aes128);
        byte[] slot = new byte[RestingBytes(pair)];
        Assert.Equal(ParkStatus.Parked, other.Client.Lens().Rest(slot));
        byte[] before = [.. slot];
        Assert.Equal(TlsStatus.Faulted, pair.Client.Lens().Wake(slot));
        Assert.Equal(before, slot);
        pair.AssertTalks();

        ScriptedClient empty = pair.Fresh();
        Assert.Equal(TlsStatus.Faulted, empty.Lens().Wake(new byte[slot.Length]));
        Assert.Equal(FaultReason.ParkedStateInvalid, empty.Fault.Reason);
        ScriptedClient another = pair.Fresh(pair.Client.Profile with { InWindowBytes = 900 });
        Assert.Equal(TlsStatus.Faulted, another.Lens().Wake(slot));
        Assert.Equal(FaultReason.ParkedProfileMismatch, another.Fault.Reason);
        Assert.Equal(before, slot);

        ScriptedClient right = pair.Fresh();
        Assert.Equal(TlsStatus.Complete, right.Lens().Wake(slot));
        Assert.Equal(TlsStatus.Faulted, pair.Fresh().Lens().Wake(slot)); // it is there no longer
    }

    [Fact]
    public void Before_the_handshake_and_after_the_end_nothing_rests()
    {
        ParkedPair pair = ParkedPair.Connected(ScriptedKeys13.Aes128);
        byte[] slot = new byte[RestingBytes(pair)];
        Assert.Equal(ParkStatus.NotConnected, pair.Fresh().Lens().Rest(slot));
        pair.Client.Close();
        Assert.Equal(ParkStatus.NotConnected, pair.Client.Lens().Rest(slot));
    }

    /// <summary>The goal of the design for one of very many idle connections.</summary>
    [Fact]
    public void Every_named_profile_rests_in_512_bytes() =>
        Assert.All(Profiles.All, static named => Assert.InRange(MemoryMap.Of(named.Profile).RestingBytes, 1, 512));

    private static int RestingBytes(ParkedPair pair)
    {
        MemoryPlan plan = pair.Client.Plan;
        return plan.RestingBytes;
    }

    private static void TakeTurn(ParkedPair pair, byte[] slot)
    {
        Assert.Equal(TlsStatus.Complete, pair.Client.Lens().Wake(slot));
        pair.AssertTalks();
        Assert.Equal(ParkStatus.Parked, pair.Client.Lens().Rest(slot));
    }

    private static Dictionary<RegionId, byte[]> Kept(ParkedPair pair) =>
        pair.Kept().Where(static region => region.Key is not (RegionId.MqttTopic or RegionId.MqttRollback)).ToDictionary();
}
