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

    [PeerTheory("mosquitto")]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task Retained_messages_and_wildcards_are_understood(MqttVersion version)
    {
        using TestBroker broker = TestBroker.Start(pki);
        using var end = new CancellationTokenSource(s_patience);
        await using var client = new MqttClient(broker.Options(version));
        _ = await client.ConnectAsync(end.Token);
        _ = await client.PublishAsync("house/kitchen/temperature", "21.5 °C"u8.ToArray(), MqttQos.AtLeastOnce, retain: true, end.Token);
        _ = await client.PublishAsync("garden/temperature", "12"u8.ToArray(), MqttQos.AtLeastOnce, retain: true, end.Token);
        _ = await client.SubscribeAsync([new MqttSubscription("house/+/temperature", MqttQos.AtLeastOnce), new MqttSubscription("shed/#")], end.Token);
        using (MqttMessage retained = await client.ReceiveAsync(end.Token))
        {
            Assert.Equal(("house/kitchen/temperature", true, "21.5 °C"), (retained.Topic, retained.Retain, Encoding.UTF8.GetString(retained.Payload.Span)));
        }

        MqttUnsubscribeResult taken = await client.UnsubscribeAsync(["house/+/temperature"], end.Token);
        Assert.Equal([MqttReasonCode.Success], taken.Reasons);
        _ = await client.PublishAsync("house/kitchen/temperature", new byte[1], cancellationToken: end.Token);
        _ = await client.PublishAsync("shed/a/b", new byte[2], cancellationToken: end.Token);
        using MqttMessage other = await client.ReceiveAsync(end.Token);
        Assert.Equal(("shed/a/b", false), (other.Topic, other.Retain));
    }

    [PeerTheory("mosquitto")]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_will_is_published_for_a_client_that_is_lost_and_not_for_one_that_leaves(MqttVersion version)
    {
        using TestBroker broker = TestBroker.Start(pki);
        using var end = new CancellationTokenSource(s_patience);
        await using var witness = new MqttClient(broker.Options(version));
        _ = await witness.ConnectAsync(end.Token);
        _ = await witness.SubscribeAsync("wills/+", MqttQos.AtLeastOnce, end.Token);
        MqttClientOptions options = broker.Options(version, "mortal") with
        {
            Will = new MqttLastWill(new MqttPublication { Topic = "wills/mortal", Payload = "gone"u8.ToArray(), Qos = MqttQos.AtLeastOnce }),
        };
        await using (var leaving = new MqttClient(options with { Will = options.Will with { Message = options.Will.Message with { Payload = "left"u8.ToArray() } } }))
        {
            _ = await leaving.ConnectAsync(end.Token);
        }

        await using var first = new MqttClient(options with { Reconnect = null });
        _ = await first.ConnectAsync(end.Token);
        await using var second = new MqttClient(options);
        _ = await second.ConnectAsync(end.Token); // takes the client identifier over
        using MqttMessage will = await witness.ReceiveAsync(end.Token);
        Assert.Equal(("wills/mortal", "gone"), (will.Topic, Encoding.UTF8.GetString(will.Payload.Span)));
    }

    [PeerFact("mosquitto")]
    public async Task A_shared_subscription_divides_the_messages()
    {
        const int Messages = 40;
        using TestBroker broker = TestBroker.Start(pki);
        using var end = new CancellationTokenSource(s_patience);
        await using var publisher = new MqttClient(broker.Options());
        await using var one = new MqttClient(broker.Options());
        await using var other = new MqttClient(broker.Options());
        MqttClient[] workers = [one, other];
        foreach (MqttClient worker in workers)
        {
            _ = await worker.ConnectAsync(end.Token);
            Assert.True((await worker.SubscribeAsync("$share/workers/jobs", MqttQos.AtLeastOnce, end.Token)).AllGranted);
        }

        _ = await publisher.ConnectAsync(end.Token);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(end.Token);
        int[] got = new int[Messages];
        int[] shares = new int[workers.Length];
        int all = 0;
        Task[] working = [.. workers.Select((worker, number) => Task.Run(async () =>
        {
            try
            {
                await foreach (MqttMessage message in worker.Messages(enough.Token))
                {
                    got[message.Payload.Span[0]]++;
                    shares[number]++;
                    if (Interlocked.Increment(ref all) == Messages)
                    {
                        await enough.CancelAsync();
                    }
                }
            }
            catch (OperationCanceledException) when (!end.IsCancellationRequested)
            {
                // All came.
            }
        }))];
        for (int i = 0; i < Messages; i++)
        {
            _ = await publisher.PublishAsync("jobs", new[] { (byte)i }, MqttQos.AtLeastOnce, cancellationToken: end.Token);
        }

        await Task.WhenAll(working);
        Assert.All(got, times => Assert.Equal(1, times));
        Assert.All(shares, share => Assert.NotEqual(0, share));
    }

    [PeerFact("mosquitto")]
    public async Task Properties_reach_the_other_side_and_options_of_subscriptions_count()
    {
        using TestBroker broker = TestBroker.Start(pki);
        using var end = new CancellationTokenSource(s_patience);
        await using var client = new MqttClient(broker.Options());
        MqttConnectResult connected = await client.ConnectAsync(end.Token);
        Assert.NotEmpty(connected.ClientId);
        _ = await client.SubscribeAsync([new MqttSubscription("own", MqttQos.ExactlyOnce) { NoLocal = true }], end.Token);
        _ = await client.SubscribeAsync([new MqttSubscription("answers", MqttQos.ExactlyOnce) { Identifier = 7, RetainAsPublished = true }], end.Token);
        var publication = new MqttPublication
        {
            Topic = "answers",
            Payload = "{}"u8.ToArray(),
            Qos = MqttQos.ExactlyOnce,
            Retain = true,
            Expiry = TimeSpan.FromMinutes(10),
            PayloadFormat = MqttPayloadFormat.Utf8,
            ContentType = "application/json",
            ResponseTopic = "questions",
            CorrelationData = new byte[] { 1, 2 },
            UserProperties = [new("a", "1"), new("a", "2")],
        };
        _ = await client.PublishAsync(publication with { Topic = "own" }, end.Token);
        _ = await client.PublishAsync(publication, end.Token);
        using MqttMessage message = await client.ReceiveAsync(end.Token);
        MqttMessageProperties said = message.Properties;
        Assert.Equal(("answers", true), (message.Topic, message.Retain));
        Assert.Equal((MqttPayloadFormat.Utf8, "application/json", "questions"), (said.PayloadFormat, said.ContentType, said.ResponseTopic));
        Assert.InRange(said.Expiry!.Value, TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
        Assert.Equal([1, 2], said.CorrelationData.ToArray());
        Assert.Equal([7u], said.SubscriptionIdentifiers);
        Assert.Equal([new("a", "1"), new("a", "2")], said.UserProperties);
    }

    [PeerTheory("mosquitto")]
    [InlineData(MqttVersion.V311)]
    [InlineData(MqttVersion.V5)]
    public async Task A_session_waits_for_its_client(MqttVersion version)
    {
        using TestBroker broker = TestBroker.Start(pki);
        using var end = new CancellationTokenSource(s_patience);
        MqttClientOptions options = broker.Options(version, "sleeper") with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) };
        await using (var before = new MqttClient(options))
        {
            Assert.False((await before.ConnectAsync(end.Token)).SessionPresent);
            _ = await before.SubscribeAsync("letters", MqttQos.ExactlyOnce, end.Token);
        }

        await using (var publisher = new MqttClient(broker.Options(version)))
        {
            _ = await publisher.ConnectAsync(end.Token);
            _ = await publisher.PublishAsync("letters", new byte[] { 1 }, MqttQos.ExactlyOnce, cancellationToken: end.Token);
            _ = await publisher.PublishAsync("letters", new byte[] { 2 }, MqttQos.AtLeastOnce, cancellationToken: end.Token);
        }

        await using var after = new MqttClient(options);
        Assert.True((await after.ConnectAsync(end.Token)).SessionPresent);
        foreach (byte expected in (byte[])[1, 2])
        {
            using MqttMessage message = await after.ReceiveAsync(end.Token);
            Assert.Equal(expected, message.Payload.Span[0]);
        }
    }

    [PeerTheory("mosquitto")]
    [InlineData(MqttVersion.V311, MqttQos.AtLeastOnce)]
    [InlineData(MqttVersion.V311, MqttQos.ExactlyOnce)]
    [InlineData(MqttVersion.V5, MqttQos.AtLeastOnce)]
    [InlineData(MqttVersion.V5, MqttQos.ExactlyOnce)]
    public async Task A_broker_that_is_ended_and_started_again_gets_everything(MqttVersion version, MqttQos qos)
    {
        const int Messages = 60;
        using TestBroker broker = TestBroker.Start(pki);
        using var end = new CancellationTokenSource(s_patience);
        MqttClientOptions options = broker.Options(version, "traveller") with { CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) };
        await using var client = new MqttClient(options);
        _ = await client.ConnectAsync(end.Token);
        _ = await client.SubscribeAsync("road", qos, end.Token);
        Task publishing = Task.Run(async () =>
        {
            for (int i = 0; i < Messages; i++)
            {
                _ = await client.PublishAsync("road", new[] { (byte)i }, qos, cancellationToken: end.Token);
            }
        });
        var got = new List<byte>();
        while (got.Distinct().Count() < Messages)
        {
            using MqttMessage message = await client.ReceiveAsync(end.Token);
            got.Add(message.Payload.Span[0]);
            if (got.Count is 20 or 40)
            {
                broker.Restart();
            }
        }

        await publishing;
        Assert.Equal(Enumerable.Range(0, Messages), got.Select(message => (int)message).Distinct());
    }

    [PeerFact("mosquitto")]
    public async Task A_wrong_password_and_an_unknown_authority_end_the_attempt()
    {
        string passwords = pki.WriteFile("");
        using TestBroker broker = TestBroker.Start(pki, $"allow_anonymous false\npassword_file {passwords}");
        using var end = new CancellationTokenSource(s_patience);
        await using (var client = new MqttClient(broker.Options() with { UserName = "user", Password = "wrong"u8.ToArray() }))
        {
            MqttException refused = await Assert.ThrowsAsync<MqttException>(() => client.ConnectAsync(end.Token));
            Assert.Equal((MqttProblem.ConnectionRefused, MqttReasonCode.NotAuthorized), (refused.Problem, refused.ReasonCode));
        }

        using Credentials others = Credentials.Load(pki.Server("p384").RootFile);
        await using var stranger = new MqttClient(broker.Options() with { Credentials = others });
        TlsFaultException fault = await Assert.ThrowsAsync<TlsFaultException>(() => stranger.ConnectAsync(end.Token));
        Assert.Equal(Thimble.Memory.FaultReason.IssuerUnknown, fault.Fault.Reason);
    }

    private static byte[] Payload(int size) => [.. Enumerable.Range(0, size).Select(i => (byte)(i * 7))];
}
