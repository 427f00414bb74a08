using System;
using System.Buffers.Binary;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>What comes after a handshake of TLS 1.3: data, padding, tickets, key updates, alerts and the two ends.</summary>
public sealed class Scripted13DataTests
{
    [Fact]
    public void Padding_is_taken_off()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        Assert.Equal(TlsStatus.NeedMoreData, client.Read([.. server.Seal(Wire.ApplicationData, [1, 0, 0], 500), .. server.Seal(Wire.ApplicationData, [0, 0, 2], 0)]));
        Assert.Equal([1, 0, 0, 0, 0, 2], client.Data);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void The_server_changes_its_key_and_gets_an_answer_where_it_asks_for_one(byte request)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        for (byte round = 0; round < 5; round++)
        {
            client.Output.Clear();
            Assert.Equal(TlsStatus.NeedMoreData, client.Read([.. server.UpdateKey(request), .. server.Seal(Wire.ApplicationData, [round])]));
            Assert.Equal(request == 1, client.Lens().HasPendingOutput);
            client.Flush();
            server.Answer([.. client.Output]);
            Assert.Equal(request == 1 ? round + 1 : 0, server.KeyUpdates.Count);
            Assert.Equal(round + 1, client.Data.Count);
        }

        Assert.All(server.KeyUpdates, static value => Assert.Equal(0, value));
        Scripted13.AssertDataBothWays(client, server);
    }

    [Fact]
    public void Several_requests_before_our_answer_are_answered_once_and_before_our_data()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        client.Read([.. server.UpdateKey(1), .. server.UpdateKey(1), .. server.UpdateKey(0), .. server.UpdateKey(1)]);
        client.Write([7]);
        server.Answer([.. client.Output]);
        Assert.Equal([0], server.KeyUpdates);
        Assert.Equal([7], server.ReceivedData);
    }

    [Fact]
    public void Key_updates_without_end_are_a_flood()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        client.Read(Wire.Join(Enumerable.Range(0, 16).Select(_ => server.UpdateKey(0))));
        client.Read(server.Seal(Wire.ApplicationData, [1]));
        client.Read(Wire.Join(Enumerable.Range(0, 16).Select(_ => server.UpdateKey(0))));
        Scripted13.ReadFails(client, server, server.UpdateKey(0), FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17);
    }

    [Fact]
    public void Tickets_are_let_go_of_and_without_end_a_flood()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(new ScriptedServer13
        {
            AfterFinished = static s => [.. s.Seal(Wire.Handshake, Scripted13Replay.Ticket(1)), .. s.Seal(Wire.Handshake, Scripted13Replay.Ticket(5000))],
        });
        client.Read(server.Seal(Wire.ApplicationData, [1]));
        byte[] long1 = Scripted13Replay.Ticket(60_000);
        client.Read(Wire.Join(long1.Chunk(3000).Select(piece => server.Seal(Wire.Handshake, piece))));
        Assert.Equal([1], client.Data);
        client.Read(Wire.Join(Enumerable.Range(0, 15).Select(_ => server.Seal(Wire.Handshake, Scripted13Replay.Ticket(32)))));
        Scripted13.ReadFails(client, server, server.Seal(Wire.Handshake, Scripted13Replay.Ticket(32)), FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 9, 0, 3, 0, 42, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 9, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 0, 1, 0, 0, 0, 1, 9 })]
    [InlineData(new byte[] { })]
    public void A_ticket_whose_fields_do_not_add_up(byte[] body)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        Scripted13.ReadFails(client, server, server.Seal(Wire.Handshake, Wire.Message(4, body)), FaultReason.MessageMalformed, AlertDescription.DecodeError, 4);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(255)]
    public void A_key_update_that_means_nothing(byte value)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        Scripted13.ReadFails(client, server, server.Seal(Wire.Handshake, Wire.Message(24, [value])), FaultReason.KeyUpdateInvalid, AlertDescription.IllegalParameter, 1, value);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_key_update_of_another_length(int bytes)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        Scripted13.ReadFails(client, server, server.Seal(Wire.Handshake, Wire.Message(24, new byte[bytes])), FaultReason.MessageMalformed, AlertDescription.DecodeError, 24, (uint)bytes);
    }

    [Fact]
    public void A_key_update_with_more_behind_it_in_its_record()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        Scripted13.ReadFails(
            client, server, server.Seal(Wire.Handshake, [.. Wire.Message(24, [0]), .. Scripted13Replay.Ticket(1)]), FaultReason.MessageAcrossKeyChange, AlertDescription.UnexpectedMessage);
    }

    [Fact]
    public void A_record_under_the_old_key_after_a_key_update()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        byte[] update = server.Seal(Wire.Handshake, Wire.Message(24, [0]));
        Scripted13.ReadFails(client, server, [.. update, .. server.Seal(Wire.ApplicationData, [1])], FaultReason.BadRecordMac, AlertDescription.BadRecordMac);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(Wire.CertificateRequest)]
    [InlineData(Wire.Finished)]
    public void A_handshake_message_that_has_no_place_behind_the_handshake(byte type)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        Scripted13.ReadFails(client, server, server.Seal(Wire.Handshake, Wire.Message(type, [0, 0])), FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, 4, type);
    }

    [Fact]
    public void Data_between_the_parts_of_a_ticket()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        byte[] ticket = Scripted13Replay.Ticket(30);
        Scripted13.ReadFails(
            client, server, [.. server.Seal(Wire.Handshake, ticket[..20]), .. server.Seal(Wire.ApplicationData, [1])], FaultReason.UnexpectedRecord, AlertDescription.UnexpectedMessage, 0, 23);
    }

    [Fact]
    public void Change_cipher_spec_has_no_place_behind_the_handshake()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        Scripted13.ReadFails(client, server, Wire.Record(Wire.ChangeCipherSpec, [1]), FaultReason.ChangeCipherSpecInvalid, AlertDescription.UnexpectedMessage, 1, 1);
    }

    [Fact]
    public void Empty_records_without_end_are_a_flood()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        client.Read(Wire.Join(Enumerable.Range(0, 16).Select(_ => server.Seal(Wire.ApplicationData, [], 9))));
        Scripted13.ReadFails(client, server, server.Seal(Wire.ApplicationData, []), FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17);
    }

    /// <summary>RFC 8446 §6.1: each side ends by itself.</summary>
    [Fact]
    public void After_the_server_s_close_notify_we_may_write_on()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        Assert.Equal(TlsStatus.Closed, client.Read([.. server.Seal(Wire.ApplicationData, [9]), .. server.Seal(Wire.Alert, [1, 0])]));
        Assert.Equal([9], client.Data);
        Assert.Equal(TlsStatus.Complete, client.Write([1, 2]));
        Assert.Equal(TlsStatus.Closed, client.Read(server.Seal(Wire.ApplicationData, [8])));
        Assert.Equal([9], client.Data);
        client.Close();
        server.Answer([.. client.Output]);
        Assert.Equal([1, 2], server.ReceivedData);
        Assert.Equal([1, 0], server.Received[^1].Content);
        Assert.Equal(TlsStatus.Closed, client.Write([3]));
        Assert.Equal(TlsStatus.Closed, client.SourceEnded());
        ScriptedFault.AssertWiped(client);
    }

    [Fact]
    public void After_the_server_s_close_notify_the_transport_may_end()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        client.Read(server.Seal(Wire.Alert, [1, 0]));
        Assert.Equal(TlsStatus.Closed, client.SourceEnded());
        Assert.Equal(FaultReason.None, client.Fault.Reason);
        ScriptedFault.AssertWiped(client);
    }

    [Fact]
    public void After_our_close_notify_the_server_may_write_on()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        client.Close();
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(server.Seal(Wire.ApplicationData, [5])));
        Assert.Equal([5], client.Data);
        Assert.Equal(TlsStatus.Closed, client.Read(server.Seal(Wire.Alert, [1, 0])));
    }

    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 80)]
    public void Any_other_alert_ends_the_connection_whatever_its_level(byte level, byte description)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        Scripted13.ReadFails(client, server, server.Seal(Wire.Alert, [level, description]), FaultReason.AlertReceived, null, 0, description);
    }

    /// <summary>RULES 8. The engine's sequence numbers stand at the start of the region, our own first.</summary>
    [Fact]
    public void Our_key_is_changed_before_it_is_used_up()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        client.Write([1, 2, 3]);
        server.Answer([.. client.Output]);
        Assert.Empty(server.KeyUpdates);
        BinaryPrimitives.WriteUInt64BigEndian(client.Region(RegionId.TrafficKeys), 1ul << 27);
        client.Write([1, 2, 3]);
        Assert.Equal(1ul, BinaryPrimitives.ReadUInt64BigEndian(client.Region(RegionId.TrafficKeys)));
        Assert.Equal(FaultReason.None, client.Fault.Reason);
    }

    /// <summary>RFC 9147 §4.5.3: half of 2^23 records, and neither side's key is still the same.</summary>
    [Theory]
    [InlineData(ScriptedKeys13.Aes128Ccm)]
    [InlineData(ScriptedKeys13.Aes128Ccm8)]
    public void Keys_of_CCM_are_changed_after_fewer_records(int suite)
    {
        const ulong Near = (1ul << 22) - 1;
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(new ScriptedServer13 { Suite = (ushort)suite });
        BinaryPrimitives.WriteUInt64BigEndian(client.Region(RegionId.TrafficKeys), Near - 1);
        BinaryPrimitives.WriteUInt64BigEndian(client.Region(RegionId.TrafficKeys)[8..], Near);
        server.SkipTo(Near);
        client.Write([1]);
        Assert.Equal(Near, BinaryPrimitives.ReadUInt64BigEndian(client.Region(RegionId.TrafficKeys)));
        client.Write([2]);
        client.Flush();
        Assert.Equal(0ul, BinaryPrimitives.ReadUInt64BigEndian(client.Region(RegionId.TrafficKeys)));
        client.Read(server.Seal(Wire.ApplicationData, [1]));
        Assert.True(client.Lens().HasPendingOutput); // a KeyUpdate that asks for one
        BinaryPrimitives.WriteUInt64BigEndian(client.Region(RegionId.TrafficKeys)[8..], 1ul << 23);
        server.SkipTo(1ul << 23);
        Assert.Equal(TlsStatus.Faulted, client.Read(server.Seal(Wire.ApplicationData, [1])));
        Assert.Equal(FaultReason.SequenceExhausted, client.Fault.Reason);
    }

    [Fact]
    public void The_server_is_asked_to_change_its_key_before_it_is_used_up_and_not_with_every_record()
    {
        const ulong Near = (1ul << 23) + 0xFFFE;
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        BinaryPrimitives.WriteUInt64BigEndian(client.Region(RegionId.TrafficKeys)[8..], Near);
        server.SkipTo(Near);
        client.Read(server.Seal(Wire.ApplicationData, [1]));
        Assert.False(client.Lens().HasPendingOutput);
        client.Read(server.Seal(Wire.ApplicationData, [2]));
        client.Read(server.Seal(Wire.ApplicationData, [3]));
        client.Flush();
        server.Answer([.. client.Output]);
        Assert.Equal([1], server.KeyUpdates);
        client.Read(server.UpdateKey(0));
        Scripted13.AssertDataBothWays(client, server);
    }

    [Fact]
    public void A_sequence_number_that_is_used_up_all_the_same_is_a_fault()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        BinaryPrimitives.WriteUInt64BigEndian(client.Region(RegionId.TrafficKeys)[8..], 1ul << 32);
        Assert.Equal(TlsStatus.Faulted, client.Read(server.Seal(Wire.ApplicationData, [1])));
        Assert.Equal(FaultReason.SequenceExhausted, client.Fault.Reason);
    }

    [Theory]
    [InlineData(8_192, FaultReason.None)]
    [InlineData(8_193, FaultReason.RecordLargerThanWindow)]
    public void A_record_fits_the_window_or_is_refused_padding_included(int bytes, FaultReason reason)
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected();
        client.Read(server.Seal(Wire.ApplicationData, new byte[100], bytes - 100));
        Assert.Equal(reason, client.Fault.Reason);
    }

    [Fact]
    public void The_longest_record_there_is()
    {
        (ScriptedClient client, ScriptedServer13 server) = Scripted13.Connected(
            client: new ScriptedClient { Profile = Scripted13.Only13 with { InWindowBytes = 16_384 + 256 }, DestinationBytes = 20_000 });
        client.Read(server.Seal(Wire.ApplicationData, new byte[16_384]));
        Assert.Equal(16_384, client.Data.Count);
        client.Read(server.Seal(Wire.ApplicationData, [], 16_640 - 17));
        Assert.Equal(FaultReason.None, client.Fault.Reason);
        Scripted13.ReadFails(client, server, server.Seal(Wire.ApplicationData, new byte[16_385]), FaultReason.RecordOverflow, AlertDescription.RecordOverflow, 16_384, 16_385);
    }
}
