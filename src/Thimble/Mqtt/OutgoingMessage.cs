using System;
using System.Diagnostics;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>A publication in the client's memory: its topic, its properties and its payload, one behind the other. Guarded by the client's lock.</summary>
internal sealed class OutgoingMessage
{
    /// <summary>Memory beyond this is not kept for the next one.</summary>
    private const int KeptBytes = 64 << 10;

    private byte[] _bytes = [];
    private int _topicBytes;
    private int _propertyBytes;
    private int _payloadBytes;
    private ReadOnlyMemory<byte> _elsewhere;

    public OutgoingState State { get; set; }

    public MqttQos Qos { get; private set; }

    public bool Retain { get; private set; }

    /// <summary>Its place in the outbox, once it was sent with QoS 1 or 2.</summary>
    public uint Token { get; set; }

    /// <summary>Whether it goes out again, under its old identifier.</summary>
    public bool Redelivers { get; set; }

    /// <summary>The number that stands for its topic on this connection, or 0.</summary>
    public ushort Alias { get; set; }

    /// <summary>Whether the broker learns that number with it.</summary>
    public bool NamesAlias { get; set; }

    /// <summary>Who waits for its end, or null.</summary>
    public PublishCompletion? Completion { get; set; }

    /// <summary>Whether its publisher was told that the client gave it up: it goes on in a session that is kept, and in no other.</summary>
    public bool IsGivenUp { get; set; }

    /// <summary>When it was sent, as a time stamp of the client's clock.</summary>
    public long SentAt { get; set; }

    /// <summary>Its neighbours in the list in which it is.</summary>
    public OutgoingMessage? Next { get; set; }

    /// <summary>Its neighbours in the list in which it is.</summary>
    public OutgoingMessage? Previous { get; set; }

    public ReadOnlySpan<byte> Topic => _bytes.AsSpan(0, _topicBytes);

    public ReadOnlySpan<byte> Properties => _bytes.AsSpan(_topicBytes, _propertyBytes);

    public ReadOnlySpan<byte> Payload => _elsewhere.IsEmpty ? _bytes.AsSpan(_topicBytes + _propertyBytes, _payloadBytes) : _elsewhere.Span;

    /// <summary>Topic, properties and payload.</summary>
    public int Bytes => _topicBytes + _propertyBytes + _payloadBytes;

    /// <summary>Takes a publication: a copy of the topic and the properties, and for now a reference to the payload.</summary>
    public void Set(ReadOnlySpan<byte> topic, ReadOnlySpan<byte> properties, ReadOnlyMemory<byte> payload, MqttQos qos, bool retain)
    {
        Debug.Assert(State == OutgoingState.Free, "A message that is in use is given out.");
        Reserve(topic.Length + properties.Length + payload.Length);
        topic.CopyTo(_bytes);
        properties.CopyTo(_bytes.AsSpan(topic.Length));
        _topicBytes = topic.Length;
        _propertyBytes = properties.Length;
        _payloadBytes = payload.Length;
        _elsewhere = payload;
        Qos = qos;
        Retain = retain;
    }

    /// <summary>Copies the payload too: its publisher may do with his memory what he likes.</summary>
    public void Own()
    {
        _elsewhere.Span.CopyTo(_bytes.AsSpan(_topicBytes + _propertyBytes));
        _elsewhere = default;
    }

    /// <summary>Forgets the payload, which nobody will ask for again.</summary>
    public void DropPayload()
    {
        _payloadBytes = 0;
        _elsewhere = default;
        Shrink();
    }

    /// <summary>Goes back to the pool.</summary>
    public void Free()
    {
        State = OutgoingState.Free;
        Completion = null;
        Redelivers = NamesAlias = IsGivenUp = false;
        Alias = 0;
        _elsewhere = default;
        _topicBytes = _propertyBytes = _payloadBytes = 0;
        Shrink();
    }

    private void Reserve(int bytes)
    {
        if (_bytes.Length < bytes)
        {
            _bytes = new byte[int.Max(256, bytes)];
        }
    }

    private void Shrink()
    {
        if (_bytes.Length > KeptBytes)
        {
            byte[] rest = Bytes == 0 ? [] : _bytes.AsSpan(0, Bytes).ToArray();
            _bytes = rest;
        }
    }
}
