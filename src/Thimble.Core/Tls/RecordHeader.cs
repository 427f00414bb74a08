using System;
using System.Buffers.Binary;

namespace Thimble.Tls;

/// <summary>The five bytes before each record (RFC 5246 §6.2.1), and the lengths that are legal.</summary>
internal static class RecordHeader
{
    /// <summary>Type, version and length.</summary>
    public const int Bytes = 5;

    /// <summary>The version of TLS 1.2 on the wire.</summary>
    public const ushort Tls12 = 0x0303;

    /// <summary>The version of TLS 1.3 in supported_versions; on records it stays that of TLS 1.2 (RFC 8446 §5.1).</summary>
    public const ushort Tls13 = 0x0304;

    /// <summary>The longest content: 2^14.</summary>
    public const int MaxContentBytes = 1 << 14;

    /// <summary>Writes a header before <paramref name="length"/> bytes of content.</summary>
    public static void Write(Span<byte> destination, ContentType type, int length)
    {
        destination[0] = (byte)type;
        BinaryPrimitives.WriteUInt16BigEndian(destination.Slice(1), Tls12);
        BinaryPrimitives.WriteUInt16BigEndian(destination.Slice(3), (ushort)length);
    }
}
