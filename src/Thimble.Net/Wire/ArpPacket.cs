using System;
using System.Buffers.Binary;

namespace Thimble.Net.Wire;

/// <summary>What an ARP packet asks or says (RFC 826).</summary>
public enum ArpOperation : ushort
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>Who has the target address?</summary>
    Request = 1,

    /// <summary>The sender has the sender address.</summary>
    Reply = 2,
}

/// <summary>
/// An ARP packet for IPv4 over Ethernet (RFC 826):
/// <code>
/// hardware type 1 | protocol type 0x0800 | lengths 6, 4 | operation
/// sender: MAC, IPv4 | target: MAC, IPv4
/// </code>
/// </summary>
public readonly ref struct ArpPacket
{
    /// <summary>The bytes of a packet.</summary>
    public const int Bytes = 28;

    // Hardware type 1, protocol type 0x0800, and lengths of 6 and 4.
    private const uint EthernetAndIpv4 = 0x0001_0800;
    private const ushort Lengths = 0x0604;

    private readonly ReadOnlySpan<byte> _packet;

    private ArpPacket(ReadOnlySpan<byte> packet) => _packet = packet;

    /// <summary>Request or reply.</summary>
    public ArpOperation Operation => (ArpOperation)BinaryPrimitives.ReadUInt16BigEndian(_packet.Slice(6));

    /// <summary>The sender's station.</summary>
    public MacAddress SenderStation => MacAddress.Read(_packet.Slice(8));

    /// <summary>The sender's address; none in a probe (RFC 5227 §1.1).</summary>
    public Ipv4Address Sender => Ipv4Address.Read(_packet.Slice(14));

    /// <summary>The address that is asked for, or that of the one who asked.</summary>
    public Ipv4Address Target => Ipv4Address.Read(_packet.Slice(24));

    /// <summary>Looks at the payload of a frame. Anything but a request or reply for IPv4 over Ethernet, from one station, is refused.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out ArpPacket packet)
    {
        packet = payload.Length >= Bytes ? new ArpPacket(payload) : default;
        return payload.Length >= Bytes && BinaryPrimitives.ReadUInt32BigEndian(payload) == EthernetAndIpv4
            && BinaryPrimitives.ReadUInt16BigEndian(payload.Slice(4)) == Lengths
            && packet.Operation is ArpOperation.Request or ArpOperation.Reply && packet.SenderStation.IsUnicast;
    }

    /// <summary>Writes a packet. The target's station is left zero in a request, where it is what is asked.</summary>
    public static void Write(Span<byte> payload, ArpOperation operation, MacAddress senderStation, Ipv4Address sender, MacAddress targetStation, Ipv4Address target)
    {
        BinaryPrimitives.WriteUInt32BigEndian(payload, EthernetAndIpv4);
        BinaryPrimitives.WriteUInt16BigEndian(payload.Slice(4), Lengths);
        BinaryPrimitives.WriteUInt16BigEndian(payload.Slice(6), (ushort)operation);
        senderStation.Write(payload.Slice(8));
        sender.Write(payload.Slice(14));
        targetStation.Write(payload.Slice(18));
        target.Write(payload.Slice(24));
    }
}
