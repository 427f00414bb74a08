using System;
using System.Runtime.CompilerServices;

namespace Thimble.Mqtt;

/// <summary>
/// Writes one packet through a destination of any size. The caller writes the whole packet each time; what earlier
/// calls wrote is passed over, and what does not fit is left for the next one.
/// </summary>
internal ref struct MqttPacketWriter(Span<byte> destination, uint alreadyWritten)
{
    private readonly Span<byte> _destination = destination;
    private uint _skip = alreadyWritten;

    /// <summary>How many bytes of the destination are written.</summary>
    public int Written { get; private set; }

    /// <summary>Writes the type with its flags, and the remaining length (MQTT 3.1.1 §2.2.3).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void FixedHeader(byte typeAndFlags, uint remainingLength)
    {
        Byte(typeAndFlags);
        VariableInteger(remainingLength);
    }

    /// <summary>Writes an integer, seven bits a byte, the low ones first (MQTT 5 §1.5.5).</summary>
    public void VariableInteger(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Byte((byte)(value | 0x80));
        }

        Byte((byte)value);
    }

    /// <summary>Writes properties with their length in front (MQTT 5 §2.2.2).</summary>
    public void Properties(scoped ReadOnlySpan<byte> properties)
    {
        VariableInteger((uint)properties.Length);
        Bytes(properties);
    }

    /// <summary>Writes a length in two bytes, and the bytes (§1.5.3).</summary>
    public void String(scoped ReadOnlySpan<byte> value)
    {
        UInt16((ushort)value.Length);
        Bytes(value);
    }

    /// <summary>Writes an integer, big end first (§1.5.2).</summary>
    public void UInt16(ushort value)
    {
        Byte((byte)(value >> 8));
        Byte((byte)value);
    }

    /// <summary>Writes one byte. A call, since inlining it thirty times would triple the code of CONNECT on a device.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Byte(byte value)
    {
        if (_skip != 0)
        {
            _skip--;
        }
        else if (Written < _destination.Length)
        {
            _destination[Written++] = value;
        }
    }

    /// <summary>Writes the bytes as they are.</summary>
    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        int skip = _skip < (uint)value.Length ? (int)_skip : value.Length;
        _skip -= (uint)skip;

        int room = _destination.Length - Written;
        int rest = value.Length - skip;
        int count = rest < room ? rest : room;
        value.Slice(skip, count).CopyTo(_destination[Written..]);
        Written += count;
    }
}
