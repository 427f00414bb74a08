using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Thimble.Memory;

/// <summary>
/// Writes big-endian fields one behind the other. A writer that overruns stays overrun and writes no more, so that a
/// structure is written straight through and asked about once.
/// </summary>
public ref struct ByteWriter
{
    private readonly Span<byte> _destination;

    /// <summary>Writes into <paramref name="destination"/> from its start.</summary>
    public ByteWriter(Span<byte> destination)
    {
        _destination = destination;
        Position = 0;
        Overrun = false;
    }

    /// <summary>The number of bytes written.</summary>
    public int Position { get; private set; }

    /// <summary>Whether something did not fit.</summary>
    public bool Overrun { get; private set; }

    /// <summary>Writes one byte.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void WriteUInt8(byte value)
    {
        if (Has(1))
        {
            _destination[Position++] = value;
        }
    }

    /// <summary>Writes two bytes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void WriteUInt16(ushort value)
    {
        if (Has(2))
        {
            BinaryPrimitives.WriteUInt16BigEndian(_destination.Slice(Position), value);
            Position += 2;
        }
    }

    /// <summary>Writes the low three bytes of <paramref name="value"/>.</summary>
    public void WriteUInt24(int value)
    {
        WriteUInt8((byte)(value >> 16));
        WriteUInt16((ushort)value);
    }

    /// <summary>Writes all of <paramref name="bytes"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Write(scoped ReadOnlySpan<byte> bytes)
    {
        if (Has(bytes.Length))
        {
            bytes.CopyTo(_destination.Slice(Position));
            Position += bytes.Length;
        }
    }

    /// <summary>Leaves room for a field that is filled in later, and gives that room; empty after an overrun.</summary>
    public Span<byte> Reserve(int bytes)
    {
        if (!Has(bytes))
        {
            return default;
        }

        Position += bytes;
        return _destination.Slice(Position - bytes, bytes);
    }

    /// <summary>Begins a vector with a length of two bytes; the result goes to <see cref="EndUInt16"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int BeginUInt16()
    {
        WriteUInt16(0);
        return Position;
    }

    /// <summary>Ends the vector that began at <paramref name="start"/>: its length is now known.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public readonly void EndUInt16(int start)
    {
        if (!Overrun)
        {
            BinaryPrimitives.WriteUInt16BigEndian(_destination.Slice(start - 2), (ushort)(Position - start));
        }
    }

    private bool Has(int bytes)
    {
        Overrun |= bytes > _destination.Length - Position;
        return !Overrun;
    }
}
