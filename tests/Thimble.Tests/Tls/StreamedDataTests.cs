using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Records larger than the window on a connection that stands, in both versions: swallowed, or given out provisionally.</summary>
public sealed class StreamedDataTests
{
    public static TheoryData<string> All => ["1.2 GCM", "1.2 ChaCha", "1.2 CCM", "1.2 CCM_8", "1.3 GCM", "1.3 ChaCha", "1.3 CCM", "1.3 CCM_8"];

    [Theory]
    [MemberData(nameof(All))]
    public void By_default_the_record_is_swallowed_and_then_refused_with_both_sizes(string kind)
    {
        StreamedPeer peer = StreamedPeer.Connect(kind, provisional: false);
        byte[] record = peer.Seal(Wire.ApplicationData, Message(16_384));
        Assert.Equal(TlsStatus.NeedMoreData, peer.Client.Read(record.AsSpan(0, record.Length - 1)));
        Assert.Equal(FaultReason.None, peer.Client.Fault.Reason);
        Assert.Equal(TlsStatus.Faulted, peer.Client.Read(record.AsSpan(record.Length - 1)));
        Assert.Equal((FaultReason.RecordLargerThanWindow, 512u, 16_384u), (peer.Client.Fault.Reason, peer.Client.Fault.Expected, peer.Client.Fault.Actual));
        Assert.Empty(peer.Client.Data);
        peer.Client.Flush();
        ScriptedFault.StaysFaulted(peer.Client);
        ScriptedFault.AssertWiped(peer.Client);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Provisional_data_ends_in_a_commit_and_is_what_was_sent(string kind)
    {
        foreach (int length in new[] { 513, 528, 529, 1_024, 5_000, 16_383, 16_384 })
        {
            foreach (int piece in new[] { 1, 333, 20_000 })
            {
                StreamedPeer peer = StreamedPeer.Connect(kind, provisional: true);
                byte[] message = Message(length);
                Assert.Equal(Events(peer, peer.Seal(Wire.ApplicationData, [7, 7]), piece), [TlsStatus.Complete]);
                List<TlsStatus> events = Events(peer, peer.Seal(Wire.ApplicationData, message), piece);
                Assert.Equal(TlsStatus.Committed, events[^1]);
                Assert.All(events[..^1], static e => Assert.Equal(TlsStatus.Provisional, e));
                Assert.Equal([7, 7, .. message], peer.Client.Data);
                Assert.Equal(Events(peer, peer.Seal(Wire.ApplicationData, [8]), piece), [TlsStatus.Complete]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_two_part_split_gives_the_same(string kind)
    {
        byte[] message = Message(1_200);
        for (int at = 1; at < 1_210; at += 7)
        {
            StreamedPeer peer = StreamedPeer.Connect(kind, provisional: true);
            byte[] record = peer.Seal(Wire.ApplicationData, message);
            List<TlsStatus> events = [.. Events(peer, record[..at], 20_000), .. Events(peer, record[at..], 20_000)];
            Assert.Equal((TlsStatus.Committed, 1), (events[^1], events.Count(static e => e == TlsStatus.Committed)));
            Assert.Equal(message, peer.Client.Data);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_flip_of_any_byte_is_a_bad_tag_after_the_last_one(string kind)
    {
        foreach (bool provisional in new[] { false, true })
        {
            foreach (byte type in new[] { Wire.ApplicationData, Wire.Handshake, Wire.Alert })
            {
                StreamedPeer peer = StreamedPeer.Connect(kind, provisional);
                byte[] record = peer.Seal(type, Message(type == Wire.ApplicationData ? 2_000 : 700));
                byte[] before = peer.Client.Memory.ToArray();
                for (int at = 5; at < record.Length; at += 3)
                {
                    before.CopyTo(peer.Client.Memory);
                    byte[] flipped = [.. record];
                    flipped[at] ^= (byte)(1 << (at % 8));
                    List<TlsStatus> events = Events(peer, flipped[..^1], 20_000);
                    Assert.DoesNotContain(TlsStatus.Committed, events);
                    Assert.Equal((FaultReason.None, false), (peer.Client.Fault.Reason, peer.Client.Lens().HasPendingOutput));
                    Assert.Equal(peer.Server13 is not null, peer.Client.Lens().AlpnNegotiated); // the handshake said so, long before
                    events = Events(peer, flipped[^1..], 20_000);
                    Assert.Equal(peer.Server13 is not null, peer.Client.Lens().AlpnNegotiated);
                    Assert.Equal([TlsStatus.Faulted], events);
                    Assert.Equal((FaultReason.BadRecordMac, (byte)20), (peer.Client.Fault.Reason, peer.Client.Fault.Alert));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void An_end_of_the_transport_within_the_record_is_an_abort(string kind)
    {
        StreamedPeer peer = StreamedPeer.Connect(kind, provisional: true);
        byte[] record = peer.Seal(Wire.ApplicationData, Message(3_000));
        Assert.All(Events(peer, record[..^1], 100), static e => Assert.Equal(TlsStatus.Provisional, e));
        Assert.Equal(TlsStatus.Faulted, peer.Client.SourceEnded());
        Assert.Equal(FaultReason.TruncatedByPeer, peer.Client.Fault.Reason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_ticket_larger_than_the_window_is_let_go(bool provisional)
    {
        StreamedPeer peer = StreamedPeer.Connect("1.3 GCM", provisional);
        byte[] ticket = Scripted13Replay.Ticket(3_000);
        List<TlsStatus> events = Events(peer, peer.Seal(Wire.Handshake, [.. ticket, .. ticket]), 1_000);
        Assert.Equal(provisional, events.Contains(TlsStatus.Withdrawn));
        Assert.DoesNotContain(TlsStatus.Committed, events);
        peer.Client.Data.Clear();
        Assert.Equal([TlsStatus.Complete], Events(peer, peer.Seal(Wire.ApplicationData, [1, 2]), 1_000));
        Assert.Equal([1, 2], peer.Client.Data);
    }

    [Fact]
    public void A_key_update_behind_a_large_ticket_takes_effect_at_the_tag()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(client: new ScriptedClient { Profile = Streamed13.Windowed });
        byte[] keys = client.Region(RegionId.TrafficKeys).ToArray();
        byte[] record = server.Seal(Wire.Handshake, [.. Scripted13Replay.Ticket(3_000), .. Wire.Message(24, [1])], 600);
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(record.AsSpan(0, record.Length - 1)));
        Assert.Equal(keys, client.Region(RegionId.TrafficKeys).ToArray());
        Assert.False(client.Lens().HasPendingOutput);
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(record.AsSpan(record.Length - 1)));
        Assert.NotEqual(keys, client.Region(RegionId.TrafficKeys).ToArray());
        client.Flush();
        server.Answer([.. client.Output]);
        Assert.Equal([0], server.KeyUpdates);
    }

    [Fact]
    public void Padding_beyond_the_window_is_no_content()
    {
        StreamedPeer peer = StreamedPeer.Connect("1.3 GCM", provisional: true);
        Assert.Equal([TlsStatus.Committed], [.. Events(peer, peer.Server13!.Seal(Wire.ApplicationData, [1, 0, 2, 0], 3_000), 20_000).Where(static e => e != TlsStatus.Provisional)]);
        Assert.Equal([1, 0, 2, 0], peer.Client.Data);
        byte[] zeros = [.. new byte[4_000], 5];
        Events(peer, peer.Server13!.Seal(Wire.ApplicationData, zeros), 700);
        Assert.Equal(zeros, peer.Client.Data.Skip(4));
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal([], Events(peer, peer.Server13!.Seal(Wire.ApplicationData, [], 3_000), 20_000));
        }

        Assert.Equal([TlsStatus.Faulted], Events(peer, peer.Server13!.Seal(Wire.ApplicationData, [], 3_000), 20_000));
        Assert.Equal(FaultReason.Flood, peer.Client.Fault.Reason);
    }

    [Theory]
    [InlineData("1.2 GCM", 16_385, FaultReason.RecordOverflow, 16_384, 16_385)]
    [InlineData("1.3 GCM", 16_385, FaultReason.RecordOverflow, 16_384, 16_385)]
    public void What_is_longer_than_the_longest_legal_record_overflows(string kind, int bytes, FaultReason reason, uint expected, uint actual)
    {
        StreamedPeer peer = StreamedPeer.Connect(kind, provisional: true);
        Events(peer, peer.Seal(Wire.ApplicationData, Message(bytes)), 20_000);
        Assert.Equal((reason, expected, actual), (peer.Client.Fault.Reason, peer.Client.Fault.Expected, peer.Client.Fault.Actual));
    }

    [Theory]
    [InlineData("1.2 GCM", Wire.Alert, FaultReason.AlertMalformed, 2, 700)]
    [InlineData("1.2 GCM", Wire.ChangeCipherSpec, FaultReason.ChangeCipherSpecInvalid, 0, 700)]
    [InlineData("1.2 GCM", Wire.Handshake, FaultReason.Flood, 16, 17)]
    [InlineData("1.3 GCM", Wire.Alert, FaultReason.AlertMalformed, 2, 700)]
    [InlineData("1.3 GCM", Wire.ChangeCipherSpec, FaultReason.UnexpectedRecord, 0, 20)]
    [InlineData("1.3 GCM", Wire.Handshake, FaultReason.UnexpectedMessage, 4, 0)]
    public void Large_records_of_other_types_are_judged_at_their_tag(string kind, byte type, FaultReason reason, uint expected, uint actual)
    {
        StreamedPeer peer = StreamedPeer.Connect(kind, provisional: false);
        byte[] record = peer.Seal(type, new byte[700]);
        Assert.Equal([], Events(peer, record[..^1], 100));
        Assert.Equal(FaultReason.None, peer.Client.Fault.Reason);
        Assert.Equal([TlsStatus.Faulted], Events(peer, record[^1..], 100));
        Assert.Equal((reason, expected, actual), (peer.Client.Fault.Reason, peer.Client.Fault.Expected, peer.Client.Fault.Actual));
    }

    [Fact]
    public void Our_own_records_go_out_in_the_middle_of_one()
    {
        foreach (string kind in All)
        {
            StreamedPeer peer = StreamedPeer.Connect(kind, provisional: true);
            byte[] message = Message(2_000);
            byte[] record = peer.Seal(Wire.ApplicationData, message);
            Events(peer, record[..1_100], 100);
            Assert.Equal(TlsStatus.Complete, peer.Client.Write(Message(900)));
            Assert.Equal(TlsStatus.Committed, Events(peer, record[1_100..], 100)[^1]);
            Assert.Equal(message, peer.Client.Data);
        }
    }

    /// <summary>What reading said, besides that it wants more.</summary>
    private static List<TlsStatus> Events(StreamedPeer peer, byte[] bytes, int pieceBytes)
    {
        var events = new List<TlsStatus>();
        byte[] destination = new byte[300];
        foreach (byte[] piece in bytes.Chunk(pieceBytes))
        {
            ReadOnlySpan<byte> rest = piece;
            TlsStatus status;
            do
            {
                status = peer.Client.Lens().Read(rest, destination, out int consumed, out int written);
                rest = rest[consumed..];
                peer.Client.Data.AddRange(destination.AsSpan(0, written));
                if (status != TlsStatus.NeedMoreData)
                {
                    events.Add(status);
                }
            }
            while (status is not (TlsStatus.NeedMoreData or TlsStatus.Faulted or TlsStatus.Closed));
        }

        peer.Client.CheckGuards();
        return events;
    }

    private static byte[] Message(int length) => [.. Enumerable.Range(0, length).Select(static i => (byte)((i * 7) + (i >> 8)))];
}
