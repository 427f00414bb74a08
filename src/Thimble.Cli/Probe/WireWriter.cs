using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Thimble.Cli.Probe;

/// <summary>Writes the integers and vectors of RFC 8446 §3.</summary>
internal sealed class WireWriter
{
    private readonly List<byte> _bytes = [];

    public void UInt8(int value) => _bytes.Add((byte)value);

    public void UInt16(int value)
    {
        UInt8(value >> 8);
        UInt8(value);
    }

    public void Bytes(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    /// <summary>Something behind its length, which takes <paramref name="lengthBytes"/>.</summary>
    public void Vector(int lengthBytes, Action<WireWriter> content)
    {
        int at = _bytes.Count;
        _bytes.AddRange(new byte[lengthBytes]);
        content(this);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, _bytes.Count - at - lengthBytes);
        for (int i = 0; i < lengthBytes; i++)
        {
            _bytes[at + i] = length[4 - lengthBytes + i];
        }
    }

    /// <summary>A list of 16-bit numbers behind its length.</summary>
    public void List16(IReadOnlyList<ushort> values) => Vector(2, list =>
    {
        foreach (ushort value in values)
        {
            list.UInt16(value);
        }
    });

    /// <summary>An extension (RFC 8446 §4.2).</summary>
    public void Extension(int type, Action<WireWriter> content)
    {
        UInt16(type);
        Vector(2, content);
    }

    public byte[] ToArray() => [.. _bytes];
}
