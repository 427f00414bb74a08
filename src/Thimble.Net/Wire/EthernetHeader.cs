using System;
using System.Buffers.Binary;

namespace Thimble.Net.Wire;

/// <summary>
/// The header of an Ethernet II frame (RFC 894): destination, source, type. The frame check sequence is the hardware's,
/// and so is padding to 60 bytes.
/// </summary>
public readonly ref struct EthernetHeader
{
    /// <summary>The bytes of the header.</summary>
    public const int Bytes = 14;

    /// <summary>The type of IPv4 (RFC 894).</summary>
    public const ushort Ipv4 = 0x0800;

    /// <summary>The type of ARP (RFC 826).</summary>
    public const ushort Arp = 0x0806;

    private readonly ReadOnlySpan<byte> _frame;

    private EthernetHeader(ReadOnlySpan<byte> frame) => _frame = frame;

    /// <summary>To whom the frame goes.</summary>
    public MacAddress Destination => MacAddress.Read(_frame);

    /// <summary>Who sent it.</summary>
    public MacAddress Source => MacAddress.Read(_frame.Slice(6));

    /// <summary>What it carries.</summary>
    public ushort Type => BinaryPrimitives.ReadUInt16BigEndian(_frame.Slice(12));

    /// <summary>Looks at a frame, if it is long enough.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out EthernetHeader header)
    {
        bool fits = frame.Length >= Bytes;
        header = fits ? new EthernetHeader(frame) : default;
        return fits;
    }

    /// <summary>Writes a header at the start of <paramref name="frame"/>.</summary>
    public static void Write(Span<byte> frame, MacAddress destination, MacAddress source, ushort type)
    {
        destination.Write(frame);
        source.Write(frame.Slice(6));
        BinaryPrimitives.WriteUInt16BigEndian(frame.Slice(12), type);
    }
}
