using System;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Thimble.Cli.Demo;
using Thimble.Memory;
using Thimble.Mqtt;
using Thimble.Testing;
using Xunit;

namespace Thimble.Tests.Peers;

/// <summary>MQTT over mutual TLS with a broker that devices really meet.</summary>
[Collection(PeerTests.Name)]
[Trait("Category", "Peer")]
public sealed class MosquittoTests(PeerPki pki)
{
    private const string Topic = "thimble/peers";

    [PeerTheory("mosquitto")]
    [InlineData("rsa-4", "p256")]
    [InlineData("rsa-1", "rsa")]
    [InlineData("p256", "p256")]
    [InlineData("p384", "rsa")]
    [InlineData("ec-under-rsa", "p256")]
    public void Our_own_message_comes_back(string chain, string client)
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server(chain));
        using AuditedClient tls = AuditedClient.To(broker.Port, ClientSetup.For(pki.Server(chain), pki.Client(client)));
        MqttOverTls mqtt = Join(tls, "device");
        foreach (int length in (int[])[0, 1, 600, 20_000])
        {
            byte[] payload = RandomNumberGenerator.GetBytes(length);
            mqtt.Publish(Topic, payload);
            (string topic, byte[] received) = mqtt.Receive()!.Value;
            Assert.Equal(Topic, topic);
            Assert.Equal(payload, received);
        }

        mqtt.Disconnect();
        tls.Close();
        broker.Process.WaitFor("Client device disconnected");
        Assert.DoesNotContain("OpenSSL Error", broker.Process.Output, StringComparison.Ordinal);
    }

    [PeerTheory("mosquitto")]
    [InlineData(TlsVersions.Tls12)]
    [InlineData(TlsVersions.Tls13)]
    public void A_session_goes_on_when_its_connection_was_parked(TlsVersions version)
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"));
        ClientSetup setup = ClientSetup.For(pki.Server("p256"), pki.Client("p256"));
        setup = setup with { Profile = setup.Profile with { Versions = version, Suites = setup.Profile.Suites | CipherSuites.Aes128GcmSha256, InWindowBytes = 4096 } };
        using AuditedClient tls = AuditedClient.To(broker.Port, setup);
        MqttOverTls mqtt = Join(tls, "device");
        for (byte round = 0; round < 5; round++)
        {
            mqtt.Publish(Topic, [round]);
            tls.ParkAndResume(round); // the message may come back while the connection is parked
            (string topic, byte[] received) = mqtt.Receive()!.Value;
            Assert.Equal(Topic, topic);
            Assert.Equal([round], received);
        }

        mqtt.Ping();
        mqtt.Disconnect();
        tls.Close();
        broker.Process.WaitFor("Client device disconnected");
    }

    [PeerFact("mosquitto", "mosquitto_pub", "mosquitto_sub")]
    public void Mosquittos_own_clients_are_the_other_side()
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("rsa-4"));
        using AuditedClient tls = AuditedClient.To(broker.Port, ClientSetup.For(pki.Server("rsa-4"), pki.Client("p256")));
        MqttOverTls mqtt = Join(tls, "device");
        using (PeerProcess publisher = broker.StartClient("mosquitto_pub", "-t", Topic, "-m", "21.5 °C"))
        {
            (string topic, byte[] received) = mqtt.Receive()!.Value;
            Assert.Equal((Topic, "21.5 °C"), (topic, Encoding.UTF8.GetString(received)));
            publisher.WaitForSuccess();
        }

        using PeerProcess subscriber = broker.StartClient("mosquitto_sub", "-i", "listener", "-v", "-C", "1", "-t", "answers/+");
        broker.Process.WaitFor("Sending SUBACK to listener");
        mqtt.Publish("answers/device", "understood"u8);
        Assert.Contains("answers/device understood", subscriber.WaitForSuccess(), StringComparison.Ordinal);
        mqtt.Disconnect();
        tls.Close();
    }

    [PeerFact("mosquitto")]
    public void The_broker_answers_when_the_keep_alive_asks()
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"));
        using AuditedClient tls = AuditedClient.To(broker.Port, ClientSetup.For(pki.Server("p256"), pki.Client("p256")));
        tls.Connect();
        var mqtt = new MqttOverTls(tls);
        mqtt.Connect("device", keepAliveSeconds: 60);
        Assert.Equal(MqttStatus.Complete, mqtt.Poll());
        for (int i = 0; i < 3; i++)
        {
            mqtt.Now += 45_000;
            Assert.Equal(MqttStatus.PingDue, mqtt.Poll());
            mqtt.Ping();
            Assert.Equal(MqttStatus.Complete, mqtt.Poll());
        }

        broker.Process.WaitFor("Received PINGREQ from device");
        mqtt.Disconnect();
        tls.Close();
    }

    /// <summary>
    /// Mosquitto sends records of 16 kB where it can. 512 is a size that it agrees to (RFC 6066 §4), below that there is
    /// nothing to agree to, and 16,384 needs no agreement.
    /// </summary>
    [PeerTheory("mosquitto", "mosquitto_pub")]
    [InlineData(511, false)]
    [InlineData(512, true)]
    [InlineData(4096, true)]
    [InlineData(16_383, true)]
    [InlineData(16_384, true)]
    public void A_large_message_needs_a_window_or_an_agreement(int windowBytes, bool arrives)
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"));
        ClientSetup setup = ClientSetup.For(pki.Server("p256"), pki.Client("p256"));
        using AuditedClient tls = AuditedClient.To(broker.Port, setup with { Profile = setup.Profile with { InWindowBytes = windowBytes } });
        MqttOverTls mqtt = Join(tls, "device");
        byte[] payload = RandomNumberGenerator.GetBytes(40_000);
        string file = pki.WriteFile(Convert.ToBase64String(payload));
        using PeerProcess publisher = broker.StartClient("mosquitto_pub", "-t", Topic, "-f", file);
        (string Topic, byte[] Payload)? message = mqtt.Receive();
        publisher.WaitForSuccess();
        Assert.Equal(arrives, message is not null);
        if (arrives)
        {
            Assert.Equal(File.ReadAllBytes(file), message!.Value.Payload);
            return;
        }

        Assert.Equal((FaultReason.RecordLargerThanWindow, 511u, 16_384u), (tls.Fault.Reason, tls.Fault.Expected, tls.Fault.Actual));
        Assert.Contains(windowBytes.ToString(CultureInfo.InvariantCulture), tls.Explanation, StringComparison.Ordinal);
    }

    /// <summary>Its records have 16 kB, and our window agrees to nothing: they stream through both protocols.</summary>
    [PeerTheory("mosquitto", "mosquitto_pub")]
    [InlineData("1.2")]
    [InlineData("1.3")]
    public void A_message_of_100_kB_streams_through_a_window_of_511_bytes(string version)
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"), version);
        PeerIdentity client = pki.Client("p256")!;
        using Credentials credentials = Credentials.Load(pki.Server("p256").RootFile, client.ChainFile, client.KeyFile);
        Profile profile = ClientSetup.For(pki.Server("p256"), client).Profile.Offering(version == "1.2" ? TlsVersions.Tls12 : TlsVersions.Tls13);
        var options = new TlsConnectionOptions
        {
            Credentials = credentials,
            Profile = profile with { InWindowBytes = 511, MaxMqttAcknowledgements = 4, ProvisionalMqtt = true },
            ServerName = PeerPki.ServerName,
            AcceptLargeRecords = true,
        };
        using NetworkStream transport = TcpTransport.Connect("127.0.0.1", broker.Port, options.Timeout);
        using var tls = new TlsConnection(options, transport);
        tls.Handshake();
        var mqtt = new DemoClient(tls, options.Profile);
        mqtt.Connect("device"u8);
        mqtt.Subscribe(Encoding.UTF8.GetBytes(Topic), MqttQos.AtLeastOnce);
        string file = pki.WriteFile(Convert.ToBase64String(RandomNumberGenerator.GetBytes(75_000)));
        using PeerProcess publisher = broker.StartClient("mosquitto_pub", "-q", "1", "-t", Topic, "-f", file);
        Assert.Equal(File.ReadAllBytes(file), mqtt.Receive().Payload);
        publisher.WaitForSuccess();
        mqtt.Ping();
        Assert.Equal(1, mqtt.Acknowledged);
        broker.Process.WaitFor("Received PUBACK from device");
        mqtt.Disconnect();
        tls.Close();
        Assert.Equal(0, tls.GcAllocatedBytes);
    }

    [PeerFact("mosquitto")]
    public void The_broker_says_why_it_refuses_a_stranger()
    {
        using MosquittoBroker broker = MosquittoBroker.Start(pki, pki.Server("p256"));
        using AuditedClient tls = AuditedClient.To(broker.Port, ClientSetup.For(pki.Server("p256"), pki.Client("stranger")));
        Assert.Equal(FaultReason.AlertReceived, tls.Handshake());
        Assert.Equal(48, tls.Fault.Alert);
        Assert.Contains("unknown_ca", tls.Explanation, StringComparison.Ordinal);
    }

    private static MqttOverTls Join(AuditedClient tls, string name)
    {
        tls.Connect();
        var mqtt = new MqttOverTls(tls);
        mqtt.Connect(name);
        mqtt.Subscribe(Topic);
        return mqtt;
    }
}
