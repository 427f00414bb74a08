using System;
using Thimble.Net.Wire;

namespace Thimble.Net.Ip;

/// <summary>Frames with ARP packets.</summary>
internal static class ArpFrame
{
    public const int Bytes = EthernetHeader.Bytes + ArpPacket.Bytes;

    /// <summary>
    /// A request to all: who has <paramref name="target"/>? From our own address to itself it is an announcement, and from
    /// none a probe (RFC 5227 §1.1).
    /// </summary>
    public static OutgoingFrame Ask(Span<byte> room, MacAddress station, Ipv4Address sender, Ipv4Address target)
    {
        EthernetHeader.Write(room, MacAddress.Broadcast, station, EthernetHeader.Arp);
        ArpPacket.Write(room.Slice(EthernetHeader.Bytes), ArpOperation.Request, station, sender, default, target);
        return new OutgoingFrame(room.Slice(0, Bytes), default, default);
    }

    /// <summary>Turns a request for <paramref name="address"/> into its answer, in place.</summary>
    public static void Answer(Span<byte> frame, MacAddress station, Ipv4Address address, MacAddress asker, Ipv4Address askersAddress)
    {
        EthernetHeader.Write(frame, asker, station, EthernetHeader.Arp);
        ArpPacket.Write(frame.Slice(EthernetHeader.Bytes), ArpOperation.Reply, station, address, asker, askersAddress);
    }
}
