using System;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;
using Thimble.Testing;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tests.Mqtt;

/// <summary>Runs alone: it counts what the whole process allocates.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class MqttAloneTests : ICollectionFixture<PeerPki>
{
    public const string Name = "Steady state of MQTT";
}

/// <summary>What a message costs of the garbage-collected heap when all is warm.</summary>
[Collection(MqttAloneTests.Name)]
[Trait("Category", "Peer")]
public sealed class SteadyStateTests(PeerPki pki)
{
    /// <summary>The test host allocates a little beside us, for its own messages.</summary>
    private const double MostBytes = 8;

    [PeerTheory("mosquitto")]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    [InlineData(MqttQos.ExactlyOnce)]
    public async Task Small_messages_go_out_and_come_in_without_an_allocation(MqttQos qos)
    {
        const int Messages = 500;
        using TestBroker broker = TestBroker.Start(pki, isQuiet: true);
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("steady", qos);
        await RoundTrips(client, qos, Messages);
        double best = double.MaxValue;
        for (int round = 0; round < 5 && best > MostBytes; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            await RoundTrips(client, qos, Messages);
            best = Math.Min(best, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)Messages);
        }

        Assert.True(best <= MostBytes, $"A message that goes out and comes in costs {best:0.0} bytes of the heap.");
    }

    private static async Task RoundTrips(MqttClient client, MqttQos qos, int messages)
    {
        byte[] payload = new byte[64];
        for (int i = 0; i < messages; i++)
        {
            _ = await client.PublishAsync("steady", payload, qos, cancellationToken: CancellationToken.None);
            using MqttMessage message = await client.ReceiveAsync();
            Assert.True(message.Payload.Length == payload.Length); // Assert.Equal would allocate
        }
    }
}
