using System;
using System.Globalization;
using System.Threading.Tasks;
using Xunit;

namespace Thimble.Tests.Driver;

/// <summary>
/// A broker that breaks the rules, and the driver on <see cref="MqttClient"/>, which must drop the connection: with MQTT 3.1.1 without a word more, with
/// MQTT 5 perhaps after a DISCONNECT that says why (MQTT 5 §4.13).
/// </summary>
[Trait("Category", "Peer")]
public sealed class HostileBrokerTests(DriverProcess driver) : IClassFixture<DriverProcess>
{
    private static readonly byte[] s_accepted311 = Convert.FromHexString("20020000");
    private static readonly byte[] s_accepted5 = Convert.FromHexString("2003000000");

    [Theory]
    [InlineData("CONNECT, which brokers do not send", "100c00044d5154540402003c0000")]
    [InlineData("a second CONNACK", "20020000")]
    [InlineData("PUBLISH with QoS 3", "360600016100017800")]
    [InlineData("PUBLISH with DUP and QoS 0", "380400016178")]
    [InlineData("PUBLISH with a wildcard in its topic", "3004000161232b")]
    [InlineData("PUBLISH on '+'", "300400012b78")]
    [InlineData("PUBLISH on no topic", "3003000078")]
    [InlineData("PUBLISH on a topic that is no UTF-8", "30040001ff78")]
    [InlineData("PUBLISH on a topic with U+0000", "300400010078")]
    [InlineData("PUBLISH on a topic with a surrogate", "30060003eda08078")]
    [InlineData("PUBLISH whose topic is longer than the packet", "3003000961")]
    [InlineData("PUBLISH with the packet identifier 0", "3206000161000078")]
    [InlineData("PUBLISH with half a packet identifier", "320400016100")]
    [InlineData("PUBACK with flags", "41020001")]
    [InlineData("PUBACK that is too short", "400100")]
    [InlineData("PUBACK that is too long", "4003000100")]
    [InlineData("PUBREC with flags", "52020001")]
    [InlineData("PUBREL without its flags", "60020001")]
    [InlineData("PUBREL that is too long", "6203000100")]
    [InlineData("PUBCOMP with flags", "72020001")]
    [InlineData("SUBSCRIBE, which brokers do not send", "820600010001610078")]
    [InlineData("SUBACK that nobody awaits", "9003000100")]
    [InlineData("SUBACK with flags", "9103000100")]
    [InlineData("UNSUBSCRIBE, which brokers do not send", "a2050001000161")]
    [InlineData("UNSUBACK that nobody awaits", "b0020001")]
    [InlineData("PINGREQ, which brokers do not send", "c000")]
    [InlineData("PINGRESP with a body", "d00100")]
    [InlineData("PINGRESP with flags", "d100")]
    [InlineData("DISCONNECT, which brokers of MQTT 3.1.1 do not send", "e000")]
    [InlineData("AUTH, which MQTT 3.1.1 does not know", "f000")]
    [InlineData("a packet of type 0", "0000")]
    [InlineData("a length of five bytes", "30ffffffff01")]
    public async Task With_mqtt_311_it_drops_the_connection_at(string what, string packet)
    {
        foreach (bool byteByByte in (bool[])[false, true])
        {
            (byte[] rest, string said) = await ProvokeAsync(4, Convert.FromHexString(packet), byteByByte);
            Assert.True(rest.Length == 0, $"At {what} the client said {Convert.ToHexString(rest)}.");
            Assert.Contains("ProtocolFault Mqtt", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("CONNECT, which brokers do not send", 0x82, "100d00044d5154540502003c000000")]
    [InlineData("a second CONNACK", 0x82, "2003000000")]
    [InlineData("PUBLISH with QoS 3", 0x81, "36070001610001007800")]
    [InlineData("PUBLISH with DUP and QoS 0", 0x81, "38050001610078")]
    [InlineData("PUBLISH on '+'", 0x90, "300500012b0078")]
    [InlineData("PUBLISH on no topic, without an alias", 0x82, "300400000078")]
    [InlineData("PUBLISH on a topic that is no UTF-8", 0x81, "30050001ff0078")]
    [InlineData("PUBLISH whose topic is longer than the packet", 0x81, "3003000961")]
    [InlineData("PUBLISH with the packet identifier 0", 0x82, "320700016100000078")]
    [InlineData("PUBLISH without properties", 0x81, "3003000161")]
    [InlineData("PUBLISH whose properties are longer than the packet", 0x81, "3005000161057800")]
    [InlineData("PUBLISH with an unknown property", 0x81, "3006000161020500")]
    [InlineData("PUBLISH with a property of CONNECT", 0x82, "300700016103210001")]
    [InlineData("PUBLISH with the payload format twice", 0x82, "3008000161040101010178")]
    [InlineData("PUBLISH with the payload format 2", 0x82, "3007000161020102")]
    [InlineData("PUBLISH with the topic alias 0", 0x94, "300700016103230000")]
    [InlineData("PUBLISH with a topic alias above the maximum", 0x94, "30070001610323ffff")]
    [InlineData("PUBLISH with the subscription identifier 0", 0x82, "3006000161020b00")]
    [InlineData("PUBLISH with a content type that is no UTF-8", 0x81, "30080001610403000 1ff")]
    [InlineData("PUBACK with flags", 0x81, "41020001")]
    [InlineData("PUBACK that is too short", 0x81, "400100")]
    [InlineData("PUBREC with flags", 0x81, "52020001")]
    [InlineData("PUBREL without its flags", 0x81, "60020001")]
    [InlineData("PUBCOMP with flags", 0x81, "72020001")]
    [InlineData("SUBSCRIBE, which brokers do not send", 0x82, "8207000100000161 00")]
    [InlineData("SUBACK that nobody awaits", 0x82, "900400010000")]
    [InlineData("UNSUBSCRIBE, which brokers do not send", 0x82, "a206000100000161")]
    [InlineData("UNSUBACK that nobody awaits", 0x82, "b00400010000")]
    [InlineData("PINGREQ, which brokers do not send", 0x82, "c000")]
    [InlineData("PINGRESP that nobody awaits", 0x82, "d000")]
    [InlineData("DISCONNECT with flags", 0x81, "e100")]
    [InlineData("AUTH without a method", 0x82, "f000")]
    [InlineData("a packet of type 0", 0x82, "0000")]
    [InlineData("a length of five bytes", 0x81, "30ffffffff01")]
    [InlineData("a length that could be shorter", 0x81, "3085000001610078")]
    public async Task With_mqtt_5_it_drops_the_connection_and_gives_no_wrong_reason_at(string what, byte reason, string packet)
    {
        byte[] bytes = Convert.FromHexString(packet.Replace(" ", "", StringComparison.Ordinal));
        foreach (bool byteByByte in (bool[])[false, true])
        {
            (byte[] rest, string said) = await ProvokeAsync(5, bytes, byteByByte);
            bool isDisconnect = rest.Length >= 3 && rest[0] == 0xe0 && rest[1] == rest.Length - 2;

            // It says why, and closes (MQTT 5 §4.13.1).
            Assert.True(isDisconnect && rest[2] == reason, $"At {what} the client said {Convert.ToHexString(rest)}, and the reason is 0x{reason:x2}.");
            Assert.Contains("ProtocolFault Mqtt", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(4, "20020100", "an old session where a clean one was asked for")]
    [InlineData(4, "20020200", "flags that are reserved")]
    [InlineData(4, "200100", "half a CONNACK")]
    [InlineData(4, "2003000000", "a CONNACK of MQTT 5")]
    [InlineData(4, "d000", "PINGRESP")]
    [InlineData(4, "300400016178", "PUBLISH")]
    [InlineData(4, "485454502f312e3120343030", "HTTP")]
    [InlineData(5, "2003010000", "an old session where a clean one was asked for")]
    [InlineData(5, "20020000", "a CONNACK of MQTT 3.1.1")]
    [InlineData(5, "2003000100", "a reason that is none")]
    [InlineData(5, "20050000020500", "an unknown property")]
    [InlineData(5, "20060000032100 00", "a receive maximum of 0")]
    [InlineData(5, "30050001610078", "PUBLISH")]
    public async Task Before_it_is_connected_it_drops_the_connection_at(int version, string packet, string what)
    {
        (_, string said) = await ProvokeAsync(version, Convert.FromHexString(packet.Replace(" ", "", StringComparison.Ordinal)), byteByByte: false, isConnected: false);
        Assert.True(said.StartsWith("end ProtocolFault Mqtt", StringComparison.Ordinal), $"At {what}: {said}");
    }

    [Theory]
    [InlineData(4, "20020005", "end ConnectionRefused")]
    [InlineData(5, "2003008700", "end ConnectionRefused")]
    public async Task A_refusal_is_told(int version, string packet, string expected)
    {
        (_, string said) = await ProvokeAsync(version, Convert.FromHexString(packet), byteByByte: false, isConnected: false);
        Assert.StartsWith(expected, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4, true)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(5, false)]
    public async Task It_connects_with_its_identifier_and_acknowledges_what_comes(int version, bool clean)
    {
        using var broker = new HostileBroker();
        byte[] accepted = version == 4 ? s_accepted311 : s_accepted5;
        byte[] properties = version == 4 ? [] : [0];

        byte[] granted = version == 4 ? [0x90, 3, 0, 1, 2] : [0x90, 4, 0, 1, 0, 2];
        byte[] messages = [0x30, (byte)(4 + properties.Length), 0, 1, (byte)'a', .. properties, (byte)'x', 0x32, (byte)(6 + properties.Length), 0, 1, (byte)'a', 0, 7, .. properties, (byte)'y', 0x32, (byte)(6 + properties.Length), 0, 1, (byte)'a', 0, 9, .. properties, (byte)'z'];
        byte[] acknowledgements = [0x40, 2, 0, 7, 0x40, 2, 0, 9];
        Task<(byte[] Connect, byte[] Packet, byte[] Behind)> play = Task.Run(() => broker.Converse(accepted, [.. granted, .. messages], acknowledgements.Length, [0xc0, 0]));
        int mark = driver.Tell(string.Create(CultureInfo.InvariantCulture, $"{broker.Port} {version} {(clean ? 1 : 0)} subscribe a 2"));
        (byte[] connect, _, byte[] behind) = await play;
        driver.Hear("end .*", mark);
        driver.Hear("connected 0\n(.*\n)*message a 0 78\n(.*\n)*message a 1 79\n(.*\n)*message a 1 7a\n", mark);
        byte[] header = [0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', (byte)version, (byte)(clean ? 2 : 0)];
        Assert.Equal(header, connect[2..10]);
        Assert.Equal([0, 6, .. "driver"u8.ToArray()], connect[^8..]);
        Assert.Equal(acknowledgements, behind);
    }

    [Theory]
    [InlineData(4, "subscribe a/+ 1", "820800010003612f2b01", "9003000101", "subscribed 1")]
    [InlineData(5, "subscribe a/+ 1", "82090001000003612f2b01", "900400010001", "subscribed 1")]
    [InlineData(4, "unsubscribe a", "a2050001000161", "b0020001", "unsubscribed 0")]
    [InlineData(5, "unsubscribe a", "a206000100000161", "b00400010011", "unsubscribed 17")]
    [InlineData(4, "publish a 1 x", "3206000161000178", "40020001", "published 0")]
    [InlineData(5, "publish a 1 x", "320700016100010078", "4003000110", "published 16")]
    public async Task It_does_what_it_was_commanded_to(int version, string command, string packet, string answer, string said)
    {
        using var broker = new HostileBroker();
        Task<(byte[] Connect, byte[] Packet, byte[] Behind)> play = Task.Run(() => broker.Converse(version == 4 ? s_accepted311 : s_accepted5, Convert.FromHexString(answer), 0, []));
        int mark = driver.Tell(string.Create(CultureInfo.InvariantCulture, $"{broker.Port} {version} 1 {command}"));
        Assert.Equal(packet, Convert.ToHexStringLower((await play).Packet));
        driver.Hear(said, mark);
        driver.Hear("end .*", mark);
    }

    private async Task<(byte[] Behind, string Said)> ProvokeAsync(int version, byte[] answer, bool byteByByte, bool isConnected = true)
    {
        using var broker = new HostileBroker();
        var heard = new TaskCompletionSource();
        byte[] accepted = !isConnected ? [] : version == 4 ? s_accepted311 : s_accepted5;
        Task<(byte[] Connect, byte[] Behind)> play = Task.Run(() => broker.Play(accepted, heard.Task, answer, byteByByte));
        int mark = driver.Tell(string.Create(CultureInfo.InvariantCulture, $"{broker.Port} {version} 1"));
        if (isConnected)
        {
            driver.Hear("connected 0", mark);
        }

        heard.SetResult();
        return ((await play).Behind, driver.Hear("end .*", mark));
    }
}
