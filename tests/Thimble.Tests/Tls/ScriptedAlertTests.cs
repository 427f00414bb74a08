using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Alerts both ways, orderly and disorderly ends, and floods.</summary>
public sealed class ScriptedAlertTests
{
    private static readonly Phase[] Phases = [Phase.Hello, Phase.Certificates, Phase.ServerKeyExchange, Phase.KeyExchange, Phase.KeyExchange, Phase.Finished];

    [Theory]
    [InlineData(2, 40)]
    [InlineData(2, 48)]
    [InlineData(2, 0)]
    [InlineData(2, 255)]
    [InlineData(1, 0)] // close_notify in the middle of a handshake
    public void An_alert_that_ends_the_handshake_is_reported_in_every_state_and_not_answered(byte level, byte description)
    {
        for (int state = 0; state <= 5; state++)
        {
            ScriptedFault.Fails(Interrupted(state, Wire.Record(Wire.Alert, [level, description])), FaultReason.AlertReceived, null, Phases[state], 0, description);
        }

        ScriptedFault.Fails(
            new ScriptedServer { SecondFlight = s => [.. Wire.Record(Wire.ChangeCipherSpec, [1]), .. s.Seal(Wire.Alert, [level, description])] },
            FaultReason.AlertReceived, null, Phase.Finished, 0, description);
    }

    [Fact]
    public void A_warning_is_passed_over_in_every_state()
    {
        byte[] warning = Wire.Record(Wire.Alert, [1, 112]);
        using var server = new ScriptedServer
        {
            FirstFlight = messages => Wire.Join(messages.Select(m => (byte[])[.. warning, .. Wire.Record(Wire.Handshake, m)])),
            SecondFlight = s => [.. warning, .. Wire.Record(Wire.ChangeCipherSpec, [1]), .. s.Seal(Wire.Alert, [1, 90]), .. s.Seal(Wire.Handshake, s.FinishedMessage()), .. s.Seal(Wire.Alert, [1, 100])],
        };
        ScriptedClient client = new ScriptedClient().Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        ScriptedHandshakeTests.AssertDataBothWays(client, server);
    }

    [Theory]
    [InlineData(new byte[0], 2, 0)]
    [InlineData(new byte[] { 2 }, 2, 1)]
    [InlineData(new byte[] { 2, 40, 0 }, 2, 3)]
    [InlineData(new byte[] { 0, 40 }, 0, 0)]
    [InlineData(new byte[] { 3, 40 }, 0, 3)]
    public void A_malformed_alert_is_refused(byte[] content, uint expected, uint actual)
    {
        ScriptedFault.Fails(Interrupted(1, Wire.Record(Wire.Alert, content)), FaultReason.AlertMalformed, AlertDescription.DecodeError, Phase.Certificates, expected, actual);
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        ScriptedFault.ReadFails(client, server, server.Seal(Wire.Alert, content), FaultReason.AlertMalformed, AlertDescription.DecodeError, expected, actual);
    }

    [Fact]
    public void A_fatal_alert_after_the_handshake_is_reported_with_its_number()
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        Assert.Equal(TlsStatus.Faulted, client.Read(server.Seal(Wire.Alert, [2, 42])));
        Assert.Equal(42, client.Fault.Alert);
        ScriptedFault.Check(client, server, FaultReason.AlertReceived, null, Phase.Connected, 0, 42);
    }

    [Fact]
    public void Sixteen_idle_events_in_a_row_are_borne_and_the_seventeenth_is_a_flood()
    {
        Func<ScriptedServer, byte[]>[] events =
        [
            static s => s.Seal(Wire.ApplicationData, []),
            static s => s.Seal(Wire.Alert, [1, 90]),
            static s => s.Seal(Wire.Handshake, Wire.Message(Wire.HelloRequest)),
        ];
        for (int kind = 0; kind < 3; kind++)
        {
            (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
            Assert.Equal(TlsStatus.NeedMoreData, client.Read(Wire.Join(Enumerable.Range(0, 16).Select(i => events[(i * kind) % 3](server)))));
            Assert.Equal(TlsStatus.NeedMoreData, client.Read(server.Seal(Wire.ApplicationData, [1])));
            Assert.Equal(TlsStatus.NeedMoreData, client.Read(Wire.Join(Enumerable.Range(0, 16).Select(_ => events[kind](server)))));
            ScriptedFault.ReadFails(client, server, events[kind](server), FaultReason.Flood, AlertDescription.UnexpectedMessage, 16, 17);
        }
    }

    [Fact]
    public void A_flood_before_the_keys_ends_too()
    {
        byte[] warnings = Wire.Join(Enumerable.Repeat(Wire.Record(Wire.Alert, [1, 90]), 17));
        byte[] requests = Wire.Records(Wire.Handshake, Wire.Join(Enumerable.Repeat(Wire.Message(Wire.HelloRequest), 17)), 3);
        ScriptedFault.Fails(Interrupted(2, warnings), FaultReason.Flood, AlertDescription.UnexpectedMessage, Phase.ServerKeyExchange, 16, 17);
        ScriptedFault.Fails(Interrupted(3, requests), FaultReason.Flood, AlertDescription.UnexpectedMessage, Phase.KeyExchange, 16, 17);
    }

    [Fact]
    public void The_server_closes_first_and_is_answered()
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        byte[] last = [.. server.Seal(Wire.ApplicationData, [7]), .. server.Seal(Wire.Alert, [1, 0])];
        Assert.Equal(TlsStatus.Closed, client.Read(last));
        Assert.Equal([7], client.Data);
        Assert.Equal(TlsStatus.Complete, client.Flush());
        server.Answer(client.Output.ToArray());
        Assert.Equal([Wire.Alert, 1, 0], ScriptedFault.LastRecord(server));
        AssertOver(client, FaultReason.None);
        ScriptedFault.AssertWiped(client);
    }

    [Fact]
    public void The_client_closes_first_and_still_reads_what_comes()
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        Assert.Equal(TlsStatus.Complete, client.Close());
        server.Answer(client.Output.ToArray());
        Assert.Equal([Wire.Alert, 1, 0], ScriptedFault.LastRecord(server));
        Assert.Equal(TlsStatus.Closed, client.Write([1]));
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(server.Seal(Wire.ApplicationData, [8])));
        Assert.Equal([8], client.Data);
        Assert.Equal(TlsStatus.Closed, client.Read(server.Seal(Wire.Alert, [1, 0])));
        Assert.Single(server.Received);
        AssertOver(client, FaultReason.None);
        ScriptedFault.AssertWiped(client);
    }

    [Fact]
    public void Nothing_is_written_behind_a_close_that_waits_for_room()
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        TlsClient lens = client.Lens();
        byte[] destination = new byte[10];
        Assert.Equal(TlsStatus.DestinationTooSmall, lens.Write([1, 2, 3], destination, out int consumed, out int written));
        Assert.Equal((3, 10), (consumed, written));
        client.Output.AddRange(destination);
        Assert.Equal(TlsStatus.DestinationTooSmall, lens.Close(default, out _));
        Assert.Equal(TlsStatus.Closed, client.Write([9]));
        Assert.Equal(TlsStatus.Complete, client.Flush());
        server.Answer(client.Output.ToArray());
        Assert.Equal([(Wire.ApplicationData, "010203"), (Wire.Alert, "0100")], server.Received.Select(static r => (r.Type, Convert.ToHexString(r.Content))));
    }

    [Fact]
    public void Closing_gives_an_unfinished_handshake_up_in_every_state()
    {
        for (int state = 0; state <= 5; state++)
        {
            using var server = Interrupted(state, []);
            ScriptedClient client = new ScriptedClient().Prepare();
            Assert.Equal(TlsStatus.NeedMoreData, client.Handshake(default));
            byte[] flight = server.Answer(client.Output.ToArray());
            Assert.Equal(TlsStatus.NeedMoreData, client.Handshake(flight));
            int before = client.Output.Count;

            Assert.Equal(TlsStatus.Complete, client.Close());

            int alert = client.Output.Count - before;
            Assert.Equal(state == 5 ? 5 + 8 + 2 + 16 : 7, alert);
            AssertOver(client, FaultReason.None);
            Assert.Equal(TlsStatus.Closed, client.Handshake(Wire.Record(Wire.Handshake, Wire.Message(Wire.HelloRequest)), out int consumed));
            Assert.Equal((0, before + alert), (consumed, client.Output.Count));
            ScriptedFault.AssertWiped(client);
        }
    }

    [Fact]
    public void Closing_before_anything_was_sent_says_nothing()
    {
        ScriptedClient client = new ScriptedClient().Prepare();
        Assert.Equal(TlsStatus.Complete, client.Close());
        Assert.Equal(TlsStatus.Complete, client.Close());
        Assert.Equal(TlsStatus.Closed, client.Handshake(default));
        Assert.Empty(client.Output);
    }

    [Fact]
    public void The_end_of_the_transport_without_close_is_a_fault_in_every_state()
    {
        for (int state = 0; state <= 5; state++)
        {
            using var server = Interrupted(state, [22, 3]);
            ScriptedClient client = new ScriptedClient().Prepare();
            Assert.Equal(TlsStatus.NeedMoreData, client.Connect(server));
            Assert.Equal(TlsStatus.Faulted, client.SourceEnded());
            ScriptedFault.Check(client, server, FaultReason.TruncatedByPeer, null, Phases[state]);
        }

        (ScriptedClient connected, ScriptedServer peer) = ScriptedFault.Connected();
        connected.Read(peer.Seal(Wire.ApplicationData, [1, 2, 3]).AsSpan(0, 20));
        Assert.Equal(TlsStatus.Faulted, connected.SourceEnded());
        ScriptedFault.Check(connected, peer, FaultReason.TruncatedByPeer, null, Phase.Connected);
    }

    [Fact]
    public void The_end_of_the_transport_after_close_is_in_order()
    {
        (ScriptedClient client, ScriptedServer server) = ScriptedFault.Connected();
        Assert.Equal(TlsStatus.Closed, client.Read(server.Seal(Wire.Alert, [1, 0])));
        Assert.Equal(TlsStatus.Closed, client.SourceEnded());
        Assert.Equal(TlsStatus.Complete, client.Flush());
        AssertOver(client, FaultReason.None);
    }

    /// <summary>A server whose first flight stops before a message and says something else; 5 stands for the second flight.</summary>
    private static ScriptedServer Interrupted(int state, byte[] bytes) => new()
    {
        AsksForCertificate = true,
        FirstFlight = messages => [.. Wire.Join(messages.Take(state).Select(static m => Wire.Record(Wire.Handshake, m))), .. state < 5 ? bytes : []],
        SecondFlight = _ => bytes,
    };

    private static void AssertOver(ScriptedClient client, FaultReason reason)
    {
        int before = client.Output.Count;
        Assert.Equal(reason, client.Fault.Reason);
        Assert.Equal(TlsStatus.Closed, client.Read([1, 2, 3]));
        Assert.Equal(TlsStatus.Closed, client.Write([1]));
        Assert.Equal(TlsStatus.Complete, client.Close());
        Assert.Equal(before, client.Output.Count);
    }
}
