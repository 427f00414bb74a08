using System;

namespace Thimble.Firmware;

/// <summary>Writes text and numbers one behind the other; what does not fit is cut off.</summary>
internal ref struct TextWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;
    private int _length;

    /// <summary>What was written.</summary>
    public readonly ReadOnlySpan<byte> Written => _destination[.._length];

    /// <summary>Writes text.</summary>
    public void Write(ReadOnlySpan<byte> text)
    {
        foreach (byte character in text)
        {
            Write(character);
        }
    }

    /// <summary>Writes a number in decimal.</summary>
    public void Write(uint number)
    {
        ulong digits = 0;
        int count = 0;
        do
        {
            digits = (digits << 4) | (number % 10);
            number /= 10;
            count++;
        }
        while (number != 0);

        for (; count > 0; count--)
        {
            Write((byte)('0' + ((uint)digits & 15)));
            digits >>= 4;
        }
    }

    private void Write(byte character)
    {
        if (_length < _destination.Length)
        {
            _destination[_length++] = character;
        }
    }
}
