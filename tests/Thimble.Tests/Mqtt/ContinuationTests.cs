using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Tests.Mqtt;

/// <summary>What publishers do when their publications have ended holds nobody else up.</summary>
public sealed class ContinuationTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private static readonly byte[] s_payload = [1];

    [Fact]
    public async Task Publishers_that_never_return_hold_up_no_others()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = broker.Ignores.Add(3);
        using var free = new ManualResetEventSlim();
        Task[] stuck = [.. Enumerable.Range(0, 2).Select(_ => AwaitAndBlock(client.PublishAsync("t", s_payload, MqttQos.AtLeastOnce), free))];
        Task last = client.PublishAsync("t", s_payload, MqttQos.AtLeastOnce).AsTask();
        await Wait.Until(() => broker.Packets.Count(packet => packet == "3:2") == 3, "Not all were sent.");
        broker.Say(0x40, 2, 0, 1, 0x40, 2, 0, 2, 0x40, 2, 0, 3); // in one piece
        await last.WaitAsync(s_patience);
        broker.Ignores.Clear();
        _ = await client.PublishAsync("t", s_payload, MqttQos.ExactlyOnce).AsTask().WaitAsync(s_patience);
        Assert.DoesNotContain(stuck, task => task.IsCompleted);
        free.Set();
        await Task.WhenAll(stuck);

        static async Task AwaitAndBlock(ValueTask<MqttPublishResult> publication, ManualResetEventSlim free)
        {
            _ = await publication.ConfigureAwait(false);
            Assert.True(free.Wait(2 * s_patience));
        }
    }

    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    [InlineData(MqttQos.ExactlyOnce)]
    public async Task A_publisher_that_blocks_for_its_next_publication_gets_it_through(MqttQos qos)
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        await PublishAndBlock().WaitAsync(s_patience);

        async Task PublishAndBlock()
        {
            for (int i = 0; i < 20; i++)
            {
                _ = await client.PublishAsync("t", s_payload, MqttQos.AtLeastOnce).ConfigureAwait(false);
                int before = broker.Published.Count;
                _ = client.PublishAsync("t", s_payload, qos).AsTask().GetAwaiter().GetResult();
                SpinWait.SpinUntil(() => broker.Published.Count > before, s_patience);
                Assert.Equal(before + 1, broker.Published.Count);
            }
        }
    }

    [Fact]
    public async Task Ambient_values_of_one_publisher_are_none_of_the_next()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = broker.Ignores.Add(3);
        var ambient = new AsyncLocal<int>();
        Task<int>[] seen;
        using (ExecutionContext.SuppressFlow())
        {
            seen = [.. Enumerable.Range(1, 3).Select(SeeAndSet)];
        }

        await Wait.Until(() => broker.Packets.Count(packet => packet == "3:2") == 3, "Not all were sent.");
        broker.Say(0x40, 2, 0, 1, 0x40, 2, 0, 2, 0x40, 2, 0, 3);
        int[] found = await Task.WhenAll(seen).WaitAsync(s_patience);
        Assert.Equal([0, 0, 0], found);

        async Task<int> SeeAndSet(int value)
        {
            _ = await client.PublishAsync("t", s_payload, MqttQos.AtLeastOnce).ConfigureAwait(false);
            int found = ambient.Value;
            ambient.Value = value;
            return found;
        }
    }
}
