using System.Collections.Generic;
using System.Linq;
using System.Text;
using Thimble.Mqtt;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>What a broker sends in either version, written for the tests from the specifications' tables and sharing nothing with the client.</summary>
internal static class BrokerPackets
{
    public static byte[] Connack(MqttVersion version, int flags, int code, params byte[][] properties)
        => BrokerCodec.Frame(0x20, [(byte)flags, (byte)code, .. Properties(version, properties)]);

    public static byte[] Publish(
        MqttVersion version, string topic, int qos, int identifier, byte[] payload, bool dup = false, bool retain = false, params byte[][] properties)
        => BrokerCodec.Frame(
            (byte)(0x30 | (dup ? 8 : 0) | (qos << 1) | (retain ? 1 : 0)),
            [.. Field(Encoding.UTF8.GetBytes(topic)), .. qos == 0 ? [] : Two(identifier), .. Properties(version, properties), .. payload]);

    /// <summary>PUBACK, PUBREC, PUBREL or PUBCOMP in the shortest form.</summary>
    public static byte[] Acknowledgement(int type, int identifier, int? code = null, params byte[][] properties)
    {
        byte[] reason = code is null ? [] : properties.Length == 0 ? [(byte)code] : [(byte)code, .. Properties(MqttVersion.V5, properties)];
        return BrokerCodec.Frame((byte)((type << 4) | (type == 6 ? 2 : 0)), [.. Two(identifier), .. reason]);
    }

    public static byte[] Suback(MqttVersion version, int identifier, byte[] codes, params byte[][] properties)
        => BrokerCodec.Frame(0x90, [.. Two(identifier), .. Properties(version, properties), .. codes]);

    public static byte[] Unsuback(MqttVersion version, int identifier, byte[] codes, params byte[][] properties)
        => BrokerCodec.Frame(0xB0, version == MqttVersion.V5 ? [.. Two(identifier), .. Properties(version, properties), .. codes] : Two(identifier));

    public static byte[] Disconnect(int code, params byte[][] properties)
        => BrokerCodec.Frame(0xE0, [(byte)code, .. Properties(MqttVersion.V5, properties)]);

    public static byte[] Auth(int code, params byte[][] properties)
        => BrokerCodec.Frame(0xF0, [(byte)code, .. Properties(MqttVersion.V5, properties)]);

    public static byte[] Byte(int id, int value) => [(byte)id, (byte)value];

    public static byte[] Short(int id, int value) => [(byte)id, .. Two(value)];

    public static byte[] Long(int id, uint value) => [(byte)id, (byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    public static byte[] Variable(int id, int value) => [(byte)id, .. Length(value)];

    public static byte[] Text(int id, string value) => [(byte)id, .. Field(Encoding.UTF8.GetBytes(value))];

    public static byte[] Binary(int id, byte[] value) => [(byte)id, .. Field(value)];

    public static byte[] User(string name, string value) => [38, .. Field(Encoding.UTF8.GetBytes(name)), .. Field(Encoding.UTF8.GetBytes(value))];

    public static byte[] Field(byte[] value) => [.. Two(value.Length), .. value];

    public static byte[] Two(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Length(int value)
    {
        var bytes = new List<byte>();
        do
        {
            bytes.Add((byte)((value % 128) + (value >= 128 ? 128 : 0)));
            value /= 128;
        }
        while (value > 0);
        return [.. bytes];
    }

    private static byte[] Properties(MqttVersion version, byte[][] properties)
        => version == MqttVersion.V5 ? [.. Length(properties.Sum(static p => p.Length)), .. properties.SelectMany(static p => p)] : [];
}
