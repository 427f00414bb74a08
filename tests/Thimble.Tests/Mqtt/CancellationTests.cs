using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Tests.Mqtt;

/// <summary>Whoever waits can be told to wait no more, at every await; and a client can be disposed of while all wait.</summary>
public sealed class CancellationTests
{
    private static readonly byte[] s_payload = [1, 2, 3];

    [Fact]
    public async Task Connecting_is_cancelled_while_the_broker_says_nothing()
    {
        using var broker = new ScriptedBroker();
        _ = broker.Ignores.Add(1);
        await using var client = new MqttClient(broker.Options());
        using var end = new CancellationTokenSource();
        Task<MqttConnectResult> connecting = client.ConnectAsync(end.Token);
        await Wait.Until(() => broker.Packets.Count == 1, "No CONNECT.");
        await end.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connecting);
        Assert.Equal(MqttConnectionState.Disconnected, client.State);

        _ = broker.Ignores.Remove(1);
        _ = await client.ConnectAsync();
    }

    [Fact]
    public async Task Connecting_ends_with_its_time()
    {
        using var broker = new ScriptedBroker();
        _ = broker.Ignores.Add(1);
        await using var client = new MqttClient(broker.Options() with { ConnectTimeout = TimeSpan.FromMilliseconds(100) });
        TransportException late = await Wait.ForFailure<TransportException>(client.ConnectAsync());
        Assert.Equal(TransportProblem.TimedOut, late.Problem);
    }

    [Fact]
    public async Task A_publication_that_was_sent_goes_on_when_nobody_waits_for_it()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = broker.Ignores.Add(3);
        using var end = new CancellationTokenSource();
        Task<MqttPublishResult> publication = client.PublishAsync("t", s_payload, MqttQos.AtLeastOnce, cancellationToken: end.Token).AsTask();
        await Wait.Until(() => broker.Packets.Contains("3:2"), "No PUBLISH.");
        await end.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publication);
        Assert.Equal(1, client.QueuedPublications);

        _ = broker.Ignores.Remove(3);
        broker.Cut(); // so that it goes out again
        await Wait.Until(() => client.QueuedPublications == 0, "It was forgotten.");
        Assert.Equal(s_payload, Assert.Single(broker.Published));
    }

    [Fact]
    public async Task A_publication_that_waits_is_taken_back()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        broker.IsDown = true;
        broker.Cut();
        await Wait.Until(() => client.State == MqttConnectionState.Reconnecting, "It is still connected.");
        using var end = new CancellationTokenSource();
        Task<MqttPublishResult> taken = client.PublishAsync("t", new byte[] { 1 }, MqttQos.AtLeastOnce, cancellationToken: end.Token).AsTask();
        Task<MqttPublishResult> other = client.PublishAsync("t", new byte[] { 2 }, MqttQos.AtLeastOnce).AsTask();
        await end.CancelAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taken);
        broker.IsDown = false;
        _ = await other;
        Assert.Equal([2], Assert.Single(broker.Published));
    }

    [Fact]
    public async Task Subscribing_receiving_and_reading_are_cancelled_and_go_on()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = broker.Ignores.Add(8);
        using (var end = new CancellationTokenSource())
        {
            Task subscribing = client.SubscribeAsync("t", MqttQos.AtLeastOnce, end.Token);
            await Wait.Until(() => broker.Packets.Contains("8"), "No SUBSCRIBE.");
            await end.CancelAsync();
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => subscribing);
        }

        _ = broker.Ignores.Remove(8);
        broker.Cut(); // the SUBSCRIBE goes out again
        await Wait.Until(() => broker.Packets.Count(packet => packet == "8") == 2, "No second SUBSCRIBE.");
        using (var end = new CancellationTokenSource())
        {
            Task receiving = client.ReceiveAsync(end.Token).AsTask();
            await end.CancelAsync();
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        }

        using (var end = new CancellationTokenSource())
        {
            Task reading = Read(client, end.Token);
            await end.CancelAsync();
            _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        }

        broker.Deliver("t", s_payload, MqttQos.AtLeastOnce);
        using MqttMessage message = await client.ReceiveAsync();
        Assert.Equal(s_payload, message.Payload);

        static async Task Read(MqttClient client, CancellationToken end)
        {
            await foreach (MqttMessage message in client.Messages(end))
            {
                Assert.Fail("Nothing was sent.");
            }
        }
    }

    [Fact]
    public async Task What_is_cancelled_beforehand_does_nothing()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        var over = new CancellationToken(canceled: true);
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.PublishAsync("t", s_payload, cancellationToken: over).AsTask());
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.SubscribeAsync("t", cancellationToken: over));
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.UnsubscribeAsync(["t"], over));
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.ReceiveAsync(over).AsTask());
        _ = await client.PublishAsync("t", s_payload, MqttQos.AtLeastOnce);
        Assert.Equal(["1", "3:2"], broker.Packets);
    }

    [Fact]
    public async Task Disconnecting_is_cut_short_and_ends_all_the_same()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.DisconnectAsync(cancellationToken: new CancellationToken(canceled: true)));
        Assert.Equal(MqttConnectionState.Disconnected, client.State);
    }

    [Fact]
    public async Task Disposing_ends_all_that_wait()
    {
        using var broker = new ScriptedBroker();
        var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = broker.Ignores.Add(3);
        _ = broker.Ignores.Add(8);
        Task[] publications =
        [
            client.PublishAsync("t", s_payload, MqttQos.AtLeastOnce).AsTask(),
            client.PublishAsync("t", s_payload, MqttQos.ExactlyOnce).AsTask(),
            client.SubscribeAsync("t"),
            client.UnsubscribeAsync(["t"]),
        ];
        Task<MqttMessage> receiving = client.ReceiveAsync().AsTask();
        Task[] disposals = [client.DisposeAsync().AsTask(), client.DisposeAsync().AsTask()];
        foreach (Task publication in publications)
        {
            Assert.Equal(MqttProblem.ClientClosed, (await Wait.ForFailure<MqttException>(publication)).Problem);
        }

        _ = await Wait.ForFailure<MqttException>(receiving);
        await Task.WhenAll(disposals).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(MqttConnectionState.Disposed, client.State);
        _ = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync("t", s_payload).AsTask());
        _ = await Assert.ThrowsAsync<ObjectDisposedException>(() => client.ConnectAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(20)]
    public async Task Disposing_in_the_middle_of_connecting_hangs_nobody(int milliseconds)
    {
        using var broker = new ScriptedBroker();
        var client = new MqttClient(broker.Options());
        Task<MqttConnectResult> connecting = client.ConnectAsync();
        await Task.Delay(milliseconds);
        await client.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        _ = await Task.WhenAny(connecting).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(MqttConnectionState.Disposed, client.State);
    }

    /// <summary>A broker may have sent on before it heard DISCONNECT: all of that is passed over.</summary>
    [Fact]
    public async Task What_comes_behind_our_goodbye_is_passed_over()
    {
        byte[] publish = [0x30, 0x05, 0x00, 0x01, (byte)'t', 0x00, (byte)'x'];
        for (int round = 0; round < 20; round++)
        {
            using var broker = new ScriptedBroker();
            broker.Says[14] = [.. publish, .. publish];
            var client = new MqttClient(broker.Options());
            _ = await client.ConnectAsync();
            Task disconnecting = client.DisconnectAsync();
            broker.Say([.. publish, .. publish]);
            await disconnecting.WaitAsync(TimeSpan.FromSeconds(20));
            await client.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public async Task Disposing_while_it_reconnects_and_many_publish_hangs_nobody()
    {
        using var broker = new ScriptedBroker();
        var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        Task[] publishers =
        [
            .. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (true)
                {
                    await client.PublishAsync("t", s_payload, MqttQos.AtLeastOnce);
                }
            })),
        ];
        for (int i = 0; i < 10; i++)
        {
            int before = broker.Connections;
            broker.Cut();
            await Wait.Until(() => broker.Connections > before, "It does not come back.");
        }

        await client.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        foreach (Task publisher in publishers)
        {
            Assert.Equal(MqttProblem.ClientClosed, (await Wait.ForFailure<MqttException>(publisher)).Problem);
        }
    }
}
