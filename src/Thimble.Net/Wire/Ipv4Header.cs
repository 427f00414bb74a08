using System;
using System.Buffers.Binary;

namespace Thimble.Net.Wire;

/// <summary>What an IPv4 datagram carries (RFC 790).</summary>
public enum IpProtocol : byte
{
    /// <summary>Nothing known.</summary>
    None = 0,

    /// <summary>ICMP (RFC 792).</summary>
    Icmp = 1,

    /// <summary>TCP (RFC 9293).</summary>
    Tcp = 6,

    /// <summary>UDP (RFC 768).</summary>
    Udp = 17,
}

/// <summary>
/// The header of an IPv4 datagram (RFC 791 §3.1):
/// <code>
///  0       4       8              16    19            31
/// +-------+-------+--------------+----------------------+
/// |version|  IHL  |   service    |     total length     |
/// +-------+-------+--------------+-----+----------------+
/// |        identification        |0 D M| fragment offset|
/// +---------------+--------------+-----+----------------+
/// | time to live  |   protocol   |    header checksum   |
/// +---------------+--------------+----------------------+
/// |                   source address                    |
/// |                 destination address                 |
/// </code>
/// </summary>
public readonly ref struct Ipv4Header
{
    /// <summary>The bytes of a header without options.</summary>
    public const int MinBytes = 20;

    /// <summary>The time to live of what we send (RFC 1122 §3.2.1.7 and the IANA default).</summary>
    public const byte TimeToLive = 64;

    private const ushort DontFragment = 0x4000;
    private const ushort FragmentBits = 0x3FFF;
    private const byte VersionAndWords = 0x45;

    private readonly ReadOnlySpan<byte> _datagram;

    private Ipv4Header(ReadOnlySpan<byte> datagram) => _datagram = datagram;

    /// <summary>The bytes of the header with its options.</summary>
    public int HeaderBytes => (_datagram[0] & 15) * 4;

    /// <summary>The bytes of the datagram: header and payload.</summary>
    public int TotalBytes => BinaryPrimitives.ReadUInt16BigEndian(_datagram.Slice(2));

    /// <summary>Whether this is a part of a larger datagram: not the first, or not the last (RFC 791 §3.2).</summary>
    public bool IsFragment => (BinaryPrimitives.ReadUInt16BigEndian(_datagram.Slice(6)) & FragmentBits) != 0;

    /// <summary>What the payload is.</summary>
    public IpProtocol Protocol => (IpProtocol)_datagram[9];

    /// <summary>Where the datagram comes from.</summary>
    public Ipv4Address Source => Ipv4Address.Read(_datagram.Slice(12));

    /// <summary>Where it goes.</summary>
    public Ipv4Address Destination => Ipv4Address.Read(_datagram.Slice(16));

    /// <summary>Whether the checksum over the header is right.</summary>
    public bool IsSound => InternetChecksum.Verify(_datagram.Slice(0, HeaderBytes));

    /// <summary>
    /// Looks at a frame's payload: version 4, a header of at least 20 bytes, and a total length that holds the header and
    /// lies within the frame, which may be longer by padding. The checksum is asked for separately, to be counted separately.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Ipv4Header header)
    {
        header = payload.Length >= MinBytes ? new Ipv4Header(payload) : default;
        return payload.Length >= MinBytes && payload[0] >> 4 == 4 && header.HeaderBytes >= MinBytes
            && header.HeaderBytes <= header.TotalBytes && header.TotalBytes <= payload.Length;
    }

    /// <summary>
    /// Writes a header without options for a payload of <paramref name="payloadBytes"/>. The datagram is atomic: never to be
    /// fragmented, and so its identification means nothing and is 0 (RFC 6864 §4.1).
    /// </summary>
    public static void Write(Span<byte> destination, IpProtocol protocol, Ipv4Address from, Ipv4Address to, int payloadBytes)
    {
        destination[0] = VersionAndWords;
        WriteRest(destination.Slice(0, MinBytes), protocol, from, to, payloadBytes);
    }

    /// <summary>
    /// Turns a received header into that of its answer, in place. A header with options keeps its length, and the options
    /// become ends of the list (RFC 791 §3.1), so that no source route is followed.
    /// </summary>
    public static void WriteAnswer(Span<byte> header, IpProtocol protocol, Ipv4Address from, Ipv4Address to, int payloadBytes)
    {
        header.Slice(MinBytes).Clear();
        WriteRest(header, protocol, from, to, payloadBytes);
    }

    private static void WriteRest(Span<byte> header, IpProtocol protocol, Ipv4Address from, Ipv4Address to, int payloadBytes)
    {
        header[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(2), (ushort)(header.Length + payloadBytes));
        BinaryPrimitives.WriteUInt32BigEndian(header.Slice(4), DontFragment);
        header[8] = TimeToLive;
        header[9] = (byte)protocol;
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(10), 0);
        from.Write(header.Slice(12));
        to.Write(header.Slice(16));
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(10), InternetChecksum.Of(header));
    }
}
