using System;
using System.Buffers.Binary;
using Thimble.Net.Wire;

namespace Thimble.Net.Tcp;

/// <summary>
/// The checksum of RFC 9293 §3.1 over pseudo-header, header and payload; the payload may lie in two runs, and the first may
/// have an odd length. Bounded by the segment's length. A datagram has fewer than 2^16 bytes, so 32 bits hold every sum.
/// </summary>
internal static class TcpChecksum
{
    private const uint Protocol = 6;

    /// <summary>Whether the checksum inside <paramref name="segment"/> is right.</summary>
    public static bool IsRight(Ipv4Address source, Ipv4Address destination, scoped ReadOnlySpan<byte> segment) =>
        Fold(Add(PseudoHeader(source, destination, segment.Length), segment)) == 0xFFFF;

    /// <summary>The checksum for a header whose checksum field is zero.</summary>
    public static ushort Of(Ipv4Address source, Ipv4Address destination, scoped ReadOnlySpan<byte> header, scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> second)
    {
        uint sum = Add(PseudoHeader(source, destination, header.Length + first.Length + second.Length), header);
        sum = Add(sum, first);
        return (ushort)~((first.Length & 1) == 0 ? Fold(Add(sum, second)) : Swap(Fold(Add(Swap(Fold(sum)), second))));
    }

    private static uint PseudoHeader(Ipv4Address source, Ipv4Address destination, int bytes) =>
        Words(source.Value) + Words(destination.Value) + Protocol + (uint)bytes;

    private static uint Add(uint sum, scoped ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(uint))
        {
            sum += Words(BinaryPrimitives.ReadUInt32BigEndian(bytes));
            bytes = bytes.Slice(sizeof(uint));
        }

        if ((bytes.Length & 2) != 0)
        {
            sum += BinaryPrimitives.ReadUInt16BigEndian(bytes);
            bytes = bytes.Slice(sizeof(ushort));
        }

        return bytes.IsEmpty ? sum : sum + ((uint)bytes[0] << 8);
    }

    private static uint Words(uint value) => (value >> 16) + (value & 0xFFFF);

    private static uint Fold(uint sum) => Words(Words(sum));

    // After an odd run the bytes of a word change places, and so do those of the sum (RFC 1071 §2 (B)).
    private static uint Swap(uint folded) => ((folded & 0xFF) << 8) | (folded >> 8);
}
