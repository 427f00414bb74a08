using System;
using System.Buffers.Binary;

namespace Thimble.Cli.Probe;

/// <summary>Reads the integers and vectors of RFC 8446 §3. One that overruns stays failed and gives nothing more: ask once, at the end.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether something was asked for that is not there.</summary>
    public bool Failed { get; private set; }

    /// <summary>Whether nothing is left.</summary>
    public readonly bool IsEmpty => _rest.IsEmpty;

    /// <summary>Whether all was read, and there was enough of it.</summary>
    public readonly bool EndedExactly => IsEmpty && !Failed;

    public byte UInt8() => Bytes(1) is [byte value] ? value : (byte)0;

    public ushort UInt16() => Bytes(2) is { Length: 2 } two ? BinaryPrimitives.ReadUInt16BigEndian(two) : (ushort)0;

    public int UInt24() => Bytes(3) is [byte a, byte b, byte c] ? (a << 16) | (b << 8) | c : 0;

    /// <summary>A vector behind a length of one byte.</summary>
    public ReadOnlySpan<byte> Vector8() => Bytes(UInt8());

    /// <summary>A vector behind a length of two bytes.</summary>
    public ReadOnlySpan<byte> Vector16() => Bytes(UInt16());

    /// <summary>A vector behind a length of three bytes.</summary>
    public ReadOnlySpan<byte> Vector24() => Bytes(UInt24());

    public ReadOnlySpan<byte> Bytes(int count)
    {
        if (Failed || count > _rest.Length)
        {
            Failed = true;
            _rest = default;
            return default;
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
