using System;
using Thimble.Net.Wire;

namespace Thimble.Net.Tcp;

/// <summary>The checksum of RFC 9293 §3.1 over pseudo-header, header and payload. Bounded by the segment's length.</summary>
internal static class TcpChecksum
{
    private const byte Protocol = 6;

    /// <summary>Whether the checksum inside <paramref name="segment"/> is right.</summary>
    public static bool IsRight(Ipv4Address source, Ipv4Address destination, ReadOnlySpan<byte> segment)
    {
        InternetChecksum checksum = default;
        checksum.AddPseudoHeader(source, destination, Protocol, segment.Length);
        checksum.Add(segment);
        return checksum.IsSound;
    }

    /// <summary>The checksum for a header whose checksum field is zero; the first run may have an odd length.</summary>
    public static ushort Of(Ipv4Address source, Ipv4Address destination, scoped ReadOnlySpan<byte> header, scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> second)
    {
        InternetChecksum checksum = default;
        checksum.AddPseudoHeader(source, destination, Protocol, header.Length + first.Length + second.Length);
        checksum.Add(header);
        checksum.Add(first);
        checksum.Add(second);
        return checksum.Value;
    }
}
