using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>
/// The broker's half of MQTT 3.1.1, written for the tests from the specification's tables and sharing nothing with the
/// client: it throws where a packet is not what the specification says.
/// </summary>
internal static class BrokerCodec
{
    public sealed record Packet(int Type, int Flags, byte[] Body);

    public sealed record ConnectBody(string ClientId, string? UserName, byte[]? Password, int KeepAlive);

    public static byte[] Connack(int flags, int code) => [0x20, 2, (byte)flags, (byte)code];

    public static byte[] Suback(int identifier, params byte[] codes)
        => Frame(0x90, [(byte)(identifier >> 8), (byte)identifier, .. codes]);

    public static byte[] Pingresp() => [0xD0, 0];

    public static byte[] Publish(byte[] topic, byte[] payload, int flags = 0)
        => Frame((byte)(0x30 | flags), [(byte)(topic.Length >> 8), (byte)topic.Length, .. topic, .. payload]);

    /// <summary>A PUBLISH of QoS 1.</summary>
    public static byte[] Publish(byte[] topic, ushort identifier, byte[] payload, int flags = 0)
        => Frame((byte)(0x32 | flags), [(byte)(topic.Length >> 8), (byte)topic.Length, .. topic, (byte)(identifier >> 8), (byte)identifier, .. payload]);

    public static byte[] Frame(byte first, byte[] body)
    {
        var packet = new List<byte> { first };
        int rest = body.Length;
        do
        {
            int digit = rest % 128;
            rest /= 128;
            packet.Add((byte)(rest > 0 ? digit + 128 : digit));
        }
        while (rest > 0);
        return [.. packet, .. body];
    }

    public static Packet ReadOne(byte[] bytes)
    {
        int length = 0, multiplier = 1, at = 1;
        while (true)
        {
            int digit = bytes[at++];
            length += digit % 128 * multiplier;
            multiplier *= 128;
            if (digit < 128)
            {
                break;
            }
        }

        Require(at + length == bytes.Length, "the packet's length");
        return new Packet(bytes[0] / 16, bytes[0] % 16, bytes[at..]);
    }

    public static ConnectBody ReadConnect(byte[] bytes)
    {
        Packet packet = ReadOne(bytes);
        Require(packet is { Type: 1, Flags: 0 }, "the fixed header");
        Require(packet.Body.AsSpan(0, 7).SequenceEqual(new byte[] { 0, 4, 77, 81, 84, 84, 4 }), "protocol name and level");
        int flags = packet.Body[7];
        Require((flags & 0b0011_1101) == 0 && (flags & 2) == 2, "the connect flags");
        int keepAlive = (packet.Body[8] * 256) + packet.Body[9];
        int at = 10;
        string clientId = Encoding.UTF8.GetString(Field(packet.Body, ref at));
        string? userName = (flags & 0x80) != 0 ? Encoding.UTF8.GetString(Field(packet.Body, ref at)) : null;
        byte[]? password = (flags & 0x40) != 0 ? Field(packet.Body, ref at) : null;
        Require(at == packet.Body.Length, "the end of the body");
        return new ConnectBody(clientId, userName, password, keepAlive);
    }

    public static (byte[] Topic, byte[] Payload, bool Retain) ReadPublish(byte[] bytes)
    {
        Packet packet = ReadOne(bytes);
        Require(packet.Type == 3 && packet.Flags <= 1, "the fixed header");
        int at = 0;
        byte[] topic = Field(packet.Body, ref at);
        return (topic, packet.Body[at..], packet.Flags == 1);
    }

    public static (int Identifier, byte[] Filter) ReadSubscribe(byte[] bytes)
    {
        Packet packet = ReadOne(bytes);
        Require(packet is { Type: 8, Flags: 2 }, "the fixed header");
        int identifier = (packet.Body[0] * 256) + packet.Body[1];
        int at = 2;
        byte[] filter = Field(packet.Body, ref at);
        Require(at == packet.Body.Length - 1 && packet.Body[at] == 0, "the requested QoS");
        return (identifier, filter);
    }

    private static byte[] Field(byte[] body, ref int at)
    {
        int length = (body[at] * 256) + body[at + 1];
        byte[] field = body.Skip(at + 2).Take(length).ToArray();
        Require(field.Length == length, "a field's length");
        at += 2 + length;
        return field;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Wrong: {what}.");
        }
    }
}
