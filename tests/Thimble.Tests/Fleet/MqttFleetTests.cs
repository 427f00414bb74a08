using System;
using System.Collections.Concurrent;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Testing;
using Thimble.Tests.Facade;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tests.Fleet;

/// <summary>Many clients of Mosquitto, each with its own certificate.</summary>
[Collection(PeerTests.Name)]
public sealed class MqttFleetTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [PeerTheory("mosquitto")]
    [InlineData("1.2", MqttQos.AtMostOnce)]
    [InlineData("1.3", MqttQos.AtLeastOnce)]
    public async Task Two_hundred_clients_get_each_its_own_messages_and_rest_in_between(string version, MqttQos qos)
    {
        const int Clients = 200;
        using FleetBroker broker = FleetBroker.Start(version);
        var got = new ConcurrentQueue<(object? Tag, string Topic, string Payload, MqttQos Qos)>();
        using var all = new CountdownEvent(2 * Clients);
        await using var fleet = new MqttFleet(broker.Options((client, message) =>
        {
            got.Enqueue((client.Tag, Encoding.UTF8.GetString(message.Topic), Encoding.UTF8.GetString(message.Payload), message.Qos));
            _ = all.Signal();
        }));
        MqttFleetClient[] clients = await ConnectAsync(fleet, broker, Clients);
        await Task.WhenAll(clients.Select((client, i) => client.SubscribeAsync($"to/{i}", qos)));
        await AssertAllRestAsync(fleet, Clients);

        for (int round = 0; round < 2; round++)
        {
            await Task.WhenAll(clients.Select((_, i) => clients[(i + 1) % Clients].PublishAsync($"to/{i}", Encoding.UTF8.GetBytes($"round {round}"), qos).AsTask()));
        }

        Assert.True(all.Wait(s_patience), $"{all.CurrentCount} messages did not come.");
        Assert.All(got, message => Assert.Equal($"to/{message.Tag}", message.Topic));
        Assert.All(got, message => Assert.Equal(qos, message.Qos));
        Assert.Equal(Clients, got.Count(message => message.Payload == "round 1"));
        await AssertAllRestAsync(fleet, Clients);
        Assert.Equal(Clients, broker.Process.Output.Split('\n').Count(line => line.Contains("New client connected", StringComparison.Ordinal)));
    }

    [PeerFact("mosquitto")]
    public async Task A_client_from_an_image_needs_no_trust_of_the_fleet_and_its_faults_name_its_own_anchors()
    {
        using FleetBroker broker = FleetBroker.Start();
        MqttFleetOptions options = broker.Options();
        var stranger = TestIdentity.Ec("Another authority");
        using ClientIdentity device = broker.Device("device-7");
        await using var fleet = new MqttFleet(options with { Trust = Trust.Of([stranger.Certificate]) });
        using var baked = Credentials.FromImage(Credentials.From(options.Trust, device).BuildRomImage(DateTimeOffset.UtcNow));
        MqttFleetClient client = await fleet.ConnectAsync(baked, "device-7");
        Assert.True(client.IsConnected);
        TlsFaultException fault = await Assert.ThrowsAsync<TlsFaultException>(() => fleet.ConnectAsync(device, "device-7"));
        Assert.Equal(FaultReason.IssuerUnknown, fault.Fault.Reason);
        using var narrowed = Credentials.FromImage(Credentials.From(options.Trust.WithPins(KeyPin.Of(stranger.Certificate).Text), device).BuildRomImage(DateTimeOffset.UtcNow));
        TlsFaultException pinned = await Assert.ThrowsAsync<TlsFaultException>(() => fleet.ConnectAsync(narrowed, "device-7"));
        Assert.Contains(KeyPin.Of(stranger.Certificate).Text, pinned.Message, StringComparison.Ordinal);
    }

    [PeerFact("mosquitto")]
    public async Task A_client_lives_through_silences_longer_than_the_broker_allows()
    {
        using FleetBroker broker = FleetBroker.Start();
        var ended = new ConcurrentQueue<Exception?>();
        await using var fleet = new MqttFleet(broker.Options() with { KeepAliveSeconds = 1, Ended = (_, why) => ended.Enqueue(why) });
        MqttFleetClient[] clients = await ConnectAsync(fleet, broker, 20);
        await Task.Delay(TimeSpan.FromSeconds(4)); // the broker drops who is silent for 1.5 s ([MQTT-3.1.2-24])
        Assert.Empty(ended);
        Assert.All(clients, client => Assert.True(client.IsConnected));
        Assert.InRange(broker.Process.Output.Split('\n').Count(line => line.Contains("Received PINGREQ", StringComparison.Ordinal)), 40, 200);
        await AssertAllRestAsync(fleet, 20);
    }

    [PeerFact("mosquitto")]
    public async Task When_the_broker_dies_every_client_ends_once_and_gives_back_what_it_had()
    {
        using FleetBroker broker = FleetBroker.Start();
        var ended = new ConcurrentQueue<(MqttFleetClient Client, Exception? Why)>();
        await using var fleet = new MqttFleet(broker.Options() with { Ended = (client, why) => ended.Enqueue((client, why)) });
        MqttFleetClient[] clients = await ConnectAsync(fleet, broker, 50);
        broker.Process.Kill();
        await UntilAsync(() => ended.Count == clients.Length, () => $"{ended.Count} of {clients.Length} have ended.");
        Assert.Equal(clients.Length, ended.Select(end => end.Client).Distinct().Count());
        Assert.All(ended, end => Assert.IsAssignableFrom<ThimbleException>(end.Why));
        Assert.Equal(0, fleet.MemoryUse.Connections);
        Assert.Equal(0, fleet.MemoryUse.Working);
        Assert.Equal(0, fleet.Count);
        for (int slot = 0; slot < clients.Length; slot++)
        {
            Assert.False(fleet.Memory.Slab[slot].ContainsAnyExcept((byte)0), "A slot that is free holds something.");
        }

        TransportException late = await Assert.ThrowsAsync<TransportException>(() => clients[0].PublishAsync("t", default).AsTask());
        Assert.Equal(TransportProblem.ConnectionLost, late.Problem);
    }

    [PeerFact("mosquitto")]
    public async Task A_thousand_clients_that_come_and_go_leave_no_slot_and_no_buffer_behind()
    {
        using FleetBroker broker = FleetBroker.Start();
        using ClientIdentity device = broker.Device("one of many");
        await using var fleet = new MqttFleet(broker.Options());
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_000), new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (i, end) =>
        {
            await using MqttFleetClient client = await fleet.ConnectAsync(device, "guest-" + i.ToString(CultureInfo.InvariantCulture), null, end);
            await client.PublishAsync("hello", new byte[] { 1 }, i % 2 == 0 ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce, cancellationToken: end);
        });
        await UntilAsync(() => fleet.MemoryUse is { Connections: 0, Working: 0 }, () => fleet.MemoryUse.ToString());
        Assert.Equal(0, fleet.Count);
        Assert.Equal(Rounded(fleet.MemoryUse.SlotBytes) * 1024L, fleet.MemoryUse.SlabBytes);
    }

    [PeerFact("mosquitto")]
    public async Task One_client_is_sent_to_and_sends_and_pings_at_the_same_time()
    {
        const int Senders = 8, Each = 100;
        using FleetBroker broker = FleetBroker.Start();
        using var all = new CountdownEvent(Senders * Each);
        var got = new ConcurrentDictionary<string, int>();
        await using var fleet = new MqttFleet(broker.Options((client, message) =>
        {
            got.AddOrUpdate(Encoding.UTF8.GetString(message.Payload), 1, (_, times) => times + 1);
            all.Signal();
        }) with { KeepAliveSeconds = 1 });
        MqttFleetClient client = (await ConnectAsync(fleet, broker, 1))[0];
        await client.SubscribeAsync("own/#", MqttQos.AtLeastOnce);
        await Parallel.ForEachAsync(Enumerable.Range(0, Senders), new ParallelOptions { MaxDegreeOfParallelism = Senders }, async (sender, end) =>
        {
            for (int i = 0; i < Each; i++)
            {
                // Four may be in flight at once, so that half of the senders wait for their turn.
                await client.PublishAsync("own/topic", Encoding.UTF8.GetBytes($"{sender}/{i}"), i % 2 == 0 ? MqttQos.AtLeastOnce : MqttQos.AtMostOnce, cancellationToken: end);
            }
        });
        Assert.True(all.Wait(s_patience), $"{all.CurrentCount} messages did not come.");
        Assert.Equal(Senders * Each, got.Count);
        Assert.All(got.Values, times => Assert.Equal(1, times));
        await AssertAllRestAsync(fleet, 1);
    }

    [PeerFact("mosquitto")]
    public async Task A_payload_larger_than_records_comes_whole_and_one_too_large_is_passed_over()
    {
        using FleetBroker broker = FleetBroker.Start();
        var got = new ConcurrentQueue<byte[]>();
        await using var fleet = new MqttFleet(broker.Options((_, message) => got.Enqueue(message.Payload.ToArray())) with
        {
            Profile = broker.Options().Profile with { InWindowBytes = 1 << 14 },
            MaxPayloadBytes = 50_000,
        });
        MqttFleetClient client = (await ConnectAsync(fleet, broker, 1))[0];
        await client.SubscribeAsync("large", MqttQos.AtLeastOnce);
        byte[] large = RandomNumberGenerator.GetBytes(50_000);
        await client.PublishAsync("large", new byte[50_001], MqttQos.AtLeastOnce);
        await client.PublishAsync("large", large, MqttQos.AtLeastOnce);
        await UntilAsync(() => !got.IsEmpty, () => "No message came.");
        Assert.Equal(Convert.ToHexString(large), Convert.ToHexString(Assert.Single(got)));
        await AssertAllRestAsync(fleet, 1);
    }

    [PeerFact("mosquitto")]
    public async Task A_certificate_of_strangers_is_refused_in_words()
    {
        using FleetBroker broker = FleetBroker.Start("1.2"), other = FleetBroker.Start("1.2");
        using ClientIdentity stranger = other.Device("stranger");
        await using var fleet = new MqttFleet(broker.Options());
        TlsFaultException refused = await Assert.ThrowsAsync<TlsFaultException>(() => fleet.ConnectAsync(stranger, "stranger"));
        Assert.Equal(FaultReason.AlertReceived, refused.Fault.Reason);
        await using var deceived = new MqttFleet(broker.Options() with { Trust = other.Trust });
        using ClientIdentity device = broker.Device("device");
        TlsFaultException untrusted = await Assert.ThrowsAsync<TlsFaultException>(() => deceived.ConnectAsync(device, "device"));
        Assert.Contains("at depth 3 ('CN=Thimble", untrusted.Message, StringComparison.Ordinal);
        Assert.Equal(0, fleet.MemoryUse.Connections + fleet.MemoryUse.Working + deceived.MemoryUse.Connections + deceived.MemoryUse.Working);
    }

    internal static async Task<MqttFleetClient[]> ConnectAsync(MqttFleet fleet, FleetBroker broker, int count)
    {
        var clients = new MqttFleetClient[count];
        await Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, end) =>
        {
            using ClientIdentity device = broker.Device("device-" + i.ToString(CultureInfo.InvariantCulture));
            clients[i] = await fleet.ConnectAsync(device, "device-" + i.ToString(CultureInfo.InvariantCulture), tag: i, end);
        });
        return clients;
    }

    internal static async Task UntilAsync(Func<bool> condition, Func<string> otherwise)
    {
        using var end = new CancellationTokenSource(s_patience);
        while (!condition())
        {
            Assert.False(end.IsCancellationRequested, otherwise());
            await Task.Delay(10);
        }
    }

    /// <summary>Each has a slot of exactly the size that the plan says, and none a buffer.</summary>
    private static async Task AssertAllRestAsync(MqttFleet fleet, int clients)
    {
        await UntilAsync(() => fleet.MemoryUse.Working == 0, () => fleet.MemoryUse.ToString());
        MqttFleetMemory use = fleet.MemoryUse;
        Assert.Equal(clients, use.Connections);
        Assert.Equal(clients, fleet.Count);
        Assert.Equal(MemoryPlan.For(fleet.Options.Profile with { MaxTicketBytes = 0 }).RestingBytes, use.SlotBytes);
        Assert.InRange(use.SlotBytes, 1, 512);
        Assert.Equal(Rounded(use.SlotBytes) * 1024L, use.SlabBytes);
    }

    private static int Rounded(int bytes) => (bytes + 7) / 8 * 8;
}
