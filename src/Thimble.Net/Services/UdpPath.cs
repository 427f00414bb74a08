using System;
using Thimble.Net.Wire;

namespace Thimble.Net.Services;

/// <summary>From where to where a UDP datagram goes.</summary>
internal struct UdpPath
{
    /// <summary>The bytes of all headers before the payload.</summary>
    public const int HeaderBytes = EthernetHeader.Bytes + Ipv4Header.MinBytes + UdpHeader.Bytes;

    public MacAddress Station;
    public Ipv4Address Source;
    public Ipv4Address Destination;
    public ushort SourcePort;
    public ushort DestinationPort;

    /// <summary>
    /// Writes the headers of a datagram before the first <paramref name="headBytes"/> bytes of its payload, which stand in
    /// <paramref name="room"/> already, and whose rest lies in two runs elsewhere. Bounded by the payload's length.
    /// </summary>
    public readonly OutgoingFrame Frame(Span<byte> room, MacAddress own, int headBytes, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        int payloadBytes = headBytes + first.Length + second.Length;
        InternetChecksum payload = default;
        payload.Add(room.Slice(HeaderBytes, headBytes));
        payload.Add(first);
        payload.Add(second);
        EthernetHeader.Write(room, Station, own, EthernetHeader.Ipv4);
        Span<byte> datagram = room.Slice(EthernetHeader.Bytes);
        Ipv4Header.Write(datagram, IpProtocol.Udp, Source, Destination, UdpHeader.Bytes + payloadBytes);
        UdpHeader.Write(datagram.Slice(Ipv4Header.MinBytes), Source, SourcePort, Destination, DestinationPort, payloadBytes, payload);
        return new OutgoingFrame(room.Slice(0, HeaderBytes + headBytes), first, second);
    }
}
