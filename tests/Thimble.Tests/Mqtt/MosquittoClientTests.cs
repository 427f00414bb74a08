using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;
using Thimble.Testing;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tests.Mqtt;

/// <summary>The client with Mosquitto over TLS, in both versions of MQTT.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class MosquittoClientTests(PeerPki pki)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    public static TheoryData<MqttVersion, MqttQos> Matrix
    {
        get
        {
            var data = new TheoryData<MqttVersion, MqttQos>();
            foreach (MqttVersion version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
            {
                foreach (MqttQos qos in (MqttQos[])[MqttQos.AtMostOnce, MqttQos.AtLeastOnce, MqttQos.ExactlyOnce])
                {
                    data.Add(version, qos);
                }
            }

            return data;
        }
    }

    [PeerTheory("mosquitto")]
    [MemberData(nameof(Matrix))]
    public async Task Messages_of_all_sizes_come_back_in_their_order(MqttVersion version, MqttQos qos)
    {
        using TestBroker broker = TestBroker.Start(pki);
        using var end = new CancellationTokenSource(s_patience);
        await using var client = new MqttClient(broker.Options(version));
        MqttConnectResult connected = await client.ConnectAsync(end.Token);
        Assert.Equal((version, false, MqttConnectionState.Connected), (connected.Version, connected.SessionPresent, client.State));
        MqttSubscribeResult subscribed = await client.SubscribeAsync("thimble/+", qos, end.Token);
        Assert.Equal([(MqttReasonCode)qos], subscribed.Reasons);

        int[] sizes = [0, 1, 64, 1000, 20_000, 200_000];
        foreach (int size in sizes)
        {
            MqttPublishResult published = await client.PublishAsync("thimble/sizes", Payload(size), qos, cancellationToken: end.Token);
            Assert.Equal(MqttReasonCode.Success, published.Reason);
        }

        foreach (int size in sizes)
        {
            using MqttMessage message = await client.ReceiveAsync(end.Token);
            Assert.Equal(("thimble/sizes", qos, false), (message.Topic, message.Qos, message.Retain));
            Assert.True(message.Payload.Span.SequenceEqual(Payload(size)));
        }

        await client.DisconnectAsync(cancellationToken: end.Token);
        Assert.Equal(MqttConnectionState.Disconnected, client.State);
    }

    private static byte[] Payload(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i * 7))];
}
