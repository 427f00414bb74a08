using System;
using System.Threading;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>
/// A message as it arrives and waits for its reader, in memory that is used again. One thread fills it; when it was read, it goes
/// back to its client and the next use begins.
/// </summary>
internal sealed class InboundMessage(MqttClient client)
{
    /// <summary>Memory beyond this is not kept for the next message.</summary>
    private const int KeptBytes = 64 << 10;

    private byte[] _topic = [];
    private byte[] _payload = [];
    private int _topicBytes;
    private int _payloadBytes;
    private string? _topicText;
    private int _use;

    /// <summary>Counts the uses, so that whoever still holds an earlier one is told.</summary>
    public int Use => Volatile.Read(ref _use);

    /// <summary>The next of those that wait.</summary>
    public InboundMessage? Next { get; set; }

    public ReadOnlyMemory<byte> Topic => _topic.AsMemory(0, _topicBytes);

    public ReadOnlyMemory<byte> Payload => _payload.AsMemory(0, _payloadBytes);

    public string TopicText => _topicText ??= client.Topics.Text(Topic.Span);

    public MqttQos Qos { get; private set; }

    public bool Retain { get; private set; }

    public bool Duplicate { get; private set; }

    /// <summary>The number of the packet that brings it, or 0 with QoS 0.</summary>
    public ushort PacketIdentifier { get; set; }

    public MqttMessageProperties Properties { get; set; } = MqttMessageProperties.None;

    /// <summary>The number of the connection that it came over.</summary>
    public int Link { get; private set; }

    /// <summary>Its place in the order of acknowledgements, or -1 where it needs none or was dealt with. Guarded by the client's lock.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Begins a message over the connection of that number.</summary>
    public void Begin(int link, MqttQos qos, bool retain, bool duplicate)
    {
        Link = link;
        Qos = qos;
        Retain = retain;
        Duplicate = duplicate;
    }

    /// <summary>Takes the topic, when it is known, and makes room for the payload.</summary>
    public void Open(ReadOnlySpan<byte> topic, int payloadBytes)
    {
        if (_topic.Length < topic.Length)
        {
            _topic = new byte[int.Max(64, topic.Length)];
        }

        topic.CopyTo(_topic);
        _topicBytes = topic.Length;
        if (_payload.Length < payloadBytes)
        {
            _payload = new byte[int.Max(256, payloadBytes)];
        }
    }

    /// <summary>Takes the next piece of the payload.</summary>
    public void Append(ReadOnlySpan<byte> piece)
    {
        piece.CopyTo(_payload.AsSpan(_payloadBytes));
        _payloadBytes += piece.Length;
    }

    /// <summary>See <see cref="MqttMessage.Acknowledge"/>.</summary>
    public void Acknowledge() => client.Acknowledge(this);

    /// <summary>Ends that use, unless it has ended.</summary>
    public void Release(int use)
    {
        if (Interlocked.CompareExchange(ref _use, use + 1, use) == use)
        {
            Reset();
            client.Return(this);
        }
    }

    /// <summary>Forgets what it holds.</summary>
    public void Reset()
    {
        _topicText = null;
        _payloadBytes = 0;
        _payload = _payload.Length > KeptBytes ? [] : _payload;
        Properties = MqttMessageProperties.None;
        Place = -1;
    }
}
