using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Tests.Mqtt;

/// <summary>
/// The broker is killed behind each byte that it gets, and behind each that it sends, and comes back with its session: nothing is lost, and nothing is doubled
/// beyond what the QoS allows.
/// </summary>
public sealed class KilledBrokerTests
{
    private const int Messages = 3;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public static TheoryData<MqttVersion, MqttQos, bool> Matrix
    {
        get
        {
            var data = new TheoryData<MqttVersion, MqttQos, bool>();
            foreach (MqttVersion version in (MqttVersion[])[MqttVersion.V311, MqttVersion.V5])
            {
                foreach (MqttQos qos in (MqttQos[])[MqttQos.AtLeastOnce, MqttQos.ExactlyOnce])
                {
                    data.Add(version, qos, true);
                    data.Add(version, qos, false);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task What_is_published_arrives(MqttVersion version, MqttQos qos, bool whileReceiving)
    {
        int bytes = 1;
        bool died;
        do
        {
            using var end = new CancellationTokenSource(s_patience);
            using var broker = new ScriptedBroker(version);
            await using var client = new MqttClient(Patient(broker));
            broker.DieAfter(bytes++, whileReceiving);
            _ = await client.ConnectAsync(end.Token);
            Task<MqttPublishResult>[] publications =
            [
                .. Enumerable.Range(0, Messages).Select(i => client.PublishAsync("t", new byte[] { (byte)i }, qos, cancellationToken: end.Token).AsTask()),
            ];
            _ = await Task.WhenAll(publications);
            died = broker.Died;
            Check(qos, [.. broker.Published.Select(payload => payload[0])]);
        }
        while (died);

        Assert.True(bytes > 4 + (Messages * (qos == MqttQos.AtLeastOnce ? 4 : 8)), $"Only {bytes} bytes were gone through.");
    }

    [Theory]
    [MemberData(nameof(Matrix))]
    public async Task What_the_broker_sends_arrives(MqttVersion version, MqttQos qos, bool whileReceiving)
    {
        int bytes = 1;
        bool died;
        do
        {
            using var end = new CancellationTokenSource(s_patience);
            using var broker = new ScriptedBroker(version);
            await using var client = new MqttClient(Patient(broker));
            _ = await client.ConnectAsync(end.Token);
            _ = await client.SubscribeAsync("t", qos, end.Token);
            broker.DieAfter(bytes++, whileReceiving);
            for (int i = 0; i < Messages; i++)
            {
                broker.Deliver("t", [(byte)i], qos);
            }

            var got = new List<byte>();
            while (broker.Open != 0 || got.Distinct().Count() < Messages)
            {
                using var soon = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
                soon.CancelAfter(20);
                try
                {
                    using MqttMessage message = await client.ReceiveAsync(soon.Token);
                    got.Add(message.Payload.Span[0]);
                }
                catch (OperationCanceledException) when (!end.IsCancellationRequested)
                {
                    // Only acknowledgements are under way.
                }
            }

            died = broker.Died;
            Check(qos, got);
        }
        while (died);

        Assert.True(bytes > Messages * (qos == MqttQos.AtLeastOnce ? 4 : 8), $"Only {bytes} bytes were gone through.");
    }

    private static void Check(MqttQos qos, IReadOnlyList<byte> got)
    {
        byte[] all = [.. Enumerable.Range(0, Messages).Select(i => (byte)i)];
        Assert.Equal(all, qos == MqttQos.ExactlyOnce ? got : got.Distinct());
    }

    private static MqttClientOptions Patient(ScriptedBroker broker)
    {
        MqttClientOptions options = broker.Options();
        return options with { Reconnect = options.Reconnect! with { AlsoFirst = true } };
    }
}
