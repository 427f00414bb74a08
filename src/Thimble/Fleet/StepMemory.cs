using System;
using System.Security.Cryptography;
using Thimble.Memory;

namespace Thimble;

/// <summary>
/// What one turn of one connection needs besides the plan: ciphertext as it came, what was read of it, the packet that is being sent, its records, and the topic of
/// the message that is being told. Outside the garbage-collected heap, borrowed for the turn, and wiped behind it.
/// </summary>
internal sealed class StepMemory : IDisposable
{
    private const int TransportBytes = 4096;
    private const int PacketBytes = 1024;

    private readonly PlanBuffer _memory;
    private readonly int _plainBytes;
    private int _receivedStart;
    private int _receivedEnd;
    private int _plainStart;
    private int _plainEnd;
    private int _topicBytes;
    private int _payloadStart;
    private int _payloadBytes;
    private PlanBuffer? _gathered;

    public StepMemory(in Profile profile)
    {
        _plainBytes = profile.InWindowBytes;
        _memory = new PlanBuffer((2 * TransportBytes) + PacketBytes + _plainBytes + Math.Max(1, profile.MaxMqttTopicBytes));
    }

    /// <summary>Ciphertext that came and was not consumed.</summary>
    public ReadOnlySpan<byte> Received => ReceivedRoom[_receivedStart.._receivedEnd];

    /// <summary>Where ciphertext is put, once none is left.</summary>
    public Span<byte> ReceivedRoom => _memory.Span[..TransportBytes];

    /// <summary>Where records to be sent are put.</summary>
    public Span<byte> Outgoing => _memory.Span.Slice(TransportBytes, TransportBytes);

    /// <summary>Where a packet to be sent is put, piece by piece.</summary>
    public Span<byte> Packet => _memory.Span.Slice(2 * TransportBytes, PacketBytes);

    /// <summary>What was read and is not yet understood.</summary>
    public ReadOnlySpan<byte> Plain => PlainRoom[_plainStart.._plainEnd];

    /// <summary>Where it is put, once none is left.</summary>
    public Span<byte> PlainRoom => _memory.Span.Slice((2 * TransportBytes) + PacketBytes, _plainBytes);

    /// <summary>The topic of the message that is being told.</summary>
    public ReadOnlySpan<byte> Topic => TopicRoom[.._topicBytes];

    /// <summary>Its payload.</summary>
    public ReadOnlySpan<byte> Payload => _gathered is null ? PlainRoom.Slice(_payloadStart, _payloadBytes) : _gathered.Span[.._payloadBytes];

    /// <summary>Whether the transport was asked in this turn, and is to be waited for.</summary>
    public bool TransportAsked { get; set; }

    private Span<byte> TopicRoom => _memory.Span[((2 * TransportBytes) + PacketBytes + _plainBytes)..];

    /// <summary>So many bytes came.</summary>
    public void SetReceived(int bytes) => (_receivedStart, _receivedEnd) = (0, bytes);

    /// <summary>So many of them were consumed.</summary>
    public void Consume(int bytes) => _receivedStart += bytes;

    /// <summary>So many bytes were read.</summary>
    public void SetPlain(int bytes) => (_plainStart, _plainEnd) = (0, bytes);

    /// <summary>So many of them were understood.</summary>
    public void TakePlain(int bytes) => _plainStart += bytes;

    /// <summary>A message begins, with nothing in it; the one before was told.</summary>
    public void BeginPayload()
    {
        _payloadBytes = 0;
        _gathered?.Dispose();
        _gathered = null;
    }

    /// <summary>The payload came in pieces, and stands here; or null, where it did not. It is wiped when the message was told.</summary>
    public void SetGathered(PlanBuffer? payload, int bytes)
    {
        if (payload is not null)
        {
            (_gathered, _payloadBytes) = (payload, bytes);
        }
    }

    /// <summary>The bytes understood last, so many, are a whole payload.</summary>
    public void SetPayload(int bytes) => (_payloadStart, _payloadBytes) = (_plainStart - bytes, bytes);

    /// <summary>Keeps the topic for as long as the message is told.</summary>
    public void SetTopic(ReadOnlySpan<byte> topic)
    {
        topic.CopyTo(TopicRoom);
        _topicBytes = topic.Length;
    }

    /// <summary>Wipes what was not ciphertext, for the next turn.</summary>
    public void Clear()
    {
        CryptographicOperations.ZeroMemory(_memory.Span[(2 * TransportBytes)..]);
        BeginPayload();
        _receivedStart = _receivedEnd = _plainStart = _plainEnd = _topicBytes = 0;
        TransportAsked = false;
    }

    /// <summary>Wipes it and gives it back.</summary>
    public void Dispose() => _memory.Dispose();
}
