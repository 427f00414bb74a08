using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Tests.Mqtt;

/// <summary>Passwords that are asked for at each connection, and connections that are made again before a password expires.</summary>
public sealed class PasswordRenewalTests
{
    private const int ConnectPacketType = 1;
    private const int DisconnectPacketType = 14;

    private int _asked;

    [Fact]
    public async Task Each_connection_carries_a_password_of_its_own()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(Options(broker, renewAfter: null));
        _ = await client.ConnectAsync();
        broker.Cut();
        await Wait.Until(() => broker.Connections == 2 && client.State == MqttConnectionState.Connected, "No second connection.");
        Assert.Equal(["token-1", "token-2"], Passwords(broker));
    }

    [Theory]
    [InlineData(MqttVersion.V311, true)]
    [InlineData(MqttVersion.V311, false)]
    [InlineData(MqttVersion.V5, true)]
    [InlineData(MqttVersion.V5, false)]
    public async Task A_connection_is_made_anew_before_its_password_expires_and_nothing_is_lost(MqttVersion version, bool reconnects)
    {
        using var broker = new ScriptedBroker(version);
        MqttClientOptions options = Options(broker, TimeSpan.FromMilliseconds(150));
        var states = new ConcurrentQueue<(MqttConnectionState State, Exception? Cause)>();
        await using var client = new MqttClient(reconnects ? options : options with { Reconnect = null });
        client.StateChanged += (_, change) => states.Enqueue((change.State, change.Cause));
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync("downward", MqttQos.AtLeastOnce);
        int published = 0;
        while (Passwords(broker).Count < 3)
        {
            _ = await client.PublishAsync("upward", BitConverter.GetBytes(published++), MqttQos.AtLeastOnce).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        }

        await client.DisconnectAsync();
        int[] arrived = [.. broker.Published.Select(payload => BitConverter.ToInt32(payload))];
        Assert.Equal(Enumerable.Range(0, published), arrived.Distinct());
        Assert.Equal(["token-1", "token-2", "token-3"], Passwords(broker).Take(3));
        Assert.All(states, state => Assert.Null(state.Cause));
        Assert.True(IsBetweenConnections(broker, DisconnectPacketType), "A connection ended without DISCONNECT, and the broker would publish the will.");
    }

    [Fact]
    public async Task What_the_source_throws_is_told_and_a_first_attempt_ends_with_it()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { UserName = "device", PasswordSource = static _ => throw new InvalidOperationException("The key is gone.") });
        MqttException failure = await Wait.ForFailure<MqttException>(client.ConnectAsync());
        Assert.Equal(MqttProblem.AuthenticationFailed, failure.Problem);
        Assert.Contains("There is no password for this connection: The key is gone.", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(broker.Raw, packet => packet[0] >> 4 == ConnectPacketType);
    }

    [Fact]
    public async Task A_password_is_wiped_when_it_was_sent()
    {
        byte[] secret = "token"u8.ToArray();
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options() with { UserName = "device", PasswordSource = _ => new(new MqttPassword(secret)) });
        _ = await client.ConnectAsync();
        Assert.Equal(["token"], Passwords(broker));
        Assert.Equal(new byte[5], secret);
    }

    [Fact]
    public void A_password_and_a_source_of_passwords_contradict_each_other()
    {
        using var broker = new ScriptedBroker();
        MqttClientOptions both = Options(broker, null) with { Password = "fixed"u8.ToArray() };
        Assert.Contains("set one of them", Assert.Throws<ArgumentException>(() => new MqttClient(both)).Message, StringComparison.Ordinal);
        MqttClientOptions nameless = Options(broker, null) with { UserName = null, Version = MqttVersion.V311 };
        Assert.Contains("MQTT-3.1.2-22", Assert.Throws<ArgumentException>(() => new MqttClient(nameless)).Message, StringComparison.Ordinal);
    }

    private MqttClientOptions Options(ScriptedBroker broker, TimeSpan? renewAfter) => broker.Options() with
    {
        UserName = "device",
        PasswordSource = _ => new(new MqttPassword(Encoding.ASCII.GetBytes($"token-{++_asked}")) { RenewAfter = renewAfter }),
    };

    /// <summary>The password is the last field of CONNECT (MQTT 5 §3.1.3.6), behind its length.</summary>
    private static List<string> Passwords(ScriptedBroker broker) =>
        [.. broker.Raw.Where(packet => packet[0] >> 4 == ConnectPacketType).Select(packet => Encoding.ASCII.GetString(packet.AsSpan(packet.AsSpan().LastIndexOf("token"u8))))];

    private static bool IsBetweenConnections(ScriptedBroker broker, int type)
    {
        byte[] types = [.. broker.Raw.Select(packet => (byte)(packet[0] >> 4))];
        IEnumerable<int> later = Enumerable.Range(1, types.Length - 1).Where(i => types[i] == ConnectPacketType);
        return later.All(i => types[i - 1] == type);
    }
}
