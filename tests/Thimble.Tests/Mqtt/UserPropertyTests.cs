using System;
using System.Linq;
using System.Threading.Tasks;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Tests.Mqtt;

/// <summary>User properties of packets that are no messages (MQTT 5 §3.8.2.1.3, §3.10.2.1.2, §3.14.2.2.4).</summary>
public sealed class UserPropertyTests
{
    private static readonly byte[] s_encoded = [0x26, 0, 1, (byte)'k', 0, 2, (byte)'v', (byte)'2'];
    private static readonly MqttUserProperty[] s_properties = [new("k", "v2")];

    [Fact]
    public async Task They_stand_in_SUBSCRIBE_UNSUBSCRIBE_and_DISCONNECT()
    {
        using var broker = new ScriptedBroker();
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await client.SubscribeAsync([new MqttSubscription("a/b")], s_properties);
        _ = await client.UnsubscribeAsync(["a/b"], s_properties);
        await client.DisconnectAsync(MqttReasonCode.Success, s_properties);
        await Wait.Until(() => broker.Raw.Any(packet => packet[0] == 0xE0), "DISCONNECT never came.");
        Assert.All((byte[])[0x82, 0xA2, 0xE0], type => Assert.True(Assert.Single(broker.Raw, packet => packet[0] == type).AsSpan().IndexOf(s_encoded) > 0, $"{type:X2} has none."));
    }

    [Fact]
    public async Task MQTT_3_1_1_has_none()
    {
        using var broker = new ScriptedBroker(MqttVersion.V311);
        await using var client = new MqttClient(broker.Options());
        _ = await client.ConnectAsync();
        _ = await Assert.ThrowsAsync<ArgumentException>(() => client.SubscribeAsync([new MqttSubscription("a/b")], s_properties));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => client.UnsubscribeAsync(["a/b"], s_properties));
        _ = await Assert.ThrowsAsync<ArgumentException>(() => client.DisconnectAsync(MqttReasonCode.Success, s_properties));
        Assert.Equal(MqttConnectionState.Connected, client.State);
    }
}
