using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>Gathers the filters of an UNSUBSCRIBE in memory that the caller owns: two bytes and the filter each.</summary>
public ref struct MqttUnsubscriptionWriter
{
    private readonly Span<byte> _destination;
    private ByteWriter _writer;

    /// <summary>Writes into <paramref name="destination"/> from its start.</summary>
    public MqttUnsubscriptionWriter(Span<byte> destination)
    {
        _destination = destination;
        _writer = new ByteWriter(destination);
    }

    /// <summary>Whether something did not fit. Then the list is one that <see cref="MqttSession.Unsubscribe"/> refuses.</summary>
    public readonly bool Overrun => _writer.Overrun;

    /// <summary>What was gathered.</summary>
    public readonly ReadOnlySpan<byte> Written => Overrun ? MqttText.Refused : _destination[.._writer.Position];

    /// <summary>Adds a filter, which the session judges.</summary>
    public void Add(scoped ReadOnlySpan<byte> filter)
    {
        _writer.WriteUInt16((ushort)int.Min(filter.Length, MqttText.MaxBytes));
        _writer.Write(filter);
    }
}
