using System;
using System.Buffers.Binary;

namespace Thimble.Net.Tcp;

/// <summary>
/// The options of a header (RFC 9293 §3.2). Of all kinds only the largest segment counts here: window scaling, timestamps
/// and SACK would need state for buffers far larger than a device has, and are neither offered nor understood.
/// </summary>
internal static class TcpOptions
{
    /// <summary>What an announced segment size takes in a header.</summary>
    public const int MaxSegmentSizeBytes = 4;

    private const byte EndOfOptions = 0;
    private const byte NoOperation = 1;
    private const byte MaxSegmentSize = 2;

    /// <summary>
    /// Reads the peer's segment size, 0 where it tells none; skips what is unknown. Fails where a length is smaller than
    /// its own two bytes, leads beyond the header, or is wrong for its kind (MUST-7). At most 40 bytes of work.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> options, out ushort maxSegmentBytes)
    {
        maxSegmentBytes = 0;
        while (!options.IsEmpty && options[0] != EndOfOptions)
        {
            if (options[0] == NoOperation)
            {
                options = options.Slice(1);
                continue;
            }

            int length = options.Length < 2 ? 0 : options[1];
            if (length < 2 || length > options.Length || (options[0] == MaxSegmentSize && length != MaxSegmentSizeBytes))
            {
                return false;
            }

            maxSegmentBytes = options[0] == MaxSegmentSize ? BinaryPrimitives.ReadUInt16BigEndian(options.Slice(2)) : maxSegmentBytes;
            options = options.Slice(length);
        }

        return true;
    }

    /// <summary>Writes the option; <paramref name="destination"/> has <see cref="MaxSegmentSizeBytes"/> bytes.</summary>
    public static void Write(Span<byte> destination, ushort maxSegmentBytes)
    {
        destination[0] = MaxSegmentSize;
        destination[1] = MaxSegmentSizeBytes;
        BinaryPrimitives.WriteUInt16BigEndian(destination.Slice(2), maxSegmentBytes);
    }
}
