using System;
using System.Runtime.CompilerServices;

namespace Thimble.Memory;

/// <summary>
/// Reads the fields of one structure from input that may end anywhere. Each method either completes its field, or
/// takes all input, remembers how far it came in the cursor, and returns false: call it again with what follows.
/// </summary>
public ref struct FieldReader
{
    private readonly ref FieldProgress _field;
    private readonly ReadOnlySpan<byte> _input;

    /// <summary>Continues at <paramref name="cursor"/> with <paramref name="input"/>.</summary>
    public FieldReader(ref FieldCursor cursor, ReadOnlySpan<byte> input)
        : this(ref cursor.Field, input)
    {
    }

    /// <summary>Continues a structure of few fields at <paramref name="field"/>.</summary>
    public FieldReader(ref FieldProgress field, ReadOnlySpan<byte> input)
    {
        _field = ref field;
        _input = input;
        Consumed = 0;
    }

    /// <summary>How much of the input was taken.</summary>
    public int Consumed { get; private set; }

    /// <summary>What was not yet taken.</summary>
    public readonly ReadOnlySpan<byte> Rest => _input.Slice(Consumed);

    /// <summary>Reads a big-endian number of <paramref name="bytes"/> bytes, at most four.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryNumber(int bytes, out uint value)
    {
        value = 0;
        while (_field.FieldBytes < bytes)
        {
            if (Consumed == _input.Length)
            {
                return false;
            }

            _field.Value = (_field.Value << 8) | _input[Consumed++];
            _field.FieldBytes++;
        }

        value = _field.Value;
        _field.Value = 0;
        _field.FieldBytes = 0;
        return true;
    }

    /// <summary>Reads as many bytes as <paramref name="destination"/> holds.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TryBytes(scoped Span<byte> destination)
    {
        int count = Least(destination.Length - _field.FieldBytes, _input.Length - Consumed);
        _input.Slice(Consumed, count).CopyTo(destination.Slice(_field.FieldBytes));
        Consumed += count;
        _field.FieldBytes += (ushort)count;
        if (_field.FieldBytes < destination.Length)
        {
            return false;
        }

        _field.FieldBytes = 0;
        return true;
    }

    /// <summary>Passes over <paramref name="left"/> bytes, and lowers it by what was passed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool TrySkip(ref uint left)
    {
        int count = (int)uint.Min(left, (uint)(_input.Length - Consumed));
        Consumed += count;
        left -= (uint)count;
        return left == 0;
    }

    /// <summary>Takes <paramref name="count"/> bytes of <see cref="Rest"/> that were used otherwise.</summary>
    public void Advance(int count) => Consumed += count;

    private static int Least(int a, int b) => a < b ? a : b;
}
