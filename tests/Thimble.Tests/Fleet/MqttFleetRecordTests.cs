using System;
using System.Collections.Concurrent;
using System.Text;
using System.Threading.Tasks;
using Thimble.Mqtt;
using Thimble.Testing;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tests.Fleet;

/// <summary>What is in progress keeps a buffer, and nothing else does.</summary>
[Collection(PeerTests.Name)]
public sealed class MqttFleetRecordTests(PeerPki pki)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [PeerTheory("mosquitto")]
    [InlineData(1)] // in the header of the record
    [InlineData(5)] // behind it
    [InlineData(30)]
    public async Task A_record_in_part_keeps_its_buffer_and_lets_others_talk_meanwhile(int bytes)
    {
        using FleetBroker broker = FleetBroker.Start();
        using var relay = new HeldRelay(broker.Port);
        var got = new ConcurrentQueue<string>();
        MqttFleetMessageHandler keep = (_, message) => got.Enqueue(Encoding.UTF8.GetString(message.Payload));
        await using var held = new MqttFleet(broker.Options(keep) with { Port = relay.Port });
        await using var free = new MqttFleet(broker.Options(keep));
        MqttFleetClient client = (await MqttFleetTests.ConnectAsync(held, broker, 1))[0];
        using ClientIdentity device = broker.Device("other");
        await using MqttFleetClient other = await free.ConnectAsync(device, "other");
        await client.SubscribeAsync("to/client");
        await other.SubscribeAsync("to/other");
        await MqttFleetTests.UntilAsync(() => held.MemoryUse.Working == 0, () => held.MemoryUse.ToString());

        relay.HoldBehind(bytes);
        await other.PublishAsync("to/client", "in part"u8.ToArray());
        await MqttFleetTests.UntilAsync(() => relay.Held > 0 && held.MemoryUse.Working == 1, () => $"{relay.Held} bytes are held, {held.MemoryUse}");
        await client.PublishAsync("to/other", "meanwhile"u8.ToArray());
        await MqttFleetTests.UntilAsync(() => !got.IsEmpty, () => "Nothing came.");
        Assert.Equal(["meanwhile"], got);
        Assert.Equal(1, held.MemoryUse.Working);

        relay.Release();
        await MqttFleetTests.UntilAsync(() => got.Count == 2 && held.MemoryUse.Working == 0, () => $"{got.Count} messages, {held.MemoryUse}");
        Assert.Equal(["meanwhile", "in part"], got);
    }

    [PeerFact("openssl")]
    public async Task Tickets_are_let_go_and_KeyUpdate_is_answered_and_the_connection_rests_again()
    {
        PeerIdentity identity = pki.Server("p256"), own = pki.Client("p256")!;
        using OpenSslServer server = OpenSslServer.Launch(identity, ["-tls1_3", "-msg", .. OpenSslServer.DemandClient(pki, own)]);
        var got = new ConcurrentQueue<string>();
        await using var fleet = new MqttFleet(new MqttFleetOptions
        {
            Trust = Trust.FromFile(identity.RootFile),
            Profile = Profiles.Ecdsa.Profile with { ClientEcdsaBits = 256 },
            Host = "127.0.0.1",
            Port = server.Port,
            ServerName = PeerPki.ServerName,
            Received = (_, message) => got.Enqueue(Encoding.UTF8.GetString(message.Payload)),
        });
        using ClientIdentity device = ClientIdentity.FromFiles(own.ChainFile, own.KeyFile);
        Task<MqttFleetClient> connecting = fleet.ConnectAsync(device, "device");
        server.Process.WaitFor(@"<<< TLS 1.3, InnerContent .*\n\s+17"); // CONNECT, which has no end of line
        await SayAsync(server, "\x20\x02\0\0"); // CONNACK
        MqttFleetClient client = await connecting.WaitAsync(s_patience);
        for (int round = 1; round <= 3; round++)
        {
            await MqttFleetTests.UntilAsync(() => fleet.MemoryUse.Working == 0, () => fleet.MemoryUse.ToString());
            int mark = server.Process.Mark;
            await SayAsync(server, "K\n");
            server.Process.WaitFor("<<< TLS 1.3, Handshake .*KeyUpdate", mark, s_patience);
            await client.PublishAsync("t", Encoding.ASCII.GetBytes($"under new keys {round}\n"));
            server.Process.WaitFor($"under new keys {round}", mark, s_patience);
            await SayAsync(server, "\x30\x05\0\x01tH" + round);
            await MqttFleetTests.UntilAsync(() => got.Count == round, () => $"{got.Count} messages");
        }

        Assert.Equal(["H1", "H2", "H3"], got);
        await MqttFleetTests.UntilAsync(() => fleet.MemoryUse.Working == 0, () => fleet.MemoryUse.ToString());
        Assert.Equal(1, fleet.MemoryUse.Connections);
    }

    [PeerFact("mosquitto")]
    public async Task A_handler_that_throws_ends_its_own_client_and_no_other()
    {
        using FleetBroker broker = FleetBroker.Start();
        var ended = new TaskCompletionSource<(object? Tag, Exception? Why)>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fleet = new MqttFleet(broker.Options((client, _) => throw new FormatException("not understood by " + client.Tag)) with
        {
            Ended = (client, why) => ended.TrySetResult((client.Tag, why)),
        });
        MqttFleetClient[] clients = await MqttFleetTests.ConnectAsync(fleet, broker, 2);
        await clients[1].SubscribeAsync("t", MqttQos.AtLeastOnce);
        await clients[0].PublishAsync("t", new byte[] { 1 });
        (object? tag, Exception? why) = await ended.Task.WaitAsync(s_patience);
        Assert.Equal(1, tag);
        Assert.Equal("not understood by 1", Assert.IsType<FormatException>(why).Message);
        Assert.True(clients[0].IsConnected);
        Assert.False(clients[1].IsConnected);
        Assert.Equal(1, fleet.MemoryUse.Connections);
    }

    private static async Task SayAsync(OpenSslServer server, string text)
    {
        await server.Process.Input.WriteAsync(text);
        await server.Process.Input.FlushAsync();
    }
}
