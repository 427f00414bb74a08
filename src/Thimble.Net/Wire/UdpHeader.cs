using System;
using System.Buffers.Binary;

namespace Thimble.Net.Wire;

/// <summary>The header of a UDP datagram (RFC 768): source port, destination port, length, checksum.</summary>
public readonly ref struct UdpHeader
{
    /// <summary>The bytes of the header.</summary>
    public const int Bytes = 8;

    private readonly ReadOnlySpan<byte> _datagram;

    private UdpHeader(ReadOnlySpan<byte> datagram) => _datagram = datagram;

    /// <summary>The sender's port.</summary>
    public ushort SourcePort => BinaryPrimitives.ReadUInt16BigEndian(_datagram);

    /// <summary>The receiver's port.</summary>
    public ushort DestinationPort => BinaryPrimitives.ReadUInt16BigEndian(_datagram.Slice(2));

    /// <summary>Whether the sender made a checksum: 0 says that it did not.</summary>
    public bool HasChecksum => BinaryPrimitives.ReadUInt16BigEndian(_datagram.Slice(6)) != 0;

    /// <summary>What the datagram carries.</summary>
    public ReadOnlySpan<byte> Payload => _datagram.Slice(Bytes);

    /// <summary>Looks at the payload of an IP datagram. A length that is too small, or larger than what arrived, is refused; bytes behind it are no part of it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out UdpHeader header)
    {
        int bytes = payload.Length >= Bytes ? BinaryPrimitives.ReadUInt16BigEndian(payload.Slice(4)) : 0;
        bool fits = bytes >= Bytes && bytes <= payload.Length;
        header = fits ? new UdpHeader(payload.Slice(0, bytes)) : default;
        return fits;
    }

    /// <summary>Whether the checksum is right, or was not made.</summary>
    public bool IsSound(Ipv4Address source, Ipv4Address destination)
    {
        InternetChecksum checksum = default;
        checksum.AddPseudoHeader(source, destination, (byte)IpProtocol.Udp, _datagram.Length);
        checksum.Add(_datagram);
        return checksum.IsSound || !HasChecksum;
    }

    /// <summary>
    /// Writes a header. <paramref name="payload"/> has summed the payload, of <paramref name="payloadBytes"/> bytes; a checksum
    /// that comes out as 0 is sent as its equal 0xFFFF (RFC 768).
    /// </summary>
    public static void Write(Span<byte> destination, Ipv4Address from, ushort fromPort, Ipv4Address to, ushort toPort, int payloadBytes, InternetChecksum payload)
    {
        Span<byte> header = destination.Slice(0, Bytes);
        BinaryPrimitives.WriteUInt16BigEndian(header, fromPort);
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(2), toPort);
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(4), (ushort)(Bytes + payloadBytes));
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(6), 0);

        // The header may be added after the payload: the header has an even length, and sums commute.
        InternetChecksum checksum = default;
        checksum.AddPseudoHeader(from, to, (byte)IpProtocol.Udp, Bytes + payloadBytes);
        checksum.Add(header);
        checksum.Add(payload);
        ushort value = checksum.Value;
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(6), value == 0 ? (ushort)0xFFFF : value);
    }
}
