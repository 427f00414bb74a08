using System;
using System.Buffers;

namespace Thimble;

/// <content>The bytes between the engine and the transport: ciphertext only, in buffers that are borrowed while there is some.</content>
internal sealed partial class TlsEngine
{
    private const int TransportBufferBytes = 4096;

    private byte[]? _received;
    private int _receivedStart;
    private int _receivedEnd;
    private byte[]? _outgoing;
    private int _outgoingBytes;
    private bool _sourceEnded;

    /// <summary>What the last step gave to be sent, for whoever sends.</summary>
    public ReadOnlyMemory<byte> Outgoing => _outgoing.AsMemory(0, _outgoingBytes);

    /// <summary>Where bytes of the server are put.</summary>
    public Memory<byte> Room()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, typeof(TlsConnection));
            _received ??= ArrayPool<byte>.Shared.Rent(TransportBufferBytes);
            return _received;
        }
    }

    /// <summary>So many bytes came; 0 is the end of the transport, orderly or not.</summary>
    public void Receive(int bytes)
    {
        lock (_gate)
        {
            _receivedStart = 0;
            _receivedEnd = bytes;
            _sourceEnded = bytes == 0;
            _recorder.Record(Received);
            Consume(0);
        }
    }

    /// <summary>The outgoing bytes were sent, or never will be.</summary>
    public void Sent()
    {
        lock (_gate)
        {
            _outgoingBytes = 0;
            if (_outgoing is not null)
            {
                ArrayPool<byte>.Shared.Return(_outgoing);
                _outgoing = null;
            }
        }
    }

    private ReadOnlySpan<byte> Received => _received.AsSpan(_receivedStart, _receivedEnd - _receivedStart);

    private Span<byte> BorrowOutgoing() => _outgoing ??= ArrayPool<byte>.Shared.Rent(TransportBufferBytes);

    private void Consume(int bytes)
    {
        _receivedStart += bytes;
        if (_receivedStart == _receivedEnd)
        {
            ReturnReceived();
        }
    }

    private void ReturnReceived()
    {
        _receivedStart = 0;
        _receivedEnd = 0;
        if (_received is not null)
        {
            ArrayPool<byte>.Shared.Return(_received);
            _received = null;
        }
    }
}
