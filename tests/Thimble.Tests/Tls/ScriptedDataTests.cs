using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Application data through narrow destinations, in odd records, and beside faults and closes.</summary>
public sealed class ScriptedDataTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(28)]
    [InlineData(29)]
    [InlineData(500)]
    [InlineData(1053)]
    public void Data_goes_both_ways_through_a_destination_of_any_size(int destinationBytes)
    {
        foreach (ushort suite in new[] { ScriptedSuite.EcdsaAes128, ScriptedSuite.EcdsaChaCha })
        {
            (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected(suite, new ScriptedClient { DestinationBytes = destinationBytes });
            ScriptedHandshakeTests.AssertDataBothWays(client, server);
        }
    }

    [Fact]
    public void Writing_nothing_sends_nothing()
    {
        (ScriptedClient client, _) = ScriptedFault.Connected();
        Assert.Equal(TlsStatus.Complete, client.Write([]));
        Assert.Empty(client.Output);
    }

    [Fact]
    public void Empty_records_between_data_are_passed_over()
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected(ScriptedSuite.EcdsaChaCha);
        byte[] records = Wire.Join(Enumerable.Range(0, 40).Select(i => server.Seal(Wire.ApplicationData, i % 2 == 0 ? [] : [(byte)i])));
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(records));
        Assert.Equal(Enumerable.Range(0, 20).Select(static i => (byte)((2 * i) + 1)), client.Data);
    }

    [Fact]
    public void Reading_into_nothing_loses_nothing()
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        byte[] records = [.. server.Seal(Wire.ApplicationData, [1, 2, 3]), .. server.Seal(Wire.ApplicationData, [4])];
        Assert.Equal(TlsStatus.DestinationTooSmall, client.Lens().Read(records, default, out int consumed, out int written));
        Assert.Equal((5 + 8 + 3 + 16, 0), (consumed, written));
        Assert.Equal(TlsStatus.DestinationTooSmall, client.Lens().Read(records.AsSpan(consumed), default, out int more, out _));
        Assert.Equal(0, more);
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(records.AsSpan(consumed)));
        Assert.Equal([1, 2, 3, 4], client.Data);
    }

    [Fact]
    public void What_came_before_a_bad_record_is_delivered_before_the_fault()
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        byte[] records = [.. server.Seal(Wire.ApplicationData, [1]), .. server.Seal(Wire.ApplicationData, [2])];
        records[^1] ^= 1;
        byte[] destination = new byte[10];
        Assert.Equal(TlsStatus.Complete, client.Lens().Read(records, destination, out _, out int written));
        Assert.Equal((1, 1), (written, destination[0]));
        Assert.Equal(TlsStatus.Faulted, client.Lens().Read(default, destination, out _, out _));
        client.Flush();
        server.Answer([.. client.Output]);
        ScriptedFault.Check(client, server, FaultReason.BadRecordMac, AlertDescription.BadRecordMac, Phase.Connected);
    }

    [Fact]
    public void A_record_that_waits_goes_out_whole_before_the_answer_to_a_close_or_the_alert_of_a_fault()
    {
        foreach (bool fault in new[] { false, true })
        {
            (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
            byte[] destination = new byte[7];
            Assert.Equal(TlsStatus.DestinationTooSmall, client.Lens().Write([1, 2, 3], destination, out _, out _));
            client.Output.AddRange(destination);
            Assert.Equal(fault ? TlsStatus.Faulted : TlsStatus.Closed, client.Read(fault ? [99, 3, 3] : server.Seal(Wire.Alert, [1, 0])));
            Assert.True(client.Lens().HasPendingOutput);
            Assert.Equal(TlsStatus.Complete, client.Flush());
            Assert.False(client.Lens().HasPendingOutput);
            server.Answer([.. client.Output]);
            Assert.Equal(fault ? ["010203", "020A"] : ["010203", "0100"], server.Received.Select(static r => Convert.ToHexString(r.Content)));
            ScriptedFault.AssertWiped(client);
        }
    }

    [Fact]
    public void Before_the_handshake_is_complete_nothing_is_read_or_written()
    {
        ScriptedClient client = new ScriptedClient().Prepare();
        byte[] destination = new byte[100];
        Assert.Equal(TlsStatus.NeedMoreData, client.Lens().Write([1], destination, out int consumed, out int written));
        Assert.Equal((0, 0), (consumed, written));
        Assert.Equal(TlsStatus.NeedMoreData, client.Lens().Read([1], destination, out consumed, out written));
        Assert.Equal((0, 0), (consumed, written));
        using var server = new ScriptedServer();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
    }

    [Fact]
    public void Data_and_close_may_follow_finished_in_the_same_bytes()
    {
        using var server = new ScriptedServer
        {
            SecondFlight = static s =>
            [
                .. Wire.Record(Wire.ChangeCipherSpec, [1]), .. s.Seal(Wire.Handshake, s.FinishedMessage()), .. s.Seal(Wire.ApplicationData, [1, 2]), .. s.Seal(Wire.Alert, [1, 0]),
            ],
        };
        ScriptedClient client = new ScriptedClient().Prepare();
        Assert.Equal(TlsStatus.Closed, client.Connect(server));
        Assert.Equal([1, 2], client.Data);
    }

    [Fact]
    public void A_message_behind_finished_in_the_same_record_is_judged_when_reading()
    {
        ScriptedServer server = new()
        {
            SecondFlight = static s => [.. Wire.Record(Wire.ChangeCipherSpec, [1]), .. s.Seal(Wire.Handshake, [.. s.FinishedMessage(), .. Wire.Message(Wire.NewSessionTicket)])],
        };
        ScriptedClient client = new ScriptedClient().Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        client.Output.Clear();
        ScriptedFault.ReadFails(client, server, [], FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, 0, Wire.NewSessionTicket);
    }
}
