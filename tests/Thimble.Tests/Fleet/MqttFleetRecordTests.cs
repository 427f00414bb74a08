using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Cli.Demo;
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

    [PeerFact("mosquitto")]
    public async Task Who_waits_for_the_broker_to_acknowledge_keeps_no_buffer()
    {
        const int Quota = 4; // of the options' profile
        using FleetBroker broker = FleetBroker.Start();
        using var relay = new HeldRelay(broker.Port);
        await using var fleet = new MqttFleet(broker.Options() with { Port = relay.Port });
        MqttFleetClient client = (await MqttFleetTests.ConnectAsync(fleet, broker, 1))[0];
        await MqttFleetTests.UntilAsync(() => fleet.MemoryUse.Working == 0, () => fleet.MemoryUse.ToString());
        relay.HoldBehind(0);
        Task[] published = [.. Enumerable.Range(0, Quota + 1).Select(i => client.PublishAsync("t", new[] { (byte)i }, MqttQos.AtLeastOnce).AsTask())];
        Assert.Equal(0, fleet.MemoryUse.Working);
        Assert.All(published, task => Assert.False(task.IsCompleted));
        relay.Release();
        await Task.WhenAll(published).WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_message_in_the_same_record_as_CONNACK_does_not_hold_up_connecting()
    {
        using var pki = DemoPki.Create(DemoKeys.P256, DemoKeys.P256, DateTimeOffset.UtcNow);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Task serving = ServeAsync(listener, pki, [0x20, 2, 0, 0, 0x30, 4, 0, 1, (byte)'t', 1], over.Task);
        using var returned = new ManualResetEventSlim();
        var waited = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fleet = new MqttFleet(new MqttFleetOptions
        {
            Trust = Trust.Of([pki.Anchor]),
            Profile = Profiles.Ecdsa.Profile with { ClientEcdsaBits = 256 },
            Host = "127.0.0.1",
            Port = ((IPEndPoint)listener.LocalEndpoint).Port,
            ServerName = DemoPki.ServerName,
            Received = (_, _) => waited.TrySetResult(returned.Wait(s_patience)),
        });
        using ClientIdentity device = ClientIdentity.Of([pki.ClientCertificate], pki.ClientKey);
        _ = await fleet.ConnectAsync(device, "device");
        returned.Set();
        Assert.True(await waited.Task.WaitAsync(s_patience + s_patience));
        over.SetResult();
        await serving;
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

    /// <summary>Answers the first bytes of the first client with these, by the platform's TLS.</summary>
    private static async Task ServeAsync(TcpListener listener, DemoPki pki, byte[] answer, Task over)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = pki.ServerContext() });
        _ = await tls.ReadAsync(new byte[256]);
        await tls.WriteAsync(answer);
        await over;
    }

    private static async Task SayAsync(OpenSslServer server, string text)
    {
        await server.Process.Input.WriteAsync(text);
        await server.Process.Input.FlushAsync();
    }
}
