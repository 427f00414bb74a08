using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>Gathers the filters of a SUBSCRIBE in memory that the caller owns: two bytes, the filter, and a byte of options each.</summary>
public ref struct MqttSubscriptionWriter
{
    private readonly Span<byte> _destination;
    private ByteWriter _writer;

    /// <summary>Writes into <paramref name="destination"/> from its start.</summary>
    public MqttSubscriptionWriter(Span<byte> destination)
    {
        _destination = destination;
        _writer = new ByteWriter(destination);
    }

    /// <summary>Whether something did not fit. Then the list is one that <see cref="MqttSession.Subscribe(ReadOnlySpan{byte}, ReadOnlySpan{byte}, Span{byte}, out int)"/> refuses.</summary>
    public readonly bool Overrun => _writer.Overrun;

    /// <summary>What was gathered.</summary>
    public readonly ReadOnlySpan<byte> Written => Overrun ? MqttText.Refused : _destination[.._writer.Position];

    /// <summary>Adds a filter, which the session judges.</summary>
    public void Add(scoped ReadOnlySpan<byte> filter, MqttSubscribeOptions options)
    {
        _writer.WriteUInt16((ushort)int.Min(filter.Length, MqttText.MaxBytes));
        _writer.Write(filter);
        _writer.WriteUInt8(options.Value);
    }
}
