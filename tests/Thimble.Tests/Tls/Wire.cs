using System;
using System.Collections.Generic;
using System.Linq;

namespace Thimble.Tests.Tls;

/// <summary>Bytes of TLS, put together and taken apart.</summary>
internal static class Wire
{
    public const byte ChangeCipherSpec = 20;
    public const byte Alert = 21;
    public const byte Handshake = 22;
    public const byte ApplicationData = 23;

    public const byte HelloRequest = 0;
    public const byte ClientHello = 1;
    public const byte ServerHello = 2;
    public const byte NewSessionTicket = 4;
    public const byte Certificate = 11;
    public const byte ServerKeyExchange = 12;
    public const byte CertificateRequest = 13;
    public const byte ServerHelloDone = 14;
    public const byte CertificateVerify = 15;
    public const byte ClientKeyExchange = 16;
    public const byte Finished = 20;
    public const byte CertificateStatus = 22;

    public static byte[] U16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] U24(int value) => [(byte)(value >> 16), (byte)(value >> 8), (byte)value];

    public static byte[] Vector8(params byte[] content) => [(byte)content.Length, .. content];

    public static byte[] Vector16(params byte[] content) => [.. U16(content.Length), .. content];

    public static byte[] Vector24(params byte[] content) => [.. U24(content.Length), .. content];

    /// <summary>A handshake message with its header.</summary>
    public static byte[] Message(byte type, params byte[] body) => [type, .. Vector24(body)];

    /// <summary>A record as it stands on the wire.</summary>
    public static byte[] Record(byte type, byte[] fragment, int version = 0x0303) => [type, .. U16(version), .. Vector16(fragment)];

    /// <summary>Fragments of at most so many bytes.</summary>
    public static byte[] Records(byte type, byte[] content, int fragmentBytes) =>
        Join(content.Chunk(fragmentBytes).Select(fragment => Record(type, fragment)));

    public static byte[] Join(IEnumerable<byte[]> parts) => parts.SelectMany(static part => part).ToArray();

    /// <summary>Where each record begins, and one number more for the end of the last.</summary>
    public static List<int> Boundaries(byte[] records)
    {
        var starts = new List<int> { 0 };
        while (starts[^1] < records.Length)
        {
            starts.Add(starts[^1] + 5 + (records[starts[^1] + 3] << 8) + records[starts[^1] + 4]);
        }

        return starts;
    }
}
