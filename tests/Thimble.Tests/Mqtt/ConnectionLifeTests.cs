using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Tests.Mqtt;

/// <summary>Connections that are made, refused, lost and made again.</summary>
public sealed class ConnectionLifeTests
{
    private static readonly byte[] s_payload = [1, 2, 3];

    [Fact]
    public async Task The_state_is_told_in_its_order()
    {
        using var broker = new ScriptedBroker();
        var states = new ConcurrentQueue<MqttConnectionState>();
        var client = new MqttClient(broker.Options());
        client.StateChanged += (_, change) => states.Enqueue(change.State);
        _ = await client.ConnectAsync();
        broker.Cut();
        await Wait.Until(() => broker.Connections == 2 && client.State == MqttConnectionState.Connected, "No second connection.");
        await client.DisconnectAsync();
        await client.DisposeAsync();
        MqttConnectionState[] expected =
        [
            MqttConnectionState.Connecting, MqttConnectionState.Connected, MqttConnectionState.Reconnecting, MqttConnectionState.Connected,
            MqttConnectionState.Disconnected, MqttConnectionState.Disposed,
        ];
        await Wait.Until(() => states.Count == expected.Length, "Not all states were told.");
        Assert.Equal(expected, states);
    }

    [Theory]
    [InlineData(MqttVersion.V311, 5, MqttReasonCode.Success)]
    [InlineData(MqttVersion.V5, 0x87, MqttReasonCode.NotAuthorized)]
    [InlineData(MqttVersion.V5, 0x86, MqttReasonCode.BadUserNameOrPassword)]
    public async Task A_refusal_is_told_with_its_reason(MqttVersion version, byte code, MqttReasonCode reason)
    {
        using var broker = new ScriptedBroker(version);
        broker.Says[1] = version == MqttVersion.V5 ? [0x20, 3, 0, code, 0] : [0x20, 2, 0, code];
        await using var client = new MqttClient(broker.Options());
        MqttException refused = await Wait.ForFailure<MqttException>(client.ConnectAsync());
        Assert.Equal((MqttProblem.ConnectionRefused, reason, FaultReason.MqttConnectionRefused), (refused.Problem, refused.ReasonCode, refused.Fault.Reason));
        Assert.Equal(version == MqttVersion.V311 ? code : 0, refused.ReturnCode);
        Assert.Equal((MqttConnectionState.Disconnected, 1), (client.State, broker.Connections));
    }

    [Fact]
    public async Task A_refusal_while_reconnecting_ends_the_client_where_it_cannot_pass()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        broker.Says[1] = [0x20, 3, 0, 0x87, 0];
        Task<MqttMessage> waiting = client.ReceiveAsync().AsTask();
        broker.Cut();
        MqttException refused = await Wait.ForFailure<MqttException>(waiting);
        Assert.Equal(MqttReasonCode.NotAuthorized, refused.ReasonCode);
        await Wait.Until(() => client.State == MqttConnectionState.Disconnected, "It goes on.");
        Assert.Equal(2, broker.Connections);
    }

    [Fact]
    public async Task A_busy_broker_is_tried_again()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        broker.Says[1] = [0x20, 3, 0, 0x89, 0];
        broker.Cut();
        await Wait.Until(() => broker.Connections >= 4, "It gave up.");
        _ = broker.Says.Remove(1);
        await Wait.Until(() => client.State == MqttConnectionState.Connected, "It does not come back.");
    }

    [Fact]
    public async Task Attempts_end_at_their_limit()
    {
        using var broker = new ScriptedBroker();
        MqttClientOptions options = broker.Options();
        await using var client = new MqttClient(options with { Reconnect = options.Reconnect! with { MaxAttempts = 3 } });
        _ = await client.ConnectAsync();
        broker.IsDown = true;
        Task<MqttPublishResult> publication = PublishAfterCut(client, broker);
        _ = await Assert.ThrowsAnyAsync<ThimbleException>(() => publication);
        Assert.Equal(MqttConnectionState.Disconnected, client.State);

        static async Task<MqttPublishResult> PublishAfterCut(MqttClient client, ScriptedBroker broker)
        {
            _ = broker.Ignores.Add(3);
            Task<MqttPublishResult> publication = client.PublishAsync("t", s_payload, MqttQos.AtLeastOnce).AsTask();
            broker.Cut();
            return await publication.WaitAsync(TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public async Task Without_reconnecting_a_loss_is_the_end()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { Reconnect = null });
        _ = await client.ConnectAsync();
        Task<MqttMessage> waiting = client.ReceiveAsync().AsTask();
        broker.Cut();
        MqttException lost = await Wait.ForFailure<MqttException>(waiting);
        Assert.Equal(MqttProblem.ConnectionLost, lost.Problem);
        MqttException offline = await Wait.ForFailure<MqttException>(client.PublishAsync("t", s_payload).AsTask());
        Assert.Equal(MqttProblem.NotConnected, offline.Problem);
    }

    [Fact]
    public async Task A_client_that_was_disconnected_connects_again()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        for (int i = 0; i < 3; i++)
        {
            MqttConnectResult connected = await client.ConnectAsync();
            Assert.Equal(i != 0, connected.SessionPresent);
            _ = await client.PublishAsync("t", s_payload, MqttQos.ExactlyOnce);
            await client.DisconnectAsync();
            Assert.Equal(MqttConnectionState.Disconnected, client.State);
        }

        Assert.Equal(3, broker.Published.Count);
        await Wait.Until(() => broker.Packets.Count(packet => packet == "14") == 3, "Not each connection was left by DISCONNECT."); // the last one may still be on its way
    }

    [Theory]
    [InlineData(false, new byte[] { 1, 2 })]
    [InlineData(true, new byte[] { 2 })]
    public async Task What_was_given_up_goes_on_in_a_session_that_was_kept_and_in_no_other(bool forgets, byte[] published)
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = broker.Ignores.Add(3);
        Task<MqttPublishResult> given = client.PublishAsync("t", new byte[] { 1 }, MqttQos.AtLeastOnce).AsTask();
        await Wait.Until(() => broker.Packets.Contains("3:2"), "It was not sent.");
        await client.DisconnectAsync();
        MqttException closed = await Wait.ForFailure<MqttException>(given);
        Assert.Equal(MqttProblem.ClientClosed, closed.Problem);
        broker.Ignores.Clear();
        broker.Forgets = forgets;
        _ = await client.ConnectAsync();
        _ = await client.PublishAsync("t", new byte[] { 2 }, MqttQos.AtLeastOnce);
        Assert.Equal(published, broker.Published.Select(payload => payload[0]));
        Assert.Equal(0, client.QueuedPublications);
    }

    /// <summary>
    /// A broker that has stopped to read closes while DISCONNECT still waits behind other bytes: the end of the connection comes before our own, in any case.
    /// </summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_broker_that_closes_before_we_do_makes_no_failure_of_an_end_that_was_wanted(bool reconnects)
    {
        const int Messages = 600, Bytes = 60_000; // more than the system's buffers take
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var states = new ConcurrentQueue<(MqttConnectionState State, Exception? Cause)>();
        await using var client = new MqttClient(new MqttClientOptions
        {
            Server = new Uri($"mqtt://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}"),
            AllowPlaintext = true,
            Queue = new MqttQueueOptions { Capacity = Messages, CapacityBytes = 2L * Messages * Bytes },
            Reconnect = reconnects ? new MqttReconnectOptions { FirstDelay = TimeSpan.FromHours(1), MaxDelay = TimeSpan.FromHours(1) } : null,
        });
        client.StateChanged += (_, change) => states.Enqueue((change.State, change.Cause));
        Task<MqttConnectResult> connecting = client.ConnectAsync();
        using Socket socket = await listener.AcceptSocketAsync();
        Assert.NotEqual(0, await socket.ReceiveAsync(new byte[1024]));
        _ = await socket.SendAsync((byte[])[0x20, 3, 0, 0, 0]);
        _ = await connecting.WaitAsync(TimeSpan.FromSeconds(20));
        Task<MqttMessage> receiving = client.ReceiveAsync().AsTask();
        Task<MqttPublishResult>[] publications = [.. Enumerable.Range(0, Messages).Select(_ => client.PublishAsync("t", new byte[Bytes]).AsTask())];
        Task disconnecting = client.DisconnectAsync();
        Assert.False(disconnecting.IsCompleted);
        socket.Close(0);
        await disconnecting.WaitAsync(TimeSpan.FromSeconds(20));
        MqttException ended = await Wait.ForFailure<MqttException>(receiving);
        Assert.Equal(MqttProblem.NotConnected, ended.Problem);
        MqttException given = await Wait.ForFailure<MqttException>(publications[^1]);
        Assert.Equal(MqttProblem.ClientClosed, given.Problem);
        await Wait.Until(() => states.Count == 3, "Not all states were told.");
        Assert.Equal([(MqttConnectionState.Connecting, null), (MqttConnectionState.Connected, null), (MqttConnectionState.Disconnected, null)], states);
    }

    [Fact]
    public async Task A_second_ConnectAsync_is_refused()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await Assert.ThrowsAsync<InvalidOperationException>(() => client.ConnectAsync());
    }

    [Fact]
    public async Task A_lost_session_is_subscribed_to_again()
    {
        using var broker = new ScriptedBroker { Forgets = true };
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("a/+", MqttQos.AtLeastOnce);
        _ = await client.SubscribeAsync([new MqttSubscription("b"), new MqttSubscription("c")]);
        _ = await client.UnsubscribeAsync(["b"]);
        broker.Cut();
        await Wait.Until(() => broker.Subscriptions.Count >= 5, "It does not subscribe again.");
        Assert.Equal(["a/+", "b", "c", "a/+", "c"], broker.Subscriptions);
    }

    [Fact]
    public async Task A_kept_session_is_not_subscribed_to_again()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("a");
        broker.Cut();
        await Wait.Until(() => broker.Connections == 2 && client.State == MqttConnectionState.Connected, "No second connection.");
        _ = await client.PublishAsync("t", s_payload, MqttQos.AtLeastOnce);
        Assert.Equal(["a"], broker.Subscriptions);
    }

    [Fact]
    public async Task A_lost_session_doubles_nothing_of_QoS_2_and_loses_nothing_of_QoS_1()
    {
        using var broker = new ScriptedBroker { Forgets = true };
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = broker.Ignores.Add(3);
        Task<MqttPublishResult> first = client.PublishAsync("t", new byte[] { 1 }, MqttQos.AtLeastOnce).AsTask();
        Task<MqttPublishResult> second = client.PublishAsync("t", new byte[] { 2 }, MqttQos.ExactlyOnce).AsTask();
        await Wait.Until(() => broker.Packets.Count == 3, "The publications do not come.");
        _ = broker.Ignores.Remove(3);
        broker.Cut();
        MqttException lost = await Wait.ForFailure<MqttException>(second);
        Assert.Equal(MqttProblem.SessionLost, lost.Problem);
        _ = await first;
        Assert.Equal([1], Assert.Single(broker.Published));
    }

    [Fact]
    public async Task A_broker_that_answers_no_ping_is_left()
    {
        using var broker = new ScriptedBroker();
        _ = broker.Ignores.Add(12);
        await using var client = new MqttClient(broker.Options() with { KeepAlive = TimeSpan.FromSeconds(1) });
        MqttException? cause = null;
        client.StateChanged += (_, change) => cause ??= change.Cause as MqttException;
        _ = await client.ConnectAsync();
        await Wait.Until(() => broker.Connections >= 2, "It waits for ever.");
        Assert.Equal(MqttProblem.KeepAliveExpired, cause!.Problem);
        Assert.Contains("12", broker.Packets);
    }

    [Fact]
    public async Task Silence_is_filled_with_pings()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { KeepAlive = TimeSpan.FromSeconds(1) });
        _ = await client.ConnectAsync();
        await Wait.Until(() => broker.Packets.Count(packet => packet == "12") >= 3, "It does not ping.");
        Assert.Equal(1, broker.Connections);
    }

    [Fact]
    public async Task A_reference_is_followed_only_where_that_was_asked_for()
    {
        using var other = new ScriptedBroker();
        using var broker = new ScriptedBroker();
        byte[] reference = Encoding.UTF8.GetBytes(other.Uri.Authority);
        broker.Says[1] = [0x20, (byte)(6 + reference.Length), 0, 0x9D, (byte)(3 + reference.Length), 28, 0, (byte)reference.Length, .. reference];
        await using (var obstinate = new MqttClient(broker.Options()))
        {
            MqttException moved = await Wait.ForFailure<MqttException>(obstinate.ConnectAsync());
            Assert.Equal((MqttReasonCode.ServerMoved, other.Uri.Authority), (moved.ReasonCode, moved.ServerReference));
        }

        MqttClientOptions options = broker.Options();
        await using var client = new MqttClient(options with { Reconnect = options.Reconnect! with { FollowRedirects = true, AlsoFirst = true } });
        _ = await client.ConnectAsync();
        Assert.Equal((2, 1), (broker.Connections, other.Connections));
    }

    [Theory]
    [InlineData(0x8B, true)]
    [InlineData(0x8E, false)]
    public async Task A_DISCONNECT_of_the_broker_is_understood(byte reason, bool passes)
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        Task<MqttMessage> waiting = client.ReceiveAsync().AsTask();
        broker.Say(0xE0, 2, reason, 0);
        if (passes)
        {
            await Wait.Until(() => broker.Connections == 2 && client.State == MqttConnectionState.Connected, "It does not come back.");
            return;
        }

        MqttException ended = await Wait.ForFailure<MqttException>(waiting);
        Assert.Equal((MqttProblem.DisconnectedByBroker, MqttReasonCode.SessionTakenOver), (ended.Problem, ended.ReasonCode));
    }

    public static TheoryData<byte[], FaultReason> HostileBytes => new()
    {
        { [0x00, 0x00], FaultReason.MqttUnexpectedPacket },
        { [0x40, 2, 0, 9], FaultReason.MqttAcknowledgementUnknown },
        { [0x90, 4, 0, 1, 0, 0], FaultReason.MqttUnexpectedPacket },
        { [0xD0, 0], FaultReason.MqttUnexpectedPacket },
        { [0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], FaultReason.MqttRemainingLengthMalformed },
        { [0x36, 3, 0, 1, (byte)'t'], FaultReason.MqttFixedHeaderFlags },
        { [0x30, 4, 0, 1, (byte)'#', 0], FaultReason.MqttTopicInvalid },
        { [0x30, 5, 0, 1, (byte)'t', 1, 0x7F], FaultReason.MqttPropertyUnknown },
        { [0x20, 3, 0, 0, 0], FaultReason.MqttUnexpectedPacket },
    };

    [Theory]
    [MemberData(nameof(HostileBytes))]
    public async Task A_broker_that_breaks_the_protocol_is_left_with_its_fault(byte[] said, FaultReason reason)
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        Task<MqttMessage> waiting = client.ReceiveAsync().AsTask();
        broker.Say(said);
        MqttException fault = await Wait.ForFailure<MqttException>(waiting);
        Assert.Equal((MqttProblem.ProtocolFault, reason), (fault.Problem, fault.Fault.Reason));
        Assert.Equal(1, broker.Connections); // what is broken does not heal by connecting again
    }

    [Fact]
    public async Task Enhanced_authentication_goes_through_its_steps()
    {
        using var broker = new ScriptedBroker();
        byte[] method = [21, 0, 1, (byte)'m'];
        broker.Says[1] = [0xF0, 10, 0x18, 8, .. method, 22, 0, 1, 7];
        broker.Says[15] = [0x20, 7, 0, 0, 4, .. method];
        var asked = new ConcurrentQueue<byte[]>();
        MqttClientOptions options = broker.Options() with
        {
            Authentication = new MqttAuthentication("m", (challenge, _) =>
            {
                asked.Enqueue(challenge.ToArray());
                return new ValueTask<ReadOnlyMemory<byte>>(new byte[] { (byte)(100 + asked.Count) });
            }),
        };
        await using var client = new MqttClient(options);
        _ = await client.ConnectAsync();
        Assert.Equal([[], [7]], asked);
        Assert.Contains<byte>(101, broker.Raw[0]);
        Assert.Equal([0xF0, 10, 0x18, 8, .. method, 22, 0, 1, 102], broker.Raw[1]);

        broker.Says[15] = [0xF0, 6, 0x00, 4, .. method];
        await client.ReauthenticateAsync();
        Assert.Equal(3, asked.Count);
    }

    [Fact]
    public async Task An_authentication_that_throws_is_the_cause_that_is_told()
    {
        using var broker = new ScriptedBroker();
        var thrown = new TimeZoneNotFoundException();
        await using var client = new MqttClient(broker.Options() with { Authentication = new MqttAuthentication("m", (_, _) => throw thrown) });
        MqttException failed = await Wait.ForFailure<MqttException>(client.ConnectAsync());
        Assert.Equal(MqttProblem.AuthenticationFailed, failed.Problem);
        Assert.Same(thrown, failed.InnerException);
    }
}
