using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>
/// Gathers the properties of a packet (MQTT 5 §2.2.2) in memory that the caller owns, without their length in front. It writes
/// what it is told; the session judges it before it writes a byte of the packet.
/// </summary>
public ref struct MqttPropertyWriter
{
    private const uint MaxVariableInteger = 268_435_455;

    private readonly Span<byte> _destination;
    private ByteWriter _writer;

    /// <summary>Writes into <paramref name="destination"/> from its start.</summary>
    public MqttPropertyWriter(Span<byte> destination)
    {
        _destination = destination;
        _writer = new ByteWriter(destination);
        IsRefused = false;
    }

    /// <summary>
    /// Whether something did not fit, or was of the wrong kind or too long for its property. Then <see cref="Written"/> is
    /// something that every packet refuses.
    /// </summary>
    public bool IsRefused { get; private set; }

    /// <summary>The properties so far.</summary>
    public readonly ReadOnlySpan<byte> Written => IsRefused ? MqttText.Refused : _destination[.._writer.Position];

    /// <summary>Adds a property whose value is an integer of any width, or 0 or 1.</summary>
    public void Add(MqttProperty property, uint value)
    {
        _writer.WriteUInt8((byte)property);
        switch (MqttPropertyRules.KindOf(property))
        {
            case MqttPropertyKind.Byte:
                Require(value <= byte.MaxValue);
                _writer.WriteUInt8((byte)value);
                break;
            case MqttPropertyKind.TwoByteInteger:
                Require(value <= ushort.MaxValue);
                _writer.WriteUInt16((ushort)value);
                break;
            case MqttPropertyKind.FourByteInteger:
                _writer.WriteUInt16((ushort)(value >> 16));
                _writer.WriteUInt16((ushort)value);
                break;
            case MqttPropertyKind.VariableByteInteger:
                Require(value <= MaxVariableInteger);
                WriteVariable(value);
                break;
            default:
                Require(false);
                break;
        }

        Require(!_writer.Overrun);
    }

    /// <summary>Adds a property whose value is a string in UTF-8 or binary.</summary>
    public void Add(MqttProperty property, scoped ReadOnlySpan<byte> value)
    {
        Require(MqttPropertyRules.KindOf(property) is MqttPropertyKind.String or MqttPropertyKind.Binary);
        _writer.WriteUInt8((byte)property);
        WriteString(value);
    }

    /// <summary>Adds a user property: a name and a value, both strings in UTF-8.</summary>
    public void AddUserProperty(scoped ReadOnlySpan<byte> name, scoped ReadOnlySpan<byte> value)
    {
        _writer.WriteUInt8((byte)MqttProperty.UserProperty);
        WriteString(name);
        WriteString(value);
    }

    private void WriteString(scoped ReadOnlySpan<byte> value)
    {
        Require(value.Length <= MqttText.MaxBytes);
        _writer.WriteUInt16((ushort)value.Length);
        _writer.Write(value);
        Require(!_writer.Overrun);
    }

    private void WriteVariable(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            _writer.WriteUInt8((byte)(value | 0x80));
        }

        _writer.WriteUInt8((byte)value);
    }

    private void Require(bool holds) => IsRefused |= !holds;
}
