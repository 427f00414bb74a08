using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Tests.Mqtt;

/// <summary>What becomes of publications: queues and their policies, payloads of all kinds, properties, counts.</summary>
public sealed class PublishingTests
{
    [Fact]
    public async Task A_full_queue_rejects_the_newest()
    {
        using var broker = new ScriptedBroker();
        await using MqttClient client = await Offline(broker, new MqttQueueOptions { Capacity = 2, WhenFull = MqttQueuePolicy.Reject });
        Task<MqttPublishResult>[] publications = [.. Enumerable.Range(0, 3).Select(i => Publish(client, (byte)i))];
        Assert.Equal(MqttProblem.QueueFull, (await Wait.ForFailure<MqttException>(publications[2])).Problem);
        broker.IsDown = false;
        _ = await Task.WhenAll(publications[..2]);
        Assert.Equal([0, 1], broker.Published.Select(payload => payload[0]));
    }

    [Fact]
    public async Task A_full_queue_drops_the_oldest()
    {
        using var broker = new ScriptedBroker();
        await using MqttClient client = await Offline(broker, new MqttQueueOptions { Capacity = 2, WhenFull = MqttQueuePolicy.DropOldest });
        Task<MqttPublishResult>[] publications = [.. Enumerable.Range(0, 4).Select(i => Publish(client, (byte)i))];
        Assert.Equal(MqttProblem.QueueFull, (await Wait.ForFailure<MqttException>(publications[0])).Problem);
        Assert.Equal(MqttProblem.QueueFull, (await Wait.ForFailure<MqttException>(publications[1])).Problem);
        broker.IsDown = false;
        _ = await Task.WhenAll(publications[2..]);
        Assert.Equal([2, 3], broker.Published.Select(payload => payload[0]));
    }

    [Fact]
    public async Task A_full_queue_makes_publishers_wait()
    {
        using var broker = new ScriptedBroker();
        await using MqttClient client = await Offline(broker, new MqttQueueOptions { Capacity = 2 });
        Task<MqttPublishResult>[] publications = [.. Enumerable.Range(0, 10).Select(i => Publish(client, (byte)i))];
        Assert.Equal(10, client.QueuedPublications);
        Assert.All(publications, publication => Assert.False(publication.IsCompleted));
        broker.IsDown = false;
        _ = await Task.WhenAll(publications);
        Assert.Equal(Enumerable.Range(0, 10), broker.Published.Select(payload => (int)payload[0]));
    }

    [Fact]
    public async Task A_queue_is_bounded_in_bytes_too()
    {
        using var broker = new ScriptedBroker();
        await using MqttClient client = await Offline(broker, new MqttQueueOptions { CapacityBytes = 1000, WhenFull = MqttQueuePolicy.Reject });
        Task<MqttPublishResult> alone = client.PublishAsync("t", new byte[5000], MqttQos.AtLeastOnce).AsTask(); // nothing waits
        Task<MqttPublishResult> second = client.PublishAsync("t", new byte[10], MqttQos.AtLeastOnce).AsTask();
        Assert.Equal(MqttProblem.QueueFull, (await Wait.ForFailure<MqttException>(second)).Problem);
        broker.IsDown = false;
        _ = await alone;
    }

    [Fact]
    public async Task QoS_0_waits_for_a_connection_only_where_it_may()
    {
        using var broker = new ScriptedBroker();
        await using MqttClient keeps = await Offline(broker, new MqttQueueOptions());
        await using MqttClient keepsNot = await OfflineToo(new MqttQueueOptions { KeepAtMostOnce = false });
        Task<MqttPublishResult> kept = keeps.PublishAsync("t", new byte[] { 1 }).AsTask();
        Assert.False(kept.IsCompleted);
        MqttException offline = await Wait.ForFailure<MqttException>(keepsNot.PublishAsync("t", new byte[] { 2 }).AsTask());
        Assert.Equal(MqttProblem.NotConnected, offline.Problem);
        broker.IsDown = false;
        _ = await kept;
        await Wait.Until(() => broker.Published.Count == 1, "It does not come.");

        async Task<MqttClient> OfflineToo(MqttQueueOptions queue)
        {
            using var other = new ScriptedBroker();
            return await Offline(other, queue);
        }
    }

    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.ExactlyOnce)]
    public async Task Payloads_come_from_pieces_and_from_streams(MqttQos qos)
    {
        using var broker = new ScriptedBroker(MqttVersion.V311);
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        byte[] payload = [.. Enumerable.Range(0, 300_000).Select(i => (byte)i)];
        var publication = new MqttPublication { Topic = "t", Qos = qos };
        var first = new Piece(payload.AsMemory(0, 1000), null);
        Piece last = first.Add(payload.AsMemory(1000));
        _ = await client.PublishAsync(publication, new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length));
        using var stream = new MemoryStream(payload);
        _ = await client.PublishAsync(publication, stream, payload.Length);
        _ = await Assert.ThrowsAsync<EndOfStreamException>(() => client.PublishAsync(publication, stream, 1).AsTask());
        await Wait.Until(() => broker.Published.Count == 2, "Not both came.");
        Assert.All(broker.Published, published => Assert.Equal(payload, published));
    }

    [Fact]
    public async Task Nothing_comes_between_the_pieces_of_a_large_message()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        byte[] large = new byte[1_000_000];
        Task<MqttPublishResult> first = client.PublishAsync("t", large, MqttQos.AtLeastOnce).AsTask();
        Task<MqttPublishResult>[] others = [.. Enumerable.Range(0, 50).Select(i => Publish(client, (byte)i))];
        _ = await first;
        _ = await Task.WhenAll(others);
        Assert.Equal(large.Length, broker.Published[0].Length);
        Assert.Equal(Enumerable.Range(0, 50), broker.Published.Skip(1).Select(payload => (int)payload[0]));
    }

    [Fact]
    public async Task A_large_message_that_breaks_off_comes_again_whole()
    {
        foreach (MqttQos qos in (MqttQos[])[MqttQos.AtMostOnce, MqttQos.AtLeastOnce, MqttQos.ExactlyOnce])
        {
            using var broker = new ScriptedBroker();
            await using var client = new MqttClient(broker.Options());
            _ = await client.ConnectAsync();
            broker.DieAfter(500_000, received: true);
            byte[] large = new byte[8_000_000];
            _ = await client.PublishAsync("t", large, qos);
            _ = await client.PublishAsync("t", new byte[1], MqttQos.AtLeastOnce);
            Assert.True(broker.Died);
            Assert.Equal([large.Length, 1], broker.Published.Select(payload => payload.Length));
        }
    }

    [Fact]
    public async Task Many_publish_at_the_same_time()
    {
        const int Publishers = 8, Each = 200;
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { MaxInFlight = 10 });
        _ = await client.ConnectAsync();
        await Task.WhenAll(Enumerable.Range(0, Publishers).Select(publisher => Task.Run(async () =>
        {
            for (int i = 0; i < Each; i++)
            {
                _ = await client.PublishAsync("t", new byte[] { (byte)publisher, (byte)i }, (MqttQos)(i % 3));
            }
        })));
        await Wait.Until(() => broker.Published.Count == Publishers * Each, "Some did not come.");
        for (int publisher = 0; publisher < Publishers; publisher++)
        {
            Assert.Equal(Enumerable.Range(0, Each), broker.Published.Where(payload => payload[0] == publisher).Select(payload => (int)payload[1]));
        }
    }

    [Fact]
    public async Task What_breaks_a_rule_of_MQTT_is_refused_at_once()
    {
        using var broker = new ScriptedBroker(MqttVersion.V311);
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        foreach (string topic in (string[])["", "a/+", "#", "a\0b", new string('x', 65_536)])
        {
            _ = await Assert.ThrowsAsync<ArgumentException>(async () => await client.PublishAsync(topic, new byte[1]));
        }

        _ = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await client.PublishAsync("t", new byte[1], (MqttQos)3));
        _ = await Assert.ThrowsAsync<ArgumentException>(async () => await client.PublishAsync(new MqttPublication { Topic = "t", ContentType = "text/plain" }));
        foreach (string filter in (string[])["", "a+", "#/a"])
        {
            _ = await Assert.ThrowsAsync<ArgumentException>(() => client.SubscribeAsync(filter));
            _ = await Assert.ThrowsAsync<ArgumentException>(() => client.UnsubscribeAsync([filter]));
        }

        _ = await Assert.ThrowsAsync<ArgumentException>(() => client.SubscribeAsync([new MqttSubscription("t") { NoLocal = true }]));
        Assert.Equal(["1"], broker.Packets);
    }

    [Fact]
    public async Task A_message_larger_than_the_broker_takes_is_not_sent()
    {
        using var broker = new ScriptedBroker { ConnackProperties = [39, 0, 0, 1, 0, 36, 1, 37, 0] }; // 256 bytes, QoS 1, no retained messages
        await using var client = new MqttClient(broker.Options());
        MqttConnectResult connected = await client.ConnectAsync();
        Assert.Equal((256u, MqttQos.AtLeastOnce, false), (connected.Limits.MaximumPacketBytes, connected.Limits.MaximumQos, connected.Limits.RetainAvailable));
        Task[] refused =
        [
            client.PublishAsync("t", new byte[300], MqttQos.AtLeastOnce).AsTask(),
            client.PublishAsync("t", new byte[1], MqttQos.ExactlyOnce).AsTask(),
            client.PublishAsync("t", new byte[1], retain: true).AsTask(),
        ];
        foreach (Task publication in refused)
        {
            Assert.Equal(MqttProblem.BeyondBrokerLimit, (await Wait.ForFailure<MqttException>(publication)).Problem);
        }

        _ = await client.PublishAsync("t", new byte[1], MqttQos.AtLeastOnce);
        Assert.Equal(0, client.QueuedPublications);
    }

    [Fact]
    public async Task The_broker_is_never_sent_more_than_its_receive_maximum()
    {
        using var broker = new ScriptedBroker { ConnackProperties = [33, 0, 3] };
        _ = broker.Ignores.Add(3);
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        Task<MqttPublishResult>[] publications = [.. Enumerable.Range(0, 10).Select(i => Publish(client, (byte)i))];
        _ = await client.SubscribeAsync("t"); // all that could leave before has left
        Assert.Equal(3, broker.Packets.Count(packet => packet == "3:2"));
        _ = broker.Ignores.Remove(3);
        broker.Cut();
        _ = await Task.WhenAll(publications);
        Assert.Equal(Enumerable.Range(0, 10), broker.Published.Select(payload => (int)payload[0]));
    }

    [Fact]
    public async Task A_refused_publication_tells_the_reason()
    {
        using var broker = new ScriptedBroker();
        broker.Says[3] = [0x40, 4, 0, 1, 0x97, 0];
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        MqttException refused = await Wait.ForFailure<MqttException>(Publish(client, 1));
        Assert.Equal((MqttProblem.PublishRefused, MqttReasonCode.QuotaExceeded), (refused.Problem, refused.ReasonCode));
        broker.Says[3] = [0x40, 4, 0, 2, 0x10, 0];
        Assert.Equal(MqttReasonCode.NoMatchingSubscribers, (await Publish(client, 1)).Reason);
    }

    [Fact]
    public async Task Topics_are_sent_once_where_the_broker_takes_aliases()
    {
        using var broker = new ScriptedBroker { ConnackProperties = [34, 0, 2] };
        await using var client = new MqttClient(broker.Options() with { TopicAliases = 10 });
        _ = await client.ConnectAsync();
        foreach (string topic in (string[])["first", "second", "third", "first", "second", "third"])
        {
            _ = await client.PublishAsync(topic, new byte[] { 9 }, MqttQos.AtLeastOnce);
        }

        Assert.Equal([5, 6, 5, 0, 0, 5], broker.Raw.Where(packet => packet[0] >> 4 == 3).Select(packet => (packet[2] << 8) | packet[3]));
        Assert.Equal(6, broker.Published.Count);
    }

    [Fact]
    public async Task Aliases_end_with_their_connection()
    {
        using var broker = new ScriptedBroker { ConnackProperties = [34, 0, 2] };
        await using var client = new MqttClient(broker.Options() with { TopicAliases = 10 });
        _ = await client.ConnectAsync();
        _ = await client.PublishAsync("first", new byte[] { 9 }, MqttQos.AtLeastOnce);
        broker.Cut();
        await Wait.Until(() => broker.Connections == 2 && client.State == MqttConnectionState.Connected, "No second connection.");
        _ = await client.PublishAsync("first", new byte[] { 9 }, MqttQos.AtLeastOnce);
        Assert.Equal([5, 5], broker.Raw.Where(packet => packet[0] >> 4 == 3).Select(packet => (packet[2] << 8) | packet[3]));
    }

    [Fact]
    public async Task The_trace_goes_with_the_message()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == MqttClient.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        var ended = new ConcurrentQueue<Activity>();
        listener.ActivityStopped = ended.Enqueue;
        ActivitySource.AddActivityListener(listener);
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { PropagateTrace = true });
        _ = await client.ConnectAsync();
        _ = await client.PublishAsync("traced/topic", new byte[] { 9 }, MqttQos.AtLeastOnce);
        await Wait.Until(() => ended.Any(IsOurs), "No activity.");
        Activity activity = ended.First(IsOurs);
        Assert.Contains("traceparent", Encoding.UTF8.GetString(broker.Raw[1]), StringComparison.Ordinal);
        Assert.Contains(activity.Id!, Encoding.UTF8.GetString(broker.Raw[1]), StringComparison.Ordinal);

        static bool IsOurs(Activity activity) => (string?)activity.GetTagItem("messaging.destination.name") == "traced/topic";
    }

    [Fact]
    public async Task The_meter_counts()
    {
        using var factory = new TestMeterFactory();
        var counts = new ConcurrentDictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter, factory.Meter))
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => counts.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        listener.SetMeasurementEventCallback<double>((instrument, _, _, _) => counts.AddOrUpdate(instrument.Name, 1, (_, sum) => sum + 1));
        listener.Start();
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { MeterFactory = factory });
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t");
        _ = await client.PublishAsync("t", new byte[10]);
        _ = await Publish(client, 1);
        broker.Deliver("t", [1], MqttQos.AtMostOnce);
        (await client.ReceiveAsync()).Dispose();
        broker.Cut();
        await Wait.Until(() => client.State == MqttConnectionState.Connected && broker.Connections == 2, "No second connection.");
        Assert.Equal(
            (2, 1, 1, 1, 0),
            (counts["mqtt.client.messages.sent"], counts["mqtt.client.messages.received"], counts["mqtt.client.reconnects"], counts["mqtt.client.acknowledgement.duration"], counts["mqtt.client.messages.in_flight"]));
        Assert.True(counts["mqtt.client.bytes.sent"] > 0 && counts["mqtt.client.bytes.received"] > 0);
        _ = broker.Ignores.Add(3);
        Task<MqttPublishResult> unanswered = Publish(client, 2);
        await Wait.Until(() => counts["mqtt.client.messages.in_flight"] == 1, "It is not in flight.");
        await client.DisposeAsync();
        _ = await Wait.ForFailure<MqttException>(unanswered);
        Assert.Equal(0, counts["mqtt.client.messages.in_flight"]);
    }

    private static Task<MqttPublishResult> Publish(MqttClient client, byte payload) => client.PublishAsync("t", new[] { payload }, MqttQos.AtLeastOnce).AsTask();

    /// <summary>A client that lost its connection, to a broker that is down.</summary>
    private static async Task<MqttClient> Offline(ScriptedBroker broker, MqttQueueOptions queue)
    {
        var client = new MqttClient(broker.Options() with { Queue = queue });
        _ = await client.ConnectAsync();
        broker.IsDown = true;
        broker.Cut();
        await Wait.Until(() => client.State == MqttConnectionState.Reconnecting, "It is still connected.");
        return client;
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            RunningIndex = before is null ? 0 : before.RunningIndex + before.Memory.Length;
        }

        public Piece Add(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, this);
            Next = next;
            return next;
        }
    }

    private sealed class TestMeterFactory : IMeterFactory
    {
        public Meter? Meter { get; private set; }

        public Meter Create(MeterOptions options) => Meter = new Meter(options);

        public void Dispose() => Meter?.Dispose();
    }
}
