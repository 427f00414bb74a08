using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Tests.Mqtt;

/// <summary>How messages reach their reader, and when the broker hears of it.</summary>
public sealed class ReceivingTests
{
    [Fact]
    public async Task Who_does_not_read_holds_the_network_back_and_loses_nothing()
    {
        const int Messages = 3000, Bytes = 4000;
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { ReceiveQueue = 4, KeepAlive = TimeSpan.FromSeconds(1) });
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t");
        Task sending = Task.Run(() =>
        {
            for (int i = 0; i < Messages; i++)
            {
                byte[] payload = new byte[Bytes];
                BitConverter.TryWriteBytes(payload, i);
                broker.Deliver("t", payload, MqttQos.AtMostOnce);
            }
        });
        await Task.Delay(2500); // more than two keep-alive intervals
        Assert.False(sending.IsCompleted); // 12 MB did not fit into the client
        int next = 0;
        await foreach (MqttMessage message in client.Messages())
        {
            Assert.Equal(next++, BitConverter.ToInt32(message.Payload.Span));
            if (next == Messages)
            {
                break;
            }
        }

        await sending;
        Assert.Equal(1, broker.Connections); // being held back is no silence of the broker
    }

    [Theory]
    [InlineData(MqttQos.AtLeastOnce)]
    [InlineData(MqttQos.ExactlyOnce)]
    public async Task A_message_is_acknowledged_when_it_was_taken(MqttQos qos)
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t", qos);
        broker.Deliver("t", [1], qos);
        broker.Deliver("t", [2], qos);
        _ = await client.PublishAsync("t", new byte[1], MqttQos.AtLeastOnce); // behind both
        Assert.Equal(2, broker.Open);
        (await client.ReceiveAsync()).Dispose();
        await Wait.Until(() => broker.Open == 1, "The first is not acknowledged.");
        (await client.ReceiveAsync()).Dispose();
        await Wait.Until(() => broker.Open == 0, "The second is not acknowledged.");
    }

    [Fact]
    public async Task Manual_acknowledgements_leave_in_the_order_of_the_messages()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { ManualAcknowledgement = true });
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
        broker.Deliver("t", [1], MqttQos.AtLeastOnce);
        broker.Deliver("t", [2], MqttQos.AtLeastOnce);
        MqttMessage first = await client.ReceiveAsync();
        MqttMessage second = await client.ReceiveAsync();
        second.Acknowledge();
        _ = await client.PublishAsync("t", new byte[1], MqttQos.AtLeastOnce);
        Assert.Equal(2, broker.Open);
        first.Acknowledge();
        first.Acknowledge();
        await Wait.Until(() => broker.Open == 0, "They are not acknowledged.");
        Assert.Equal([1, 2], broker.Raw.Where(packet => packet[0] == 0x40).Select(packet => (int)packet[3]));
        first.Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task What_was_not_acknowledged_comes_again()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { ManualAcknowledgement = true });
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
        broker.Deliver("t", [1], MqttQos.AtLeastOnce);
        MqttMessage first = await client.ReceiveAsync();
        broker.Cut();
        using MqttMessage again = await client.ReceiveAsync();
        Assert.Equal((true, (byte)1), (again.Duplicate, again.Payload.Span[0]));
        first.Acknowledge(); // of a connection that is over: it means nothing
        first.Dispose();
        Assert.Equal(1, broker.Open);
        again.Acknowledge();
        await Wait.Until(() => broker.Open == 0, "It is not acknowledged.");
    }

    [Fact]
    public async Task Publishing_goes_on_while_nothing_is_acknowledged()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { ManualAcknowledgement = true });
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t", MqttQos.ExactlyOnce);
        broker.Deliver("t", [1], MqttQos.AtLeastOnce);
        broker.Deliver("t", [2], MqttQos.ExactlyOnce);
        using MqttMessage first = await client.ReceiveAsync();
        _ = await client.PublishAsync("t", new byte[1], MqttQos.ExactlyOnce).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(2, broker.Open);
    }

    [Fact]
    public async Task A_message_that_was_given_back_is_not_read_any_more()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        broker.Says[8] = [0x90, 4, 0, 1, 0, 0];
        _ = await client.SubscribeAsync("t");
        broker.Deliver("t", [1], MqttQos.AtMostOnce);
        MqttMessage message = await client.ReceiveAsync();
        Assert.Equal("t", message.Topic);
        message.Dispose();
        message.Dispose();
        _ = Assert.Throws<ObjectDisposedException>(() => message.Payload);
        broker.Deliver("t", [2], MqttQos.AtMostOnce);
        using MqttMessage next = await client.ReceiveAsync();
        _ = Assert.Throws<ObjectDisposedException>(() => message.Topic);
        _ = Assert.Throws<ObjectDisposedException>(() => default(MqttMessage).Topic);
    }

    [Fact]
    public async Task Two_readers_are_one_too_many()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        using var end = new CancellationTokenSource();
        Task<MqttMessage> first = client.ReceiveAsync(end.Token).AsTask();
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => client.ReceiveAsync().AsTask());
        await end.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task The_messages_end_with_the_connection_that_was_wanted_to()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t");
        broker.Deliver("t", [1], MqttQos.AtMostOnce);
        broker.Deliver("t", [2], MqttQos.AtMostOnce);
        var got = new List<byte>();
        await foreach (MqttMessage message in client.Messages())
        {
            got.Add(message.Payload.Span[0]);
            if (got.Count == 2)
            {
                await client.DisconnectAsync();
            }
        }

        Assert.Equal([1, 2], got);
    }

    [Fact]
    public async Task Properties_arrive()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t");
        byte[] properties = [1, 1, 2, 0, 0, 0, 60, 3, 0, 1, (byte)'c', 8, 0, 1, (byte)'r', 9, 0, 2, 7, 8, 11, 5, 38, 0, 1, (byte)'n', 0, 1, (byte)'v', 38, 0, 1, (byte)'n', 0, 1, (byte)'w'];
        broker.Say([0x30, (byte)(5 + properties.Length), 0, 1, (byte)'t', (byte)properties.Length, .. properties, 42]);
        using MqttMessage message = await client.ReceiveAsync();
        MqttMessageProperties said = message.Properties;
        Assert.Equal((MqttPayloadFormat.Utf8, TimeSpan.FromSeconds(60), "c", "r"), (said.PayloadFormat, said.Expiry, said.ContentType, said.ResponseTopic));
        Assert.Equal([7, 8], said.CorrelationData.ToArray());
        Assert.Equal([5u], said.SubscriptionIdentifiers);
        Assert.Equal([new MqttUserProperty("n", "v"), new MqttUserProperty("n", "w")], said.UserProperties);
        Assert.Equal([42], message.Payload.ToArray());
    }

    [Fact]
    public async Task Properties_without_end_are_left_out_even_where_they_are_empty()
    {
        const int Properties = 40_000;
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t");
        byte[] properties = [.. Enumerable.Range(0, Properties).SelectMany(_ => (byte[])[38, 0, 0, 0, 0])];
        byte[] rest = [0, 1, (byte)'t', .. Variable(properties.Length), .. properties, 42];
        broker.Say([0x30, .. Variable(rest.Length), .. rest]);
        broker.Deliver("t", [43], MqttQos.AtMostOnce);
        using (MqttMessage message = await client.ReceiveAsync())
        {
            Assert.Equal([42], message.Payload.ToArray());
            Assert.InRange(message.Properties.UserProperties.Count, 1, 1024);
        }

        using MqttMessage next = await client.ReceiveAsync();
        Assert.Empty(next.Properties.UserProperties);

        static byte[] Variable(int value) => [(byte)(value | 0x80), (byte)((value >> 7) | 0x80), (byte)(value >> 14)];
    }

    [Fact]
    public async Task A_number_stands_for_a_topic_where_that_was_allowed_and_as_long_as_the_connection_lasts()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { InboundTopicAliases = 7 });
        _ = await client.ConnectAsync();
        Assert.True(broker.Raw[0].AsSpan().IndexOf((byte[])[0x22, 0, 7]) > 0); // Topic Alias Maximum of CONNECT
        _ = await client.SubscribeAsync("#");
        broker.Say(0x30, 9, 0, 1, (byte)'a', 3, 0x23, 0, 1, 10, 11);
        broker.Say(0x30, 8, 0, 1, (byte)'b', 3, 0x23, 0, 7, 20);
        broker.Say(0x30, 7, 0, 0, 3, 0x23, 0, 1, 12, 0x30, 7, 0, 0, 3, 0x23, 0, 7, 21);
        broker.Say(0x30, 8, 0, 1, (byte)'c', 3, 0x23, 0, 1, 30, 0x30, 7, 0, 0, 3, 0x23, 0, 1, 31);
        var got = new List<string>();
        for (int i = 0; i < 6; i++)
        {
            using MqttMessage message = await client.ReceiveAsync();
            got.Add($"{message.Topic}{message.Payload.Span[^1]}");
        }

        Assert.Equal(["a11", "b20", "a12", "b21", "c30", "c31"], got);
        broker.Cut();
        await Wait.Until(() => broker.Connections == 2 && client.State == MqttConnectionState.Connected, "No second connection.");
        broker.Say(0x30, 7, 0, 0, 3, 0x23, 0, 1, 12);
        MqttException unknown = await Wait.ForFailure<MqttException>(client.ReceiveAsync().AsTask());
        Assert.Equal(Memory.FaultReason.MqttTopicAliasUnknown, unknown.Fault.Reason);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(7, 8)]
    public async Task A_number_that_was_not_allowed_is_a_fault(int allowed, byte used)
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { InboundTopicAliases = allowed });
        _ = await client.ConnectAsync();
        broker.Say(0x30, 8, 0, 1, (byte)'a', 3, 0x23, 0, used, 10);
        MqttException invalid = await Wait.ForFailure<MqttException>(client.ReceiveAsync().AsTask());
        Assert.Equal(Memory.FaultReason.MqttTopicAliasInvalid, invalid.Fault.Reason);
    }

    [Theory]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_broker_that_sends_more_than_it_was_told_is_borne(MqttVersion version)
    {
        const int Messages = 1500;
        using var broker = new ScriptedBroker(version);
        await using var client = new MqttClient(broker.Options() with { ReceiveMaximum = 20 });
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t", MqttQos.ExactlyOnce);
        _ = broker.Ignores.Add(5); // no PUBREL: all stay open
        Task sending = Task.Run(() =>
        {
            for (int i = 0; i < Messages; i++)
            {
                broker.Deliver("t", BitConverter.GetBytes(i), MqttQos.ExactlyOnce);
            }
        });
        for (int i = 0; i < Messages; i++)
        {
            using MqttMessage message = await client.ReceiveAsync();
            Assert.Equal(i, BitConverter.ToInt32(message.Payload.Span));
        }

        await sending;
        await Wait.Until(() => broker.Packets.Count(packet => packet == "5") == Messages, "Not all were answered.");
        Assert.Equal((1, Messages), (broker.Connections, broker.Open));
    }

    [Fact]
    public async Task A_message_that_two_threads_give_back_is_given_back_once()
    {
        const int Rounds = 2000;
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t");
        for (int i = 0; i < Rounds; i++)
        {
            broker.Deliver("t", BitConverter.GetBytes(2 * i), MqttQos.AtMostOnce);
            MqttMessage message = await client.ReceiveAsync();
            Parallel.Invoke(message.Dispose, message.Dispose);
            broker.Deliver("t", BitConverter.GetBytes(2 * i), MqttQos.AtMostOnce);
            broker.Deliver("t", BitConverter.GetBytes((2 * i) + 1), MqttQos.AtMostOnce);
            using MqttMessage first = await client.ReceiveAsync();
            using MqttMessage second = await client.ReceiveAsync();
            Assert.Equal((2 * i, (2 * i) + 1), (BitConverter.ToInt32(first.Payload.Span), BitConverter.ToInt32(second.Payload.Span)));
        }
    }

    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    [InlineData(MqttQos.ExactlyOnce)]
    public async Task What_is_too_large_is_skipped_and_acknowledged(MqttQos qos)
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { MaxMessageBytes = 1000 });
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t", qos);
        broker.Deliver("t", new byte[1001], qos);
        broker.Deliver("t", new byte[1000], qos);
        using MqttMessage message = await client.ReceiveAsync();
        Assert.Equal(1000, message.Payload.Length);
        await Wait.Until(() => broker.Open == 0, "The broker will send it for ever.");
    }

    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    [InlineData(MqttQos.ExactlyOnce)]
    public async Task What_is_large_goes_to_the_sink(MqttQos qos)
    {
        using var broker = new ScriptedBroker();
        var sink = new Sink();
        await using var client = new MqttClient(broker.Options() with { MaxMessageBytes = 1000, LargeMessages = sink });
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t", qos);
        byte[] large = [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];
        broker.Deliver("t", large, qos);
        broker.Deliver("t", [1], qos);
        (await client.ReceiveAsync()).Dispose();
        Assert.Equal(large, Assert.Single(sink.Committed));
        Assert.Equal(("t", 200_000L, qos), (sink.Header!.Topic, sink.Header.PayloadBytes, sink.Header.Qos));
        await Wait.Until(() => broker.Open == 0, "It is not acknowledged.");
    }

    [Fact]
    public async Task What_the_sink_does_not_want_is_skipped()
    {
        using var broker = new ScriptedBroker();
        var sink = new Sink { Refuses = true };
        await using var client = new MqttClient(broker.Options() with { MaxMessageBytes = 1000, LargeMessages = sink });
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
        broker.Deliver("t", new byte[100_000], MqttQos.AtLeastOnce);
        broker.Deliver("t", [1], MqttQos.AtLeastOnce);
        (await client.ReceiveAsync()).Dispose();
        Assert.Empty(sink.Committed);
        await Wait.Until(() => broker.Open == 0, "It is not acknowledged.");
    }

    [Fact]
    public async Task A_large_message_that_breaks_off_is_aborted_and_comes_again()
    {
        using var broker = new ScriptedBroker();
        var sink = new Sink();
        await using var client = new MqttClient(broker.Options() with { MaxMessageBytes = 1000, LargeMessages = sink });
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("t", MqttQos.AtLeastOnce);
        broker.DieAfter(100_000, received: false);
        byte[] large = [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];
        broker.Deliver("t", large, MqttQos.AtLeastOnce);
        await Wait.Until(() => broker.Open == 0, "It is not acknowledged.");
        Assert.Equal(1, sink.Aborted);
        Assert.Equal(large, Assert.Single(sink.Committed));
    }

    private sealed class Sink : IMqttPayloadSink
    {
        private readonly List<byte> _payload = [];

        public bool Refuses { get; init; }

        public List<byte[]> Committed { get; } = [];

        public int Aborted { get; private set; }

        public MqttLargeMessage? Header { get; private set; }

        public ValueTask<bool> BeginAsync(MqttLargeMessage header, CancellationToken cancellationToken)
        {
            Header = header;
            _payload.Clear();
            return new ValueTask<bool>(!Refuses);
        }

        public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
        {
            await Task.Yield();
            _payload.AddRange(piece.Span);
        }

        public ValueTask CommitAsync(CancellationToken cancellationToken)
        {
            Committed.Add([.. _payload]);
            return ValueTask.CompletedTask;
        }

        public ValueTask AbortAsync()
        {
            Aborted++;
            return ValueTask.CompletedTask;
        }
    }
}
