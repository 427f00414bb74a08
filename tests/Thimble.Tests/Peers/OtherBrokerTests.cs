using System.Security.Cryptography;
using Thimble.Memory;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>MQTT 3.1.1 over mutual TLS with brokers that rest on other people's TLS: that of Erlang, and that of Node.js.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class OtherBrokerTests(PeerPki pki)
{
    private const string Topic = "thimble/peers";

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
}
