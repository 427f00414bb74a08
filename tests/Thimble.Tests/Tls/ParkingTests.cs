using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>A connection moves from one buffer to another and is never in both (RULES 6).</summary>
public sealed class ParkingTests
{
    [Theory]
    [MemberData(nameof(ParkedPair.Suites), MemberType = typeof(ParkedPair))]
    public void A_parked_connection_goes_on_where_it_stood_and_again(ushort suite)
    {
        ParkedPair pair = ParkedPair.Connected(suite);
        pair.AssertTalks();
        for (ulong generation = ulong.MaxValue; generation > ulong.MaxValue - 3; generation--)
        {
            byte[] parked = pair.Park(generation);
            pair.Resume(generation, parked);
            Assert.False(parked.AsSpan().ContainsAnyExcept((byte)0), "The parked bytes are wiped.");
            Assert.Equal(suite, pair.Client.Lens().Suite);
            pair.AssertTalks();
            pair.AssertTalks();
        }

        pair.Client.Close();
        pair.Deliver();
        Assert.Equal(TlsStatus.Closed, pair.Client.Read(pair.Seal(Wire.Alert, 1, 0)));
        ScriptedFault.AssertWiped(pair.Client);
    }

    [Theory]
    [MemberData(nameof(ParkedPair.Suites), MemberType = typeof(ParkedPair))]
    public void The_source_keeps_its_plan_and_nothing_else(ushort suite)
    {
        ParkedPair pair = ParkedPair.Connected(suite);
        pair.AssertTalks();
        int planBytes = pair.Client.Region(RegionId.Plan).Length;
        byte[] plan = pair.Client.Memory[..planBytes].ToArray();
        pair.Park(1);
        Assert.False(pair.Client.Memory[planBytes..].ContainsAnyExcept((byte)0));
        plan[5] = 0; // the phase
        Assert.Equal(plan, pair.Client.Memory[..planBytes]);
        Assert.Equal(TlsStatus.NeedMoreData, pair.Client.Write([1]));
        Assert.Empty(pair.Client.Output);
        Assert.Equal(ParkStatus.NotConnected, pair.TryPark(2, out _));
    }

    [Theory]
    [MemberData(nameof(ParkedPair.Suites), MemberType = typeof(ParkedPair))]
    public void Every_region_that_outlives_a_record_comes_back_byte_for_byte(ushort suite)
    {
        ParkedPair pair = ParkedPair.Connected(suite);
        pair.AssertTalks();
        new Random(suite).NextBytes(pair.Client.Region(RegionId.MqttSession));
        new Random(suite).NextBytes(pair.Client.Region(RegionId.MqttInFlight));
        new Random(suite).NextBytes(pair.Client.Region(RegionId.MqttTopic));
        new Random(suite).NextBytes(pair.Client.Region(RegionId.MqttRollback));
        Dictionary<RegionId, byte[]> before = pair.Kept();
        byte[]? exported = ExporterTests.Export(pair.Client, "label", [1, 2], 40);
        byte[] parked = pair.Park(5);
        Assert.All(before.Values.SelectMany(static region => region.Chunk(16)).Where(static chunk => chunk.Distinct().Count() > 8), chunk => Assert.True(parked.AsSpan().IndexOf(chunk) < 0));
        pair.Resume(5, parked);
        Assert.All(pair.Kept(), after => Assert.Equal(Convert.ToHexString(before[after.Key]), Convert.ToHexString(after.Value)));
        Assert.Equal(exported, ExporterTests.Export(pair.Client, "label", [1, 2], 40));
        Assert.NotNull(exported);
    }

    [Fact]
    public void Keys_change_before_parking_and_after_resuming()
    {
        ParkedPair pair = ParkedPair.Connected(ScriptedKeys13.Aes256);
        for (byte round = 0; round < 4; round++)
        {
            pair.Client.Read(pair.Server13!.UpdateKey(1));
            Assert.Equal(ParkStatus.OutputPending, pair.TryPark(9, out _)); // the answer is owed
            pair.Deliver();
            Assert.Equal(round + 1, pair.Server13.KeyUpdates.Count);
            pair.AssertTalks();
            pair.Resume(round, pair.Park(round));
            pair.AssertTalks();
        }
    }

    /// <summary>A key that is nearly used up is still so afterwards (RULES 8).</summary>
    [Fact]
    public void What_was_counted_is_still_counted()
    {
        ParkedPair pair = ParkedPair.Connected(ScriptedKeys13.Aes128);
        pair.Client.Read(Wire.Join(Enumerable.Range(0, 15).Select(_ => pair.Server13!.UpdateKey(0))));
        BinaryPrimitives.WriteUInt64BigEndian(pair.Client.Region(RegionId.TrafficKeys), 1ul << 27);
        pair.Resume(1, pair.Park(1));
        Assert.Equal(1ul << 27, BinaryPrimitives.ReadUInt64BigEndian(pair.Client.Region(RegionId.TrafficKeys)));
        pair.Client.Read(pair.Server13!.UpdateKey(0));
        Assert.Equal(FaultReason.None, pair.Client.Fault.Reason);
        pair.Client.Read(pair.Server13.UpdateKey(0));
        Assert.Equal(FaultReason.Flood, pair.Client.Fault.Reason);
    }

    [Theory]
    [InlineData(ScriptedSuite.EcdsaAes128)]
    [InlineData(ScriptedSuite.EcdsaChaCha)]
    [InlineData(ScriptedKeys13.Aes128)]
    public void A_change_of_any_bit_is_refused_and_leaves_nothing(ushort suite)
    {
        ParkedPair pair = ParkedPair.Connected(suite);
        byte[] parked = pair.Park(0x1_0000_0005);
        for (int bit = 0; bit < 8 * parked.Length; bit++)
        {
            byte[] changed = [.. parked];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            FaultReason reason = (bit / 8) switch
            {
                0 => FaultReason.ParkedVersionMismatch,
                1 or 2 or 3 or >= 16 => FaultReason.ParkedStateInvalid,
                >= 4 and <= 7 => FaultReason.ParkedProfileMismatch,
                _ => FaultReason.GenerationUsed,
            };
            AssertRefused(pair.Fresh(), ParkedPair.Key, 0x1_0000_0005, changed, reason);
        }

        pair.Resume(0x1_0000_0005, parked);
        pair.AssertTalks();
    }

    [Fact]
    public void A_length_that_is_not_the_connection_s_is_refused()
    {
        ParkedPair pair = ParkedPair.Connected(ScriptedKeys13.Aes128);
        byte[] parked = pair.Park(1);
        for (int bytes = 0; bytes <= parked.Length + 8; bytes++)
        {
            if (bytes != parked.Length)
            {
                AssertRefused(pair.Fresh(), ParkedPair.Key, 1, [.. parked.Take(bytes), .. new byte[Math.Max(0, bytes - parked.Length)]], FaultReason.ParkedStateInvalid);
            }
        }
    }

    [Fact]
    public void Another_key_generation_or_profile_is_refused_and_the_fault_says_which()
    {
        ParkedPair pair = ParkedPair.Connected(ScriptedKeys13.Aes128);
        byte[] parked = pair.Park(7);
        foreach (int at in new[] { 0, 15, 16, 31 })
        {
            byte[] other = [.. ParkedPair.Key];
            other[at] ^= 0x80;
            AssertRefused(pair.Fresh(), other, 7, [.. parked], FaultReason.ParkedStateInvalid);
        }

        AssertRefused(pair.Fresh(), ParkedPair.Key[..31], 7, [.. parked], FaultReason.ParkedStateInvalid);
        AssertRefused(pair.Fresh(), ParkedPair.Key, 8, [.. parked], FaultReason.GenerationUsed, 8, 7);
        Profile another = pair.Client.Profile with { InWindowBytes = 900 };
        AssertRefused(pair.Fresh(another), ParkedPair.Key, 7, [.. parked], FaultReason.ParkedProfileMismatch, another.Digest, pair.Client.Profile.Digest);
        pair.Resume(7, parked);
        pair.AssertTalks();
    }

    /// <summary>Each generation has a key of its own: equal states come out unlike in every byte that they could share.</summary>
    [Fact]
    public void Two_generations_of_one_connection_share_no_key_stream()
    {
        ParkedPair pair = ParkedPair.Connected(ScriptedKeys13.Aes128);
        byte[] first = pair.Park(1);
        pair.Resume(1, [.. first]);
        byte[] second = pair.Park(2);
        Assert.InRange(first.AsSpan(24).ToArray().Zip(second[24..]).Count(static pair => pair.First == pair.Second), 0, 12);
    }

    /// <summary>A store that gives one generation out twice breaks its contract; what it was given still does not give the secrets away.</summary>
    [Theory]
    [MemberData(nameof(ParkedPair.Suites), MemberType = typeof(ParkedPair))]
    public void Two_states_under_one_key_and_generation_share_no_key_stream(ushort suite)
    {
        ParkedPair pair = ParkedPair.Connected(suite);
        byte[] first = pair.Park(1);
        pair.Resume(1, [.. first]);
        pair.AssertTalks(); // one sequence number each way is all that changes
        byte[] second = pair.Park(1);
        Assert.Equal(first[..16], second[..16]);
        Assert.NotEqual(first[16..24], second[16..24]);
        Assert.InRange(first[24..].Zip(second[24..]).Count(static pair => pair.First == pair.Second), 0, 12);
        pair.Resume(1, second);
        pair.AssertTalks();
    }

    [Theory]
    [MemberData(nameof(ParkedPair.Suites), MemberType = typeof(ParkedPair))]
    public void In_the_midst_of_a_record_nothing_is_parked_and_nothing_is_lost(ushort suite)
    {
        ParkedPair pair = ParkedPair.Connected(suite);
        byte[] record = pair.Seal(Wire.ApplicationData, 1, 2, 3);
        for (int at = 0; at < record.Length - 1; at++)
        {
            Assert.Equal(TlsStatus.NeedMoreData, pair.Client.Read([record[at]]));
            Assert.Equal(ParkStatus.InputPending, pair.TryPark(1, out _));
        }

        Assert.Equal(TlsStatus.DestinationTooSmall, pair.Client.Lens().Read(record.AsSpan(record.Length - 1), default, out _, out _));
        Assert.Equal(ParkStatus.InputPending, pair.TryPark(1, out _)); // opened, but not taken
        byte[] two = new byte[2];
        pair.Client.Lens().Read(default, two, out _, out _);
        Assert.Equal(ParkStatus.InputPending, pair.TryPark(1, out _));
        pair.Client.Read(default);
        Assert.Equal([1, 2, 3], [.. two, .. pair.Client.Data]);
        pair.Resume(1, pair.Park(1));
        pair.AssertTalks();
    }

    [Theory]
    [InlineData(ScriptedSuite.EcdsaAes128)]
    [InlineData(ScriptedKeys13.Aes128)]
    public void While_output_waits_nothing_is_parked_and_nothing_is_lost(ushort suite)
    {
        ParkedPair pair = ParkedPair.Connected(suite);
        byte[] destination = new byte[7];
        Assert.Equal(TlsStatus.DestinationTooSmall, pair.Client.Lens().Write([1, 2, 3], destination, out _, out _));
        Assert.Equal(ParkStatus.OutputPending, pair.TryPark(1, out _));
        pair.Client.Output.AddRange(destination);
        pair.Deliver();
        pair.Resume(1, pair.Park(1));
        Assert.Equal(TlsStatus.NeedMoreData, pair.Client.Read(pair.Seal(Wire.ApplicationData, 5)));
        Assert.Equal([5], pair.Client.Data);
    }

    [Fact]
    public void In_the_midst_of_a_message_or_of_a_streamed_record_nothing_is_parked()
    {
        ParkedPair pair = ParkedPair.Connected(ScriptedKeys13.Aes128, provisional: true);
        byte[] ticket = Scripted13Replay.Ticket(40);
        for (int cut = 1; cut < ticket.Length; cut++)
        {
            pair.Client.Read(pair.Seal(Wire.Handshake, ticket[..cut]));
            Assert.Equal(ParkStatus.InputPending, pair.TryPark(1, out _));
            pair.Client.Read([.. pair.Seal(Wire.Handshake, ticket[cut..]), .. pair.Seal(Wire.ApplicationData, 1)]);
        }

        byte[] record = pair.Seal(Wire.ApplicationData, new byte[3000]);
        byte[] destination = new byte[4096];
        ReadOnlySpan<byte> rest = record;
        TlsStatus status = TlsStatus.Provisional;
        while (status != TlsStatus.Committed)
        {
            status = pair.Client.Lens().Read(rest[..Math.Min(100, rest.Length)], destination, out int consumed, out _);
            rest = rest[consumed..];
            Assert.Equal(status == TlsStatus.Committed ? ParkStatus.DestinationTooSmall : ParkStatus.InputPending, pair.Client.Lens().Park(ParkedPair.Key, 1, default, out _));
        }

        pair.Resume(1, pair.Park(1));
        pair.AssertTalks();
    }

    [Fact]
    public void Only_an_open_connection_is_parked()
    {
        using var server = new ScriptedServer13();
        ScriptedClient client = new ScriptedClient
        {
            Profile = Scripted13.Both,
            Work = 50,
            Observe = static c =>
            {
                ParkStatus status = c.Lens().Park(ParkedPair.Key, 1, default, out _);
                Assert.Equal(c.Phase != Phase.Connected, status == ParkStatus.NotConnected);
            },
        }.Prepare();
        Assert.Equal(ParkStatus.NotConnected, client.Lens().Park(ParkedPair.Key, 1, new byte[999], out _));
        Assert.Equal(TlsStatus.Complete, client.Connect(server));

        foreach (ushort suite in new[] { ScriptedSuite.EcdsaAes128, ScriptedKeys13.Aes128 })
        {
            ParkedPair ours = ParkedPair.Connected(suite);
            ours.Client.Close();
            Assert.Equal(ParkStatus.NotConnected, ours.TryPark(1, out _));
            ParkedPair theirs = ParkedPair.Connected(suite);
            theirs.Client.Read(theirs.Seal(Wire.Alert, 1, 0));
            Assert.Equal(ParkStatus.NotConnected, theirs.TryPark(1, out _));
            ParkedPair broken = ParkedPair.Connected(suite);
            broken.Client.Read([99, 3, 3]);
            Assert.Equal(ParkStatus.NotConnected, broken.TryPark(1, out _));
        }
    }

    [Fact]
    public void A_session_is_taken_before_parking_and_a_later_ticket_still_makes_one()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: Resuming13.Client());
        MemoryPlan plan = client.Plan;
        byte[] room = new byte[plan.ParkedBytes];
        client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes)));
        Assert.Equal(ParkStatus.SessionWaiting, client.Lens().Park(ParkedPair.Key, 1, room, out _));
        Assert.NotEmpty(client.TakeSession());
        Assert.Equal(ParkStatus.Parked, client.Lens().Park(ParkedPair.Key, 1, room, out int written));

        ScriptedClient fresh = Resuming13.Client().Prepare();
        Assert.Equal(TlsStatus.Complete, fresh.Lens().Resume(ParkedPair.Key, 1, room.AsSpan(0, written)));
        fresh.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes, nonce: [5])));
        byte[] key = server.KeyOfTicket([5]);
        Assert.Equal([.. key, .. new byte[48 - key.Length]], fresh.TakeSession()[60..108]);
        Scripted13.AssertDataBothWays(fresh, server);
    }

    /// <summary>Whoever resumes may name another server, or have no image at all: the ticket is of the server that the connection was made with.</summary>
    [Theory]
    [InlineData("another.example.com", false)]
    [InlineData("broker.example.com", true)]
    public void A_session_of_a_resumed_connection_is_bound_to_what_the_connection_was_made_with(string serverName, bool otherImage)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: Resuming13.Client());
        MemoryPlan plan = client.Plan;
        byte[] room = new byte[plan.ParkedBytes];
        Assert.Equal(ParkStatus.Parked, client.Lens().Park(ParkedPair.Key, 1, room, out int written));

        ScriptedClient fresh = new ScriptedClient { Profile = Resuming13.Profile, ServerName = serverName, Image = otherImage ? [] : client.Image }.Prepare();
        Assert.Equal(TlsStatus.Complete, fresh.Lens().Resume(ParkedPair.Key, 1, room.AsSpan(0, written)));
        fresh.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes)));
        byte[] session = fresh.TakeSession();
        ScriptedClient other = new ScriptedClient { Profile = Resuming13.Profile, ServerName = "another.example.com", Session = session }.Prepare();
        other.Handshake(default);
        Assert.False(other.Lens().SessionOffered);
        ScriptedClient same = Resuming13.Client(session).Prepare();
        same.Handshake(default);
        Assert.True(same.Lens().SessionOffered);
    }

    [Fact]
    public void Too_little_room_or_no_key_changes_nothing()
    {
        ParkedPair pair = ParkedPair.Connected(ScriptedSuite.EcdsaAes128);
        MemoryPlan plan = pair.Client.Plan;
        byte[] room = new byte[plan.ParkedBytes];
        Assert.Equal(ParkStatus.DestinationTooSmall, pair.Client.Lens().Park(ParkedPair.Key, 1, room.AsSpan(1), out int written));
        Assert.Equal(ParkStatus.KeyUnusable, pair.Client.Lens().Park(ParkedPair.Key.AsSpan(1), 1, room, out _));
        Assert.Equal(ParkStatus.KeyUnusable, pair.Client.Lens().Park([.. ParkedPair.Key, 0], 1, room, out _));
        Assert.Equal(ParkStatus.KeyUnusable, pair.Client.Lens().Park(new byte[32], 1, room, out _));
        Assert.Equal(0, written);
        Assert.False(room.AsSpan().ContainsAnyExcept((byte)0));
        pair.AssertTalks();
        Assert.Equal(plan.ParkedBytes, pair.Park(1).Length); // of a profile with both versions, TLS 1.2 takes the most
    }

    [Fact]
    public void A_buffer_in_use_is_left_alone()
    {
        ParkedPair parkedPair = ParkedPair.Connected(ScriptedKeys13.Aes128);
        ParkedPair inUse = ParkedPair.Connected(ScriptedKeys13.Aes128);
        byte[] parked = parkedPair.Park(1);
        Assert.Equal(TlsStatus.Faulted, inUse.Client.Lens().Resume(ParkedPair.Key, 1, parked));
        Assert.Equal(FaultReason.None, inUse.Client.Fault.Reason);
        inUse.AssertTalks();
        parkedPair.Resume(1, parked); // not even opened
        parkedPair.AssertTalks();
    }

    [Fact]
    public void After_parking_the_buffer_serves_another_connection()
    {
        ParkedPair pair = ParkedPair.Connected(ScriptedKeys13.Aes128);
        byte[] parked = pair.Park(1);
        MemoryPlan plan = pair.Client.Plan;
        Fault fault = default;
        Assert.True(plan.TryPrepare(pair.Client.Memory, ref fault));
        Assert.Equal(TlsStatus.Complete, pair.Client.Lens().Resume(ParkedPair.Key, 1, parked));
        pair.AssertTalks();
    }

    [Fact]
    public void Neither_call_allocates_on_the_heap()
    {
        long least = long.MaxValue;
        for (int round = 0; round < 5; round++)
        {
            ParkedPair pair = ParkedPair.Connected(ScriptedKeys13.ChaCha);
            MemoryPlan plan = pair.Client.Plan;
            byte[] room = new byte[plan.ParkedBytes];
            ScriptedClient fresh = pair.Fresh();
            TlsClient source = pair.Client.Lens();
            TlsClient target = fresh.Lens();
            long before = GC.GetAllocatedBytesForCurrentThread();
            source.Park(ParkedPair.Key, 3, room, out int written);
            TlsStatus status = target.Resume(ParkedPair.Key, 3, room.AsSpan(0, written));
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
            Assert.Equal(TlsStatus.Complete, status);
        }

        Assert.Equal(0, least);
    }

    private static void AssertRefused(ScriptedClient fresh, byte[] key, ulong generation, byte[] parked, FaultReason reason, uint? expected = null, uint? actual = null)
    {
        byte[] before = [.. parked];
        Assert.Equal(TlsStatus.Faulted, fresh.Lens().Resume(key, generation, parked));
        Fault fault = fresh.Fault;
        Assert.Equal((reason, (byte)0), (fault.Reason, fault.Alert));
        Assert.Equal((expected ?? fault.Expected, actual ?? fault.Actual), (fault.Expected, fault.Actual));
        Assert.Equal(before, parked);
        Assert.False(fresh.Lens().HasPendingOutput);
        ScriptedFault.AssertWiped(fresh);
        foreach (RegionId id in new[] { RegionId.OutWindow, RegionId.MqttSession, RegionId.MqttTopic })
        {
            Assert.False(fresh.Region(id).ContainsAnyExcept((byte)0), id.ToString());
        }

        Assert.Equal(TlsStatus.Faulted, fresh.Write([1]));
        Assert.Equal(TlsStatus.Faulted, fresh.Lens().Resume(key, generation, parked));
        Assert.Empty(fresh.Output);
        fresh.CheckGuards();
    }
}
