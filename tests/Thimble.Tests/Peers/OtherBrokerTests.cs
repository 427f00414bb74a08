using System;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>MQTT 3.1.1 over mutual TLS with brokers that rest on other people's TLS: that of Erlang, and that of Node.js.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OtherBrokerTests(PeerPki pki)
{
    private const string Topic = "thimble/peers";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(120);

    /// <summary>
    /// Both versions in one test: it takes its time to start. In TLS 1.2 its Erlang does not know the extended master secret, without which
    /// a profile that does not allow it ends the handshake (RULES 16).
    /// </summary>
    [NamespaceFact("rabbitmq-server", "ip")]
    public void RabbitMq_sends_our_own_message_back()
    {
        PeerIdentity server = pki.Server("rsa-1");
        using RabbitBroker broker = RabbitBroker.Start(pki, server);
        using (AuditedClient strict = Client(broker.Port, server, TlsVersions.Tls12))
        {
            Assert.Equal(FaultReason.ExtendedMasterSecretMissing, strict.Handshake());
        }

        AssertComesBack(broker.Port, server, TlsVersions.Tls12, legacyMasterSecret: true);
        AssertComesBack(broker.Port, server, TlsVersions.Tls13);
    }

    /// <summary>It grants QoS 1 where QoS 2 was asked for, and answers what is published with QoS 2 by PUBACK, against [MQTT-4.3.3-2]: that ends the connection.</summary>
    [NamespaceFact("rabbitmq-server", "ip")]
    public async Task RabbitMq_serves_an_MqttClient()
    {
        PeerIdentity server = pki.Server("rsa-1");
        using RabbitBroker broker = RabbitBroker.Start(pki, server);
        await AssertServes(Options(broker.Port, server), MqttQos.AtLeastOnce);
        await using var client = new MqttClient(Options(broker.Port, server));
        _ = await client.ConnectAsync();
        MqttException fault = await Assert.ThrowsAsync<MqttException>(() => client.PublishAsync(Topic, new byte[1], MqttQos.ExactlyOnce).AsTask().WaitAsync(s_patience));
        Assert.Equal(FaultReason.MqttAcknowledgementUnknown, fault.Fault.Reason);
    }

    [PeerFact("node", "npm")]
    public async Task Aedes_serves_an_MqttClient()
    {
        PeerIdentity server = pki.Server("p256");
        using AedesBroker broker = AedesBroker.Start(pki, server);
        await AssertServes(Options(broker.Port, server), MqttQos.ExactlyOnce);
    }

    [PeerTheory("node", "npm")]
    [InlineData(TlsVersions.Tls12)]
    [InlineData(TlsVersions.Tls13)]
    public void Aedes_sends_our_own_message_back(TlsVersions version)
    {
        PeerIdentity server = pki.Server("p256");
        using AedesBroker broker = AedesBroker.Start(pki, server);
        AssertComesBack(broker.Port, server, version);
    }

    private AuditedClient Client(int port, PeerIdentity server, TlsVersions version, bool legacyMasterSecret = false)
    {
        ClientSetup setup = ClientSetup.For(server, pki.Client("p256"));
        return AuditedClient.To(port, setup with { Profile = setup.Profile.Offering(version) with { InWindowBytes = 16_384, AllowLegacyMasterSecret = legacyMasterSecret } });
    }

    private void AssertComesBack(int port, PeerIdentity server, TlsVersions version, bool legacyMasterSecret = false)
    {
        using AuditedClient tls = Client(port, server, version, legacyMasterSecret);
        tls.Connect();
        var mqtt = new MqttOverTls(tls);
        mqtt.Connect("device");
        mqtt.Subscribe(Topic);
        foreach (int length in (int[])[0, 1, 600, 20_000])
        {
            byte[] payload = RandomNumberGenerator.GetBytes(length);
            mqtt.Publish(Topic, payload);
            (string topic, byte[] received) = mqtt.Receive()!.Value;
            Assert.Equal(Topic, topic);
            Assert.Equal(payload, received);
        }

        mqtt.Ping();
        Assert.Equal(FaultReason.None, tls.Fault.Reason);
        mqtt.Disconnect();
        tls.Close(); // which not every broker waits for
    }

    private MqttClientOptions Options(int port, PeerIdentity server) => new()
    {
        Server = new Uri(string.Create(CultureInfo.InvariantCulture, $"mqtts://{PeerPki.ServerName}:{port}")),
        Credentials = Credentials.Load(server.RootFile, pki.Client("p256")!.ChainFile, pki.Client("p256")!.KeyFile),
        Version = MqttVersion.V311,
        Reconnect = new MqttReconnectOptions { FirstDelay = TimeSpan.FromMilliseconds(50), MaxDelay = TimeSpan.FromMilliseconds(200) },
    };

    /// <summary>Messages of every QoS come back; a session outlives a connection that was taken over; a will is published for a client that is silent, and not for one that leaves.</summary>
    private static async Task AssertServes(MqttClientOptions options, MqttQos highest)
    {
        using var end = new CancellationTokenSource(s_patience);
        await using var witness = new MqttClient(options with { ClientId = "witness" });
        _ = await witness.ConnectAsync(end.Token);
        _ = await witness.SubscribeAsync("wills/+", MqttQos.AtLeastOnce, end.Token);
        MqttClientOptions session = options with { ClientId = "session", CleanStart = false, SessionExpiry = TimeSpan.FromHours(1) };
        await using (var leaving = new MqttClient(session with { Will = Will("left") }))
        {
            _ = await leaving.ConnectAsync(end.Token);
        }

        await using (var silent = new MqttClient(options with { ClientId = "silent", KeepAlive = TimeSpan.FromSeconds(1), TimeProvider = new StoppedClock(), Reconnect = null, Will = Will("lost") }))
        {
            _ = await silent.ConnectAsync(end.Token);
            using MqttMessage will = await witness.ReceiveAsync(end.Token);
            Assert.Equal("lost"u8, will.Payload.Span);
        }

        await using (var taken = new MqttClient(session with { Reconnect = null }))
        {
            _ = await taken.ConnectAsync(end.Token);
            MqttSubscribeResult granted = await taken.SubscribeAsync(Topic, MqttQos.ExactlyOnce, end.Token);
            Assert.Equal([(MqttReasonCode)highest], granted.Reasons);
            await AssertEcho(taken, highest, end.Token);
            var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            taken.StateChanged += (_, change) => _ = change.State == MqttConnectionState.Disconnected && gone.TrySetResult();
            await using var taker = new MqttClient(session);
            Assert.True((await taker.ConnectAsync(end.Token)).SessionPresent);
            await gone.Task.WaitAsync(end.Token); // until then RabbitMQ may give to the one what is for the other, and of QoS 0 that is allowed
            await AssertEcho(taker, highest, end.Token); // it need not subscribe
            await taker.DisconnectAsync(cancellationToken: end.Token);
        }

        await AssertReconnects(options with { ClientId = "again" }, end.Token);
    }

    private static MqttLastWill Will(string payload) => new(new MqttPublication { Topic = "wills/session", Payload = Encoding.ASCII.GetBytes(payload), Qos = MqttQos.AtLeastOnce });

    /// <summary>Two clients with one identifier take it from one another, until one leaves; whoever is left has its subscription back.</summary>
    private static async Task AssertReconnects(MqttClientOptions options, CancellationToken end)
    {
        await using var client = new MqttClient(options);
        _ = await client.ConnectAsync(end);
        _ = await client.SubscribeAsync(Topic, MqttQos.AtLeastOnce, end);
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.StateChanged += (_, change) => _ = change.State == MqttConnectionState.Reconnecting && lost.TrySetResult();
        await using (var other = new MqttClient(options with { Reconnect = null }))
        {
            _ = await other.ConnectAsync(end);
            await lost.Task.WaitAsync(end);
        }

        await AssertEcho(client, MqttQos.AtLeastOnce, end);
    }

    private static async Task AssertEcho(MqttClient client, MqttQos highest, CancellationToken end)
    {
        foreach (int length in (int[])[0, 1, 600, 20_000])
        {
            for (MqttQos qos = MqttQos.AtMostOnce; qos <= highest; qos++)
            {
                byte[] payload = RandomNumberGenerator.GetBytes(length);
                _ = await client.PublishAsync(Topic, payload, qos, cancellationToken: end);
                using MqttMessage message = await client.ReceiveAsync(end);
                Assert.Equal((Topic, qos), (message.Topic, message.Qos));
                Assert.Equal(payload, message.Payload.ToArray());
            }
        }
    }

    /// <summary>For whom no time passes no ping is due.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
