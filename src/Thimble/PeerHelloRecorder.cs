using System;
using System.Buffers;
using System.Buffers.Binary;

namespace Thimble;

/// <summary>
/// Looks at the bytes that come from a server while they are still in the clear, and keeps what was negotiated for
/// a report. Diagnostic only: nothing depends on what it finds, and whatever it cannot read ends the recording.
/// </summary>
public sealed class PeerHelloRecorder
{
    /// <summary>A server may send a chain of any length; this much of it is kept.</summary>
    private const int MaxRecordedBytes = 1 << 18;

    private const byte Handshake = 22;
    private const int HeaderBytes = 5;

    private readonly ArrayBufferWriter<byte> _messages = new();
    private readonly byte[] _header = new byte[HeaderBytes];
    private int _headerFilled;
    private int _contentLeft;

    /// <summary>True when no more is recorded: the server's bytes are encrypted from here on, or are no TLS handshake.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Takes bytes in the order in which they arrived; any split gives the same result.</summary>
    public void Record(ReadOnlySpan<byte> received)
    {
        while (!IsOver && !received.IsEmpty)
        {
            received = _contentLeft > 0 ? Content(received) : Header(received);
        }
    }

    /// <summary>Reads what was recorded so far.</summary>
    public PeerTranscript Read()
    {
        PeerTranscript transcript = PeerTranscript.Nothing;
        ReadOnlySpan<byte> messages = _messages.WrittenSpan;
        while (messages.Length >= 4)
        {
            int length = (messages[1] << 16) | (messages[2] << 8) | messages[3];
            if (length > messages.Length - 4)
            {
                break;
            }

            transcript = Add(transcript, messages[0], messages.Slice(4, length));
            messages = messages[(4 + length)..];
        }

        return transcript;
    }

    private ReadOnlySpan<byte> Header(ReadOnlySpan<byte> received)
    {
        int take = Math.Min(HeaderBytes - _headerFilled, received.Length);
        received[..take].CopyTo(_header.AsSpan(_headerFilled));
        _headerFilled += take;
        if (_headerFilled == HeaderBytes)
        {
            _headerFilled = 0;
            _contentLeft = BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(3));
            IsOver = _header[0] != Handshake;
        }

        return received[take..];
    }

    private ReadOnlySpan<byte> Content(ReadOnlySpan<byte> received)
    {
        int take = Math.Min(_contentLeft, received.Length);
        IsOver = _messages.WrittenCount + take > MaxRecordedBytes;
        if (!IsOver)
        {
            _messages.Write(received[..take]);
            _contentLeft -= take;
        }

        return received[take..];
    }

    private static PeerTranscript Add(PeerTranscript transcript, byte type, ReadOnlySpan<byte> body) => type switch
    {
        2 when SuiteOffset(body) is > 0 and int at => transcript with
        {
            Version = BinaryPrimitives.ReadUInt16BigEndian(body),
            Suite = BinaryPrimitives.ReadUInt16BigEndian(body[at..]),
        },
        // ServerKeyExchange begins with curve type 3, named_curve (RFC 8422 §5.4).
        12 when body.Length > 3 && body[0] == 3 => transcript with { Group = BinaryPrimitives.ReadUInt16BigEndian(body[1..]) },
        13 => transcript with { AsksForCertificate = true },
        _ => transcript,
    };

    /// <summary>ServerHello: version, 32 bytes of random, a session identifier, the suite (RFC 5246 §7.4.1.3); 0 where that does not fit.</summary>
    private static int SuiteOffset(ReadOnlySpan<byte> serverHello)
    {
        int at = serverHello.Length > 34 ? 35 + serverHello[34] : 0;
        return at + 2 <= serverHello.Length ? at : 0;
    }
}
