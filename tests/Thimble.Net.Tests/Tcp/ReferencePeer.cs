using System;
using System.Collections.Generic;
using Thimble.Net.Tcp;

namespace Thimble.Net.Tests.Tcp;

/// <summary>
/// A server's end of TCP for tests, written apart from the one under test and as plainly as can be: it goes back to the first
/// unacknowledged byte after each time-out, keeps nothing that comes out of order, and has unlimited memory.
/// </summary>
internal sealed class ReferencePeer(byte[] toSend, uint initialSequence, int bufferBytes, int maxSegmentBytes)
{
    private const ulong FirstTimeout = 300, LastTimeout = 5_000;

    private readonly Queue<Segment> _answers = new();
    private uint _received;          // the next sequence number from the client
    private ulong _unacknowledged;   // counted from our SYN, which is 0; data begins at 1
    private ulong _next;
    private ulong _highest;
    private ulong _deadline = ulong.MaxValue;
    private ulong _timeout = FirstTimeout;
    private ulong _window;
    private int _segmentBytes = 536;
    private int _unread;
    private bool _listening = true;
    private bool _isReset;
    private bool _windowClosed;

    public List<byte> Received { get; } = [];

    /// <summary>Whether the client's FIN came, in order.</summary>
    public bool ReceivedFin { get; private set; }

    /// <summary>Whether its own FIN follows its data by itself, or only after the client's.</summary>
    public bool ClosesFirst { get; init; }

    public ulong NextAt => _answers.Count != 0 || (!_listening && !_isReset && CanSend) ? 0 : _isReset ? ulong.MaxValue : _deadline;

    private ulong End => (ulong)toSend.Length + 2;

    private bool MayFin => ClosesFirst || ReceivedFin;

    private ulong Limit => Math.Min(MayFin ? End : End - 1, _unacknowledged + (_unacknowledged == 0 ? 1 : _window));

    private bool CanSend => _next < Limit;

    private ushort Window => (ushort)Math.Clamp(bufferBytes - _unread, 0, 65_535);

    public void Receive(ulong now, ReadOnlySpan<byte> frame)
    {
        Segment? segment = Segment.Decode(Segment.ClientAddress, Segment.PeerAddress, frame);
        if (segment is null || _isReset)
        {
            return;
        }

        if (segment.Has(TcpControl.Rst))
        {
            _isReset = segment.Sequence == _received;
        }
        else if (segment.Has(TcpControl.Syn))
        {
            OnSyn(segment);
        }
        else if (!_listening)
        {
            OnAcknowledgement(now, segment);
            OnText(segment);
        }
    }

    /// <summary>What the application above it reads, so that its window opens.</summary>
    public void Consume(int bytes)
    {
        _unread -= Math.Min(bytes, _unread);
        if (_windowClosed && Window >= Math.Min(bufferBytes / 2, 536))
        {
            _windowClosed = false;
            _answers.Enqueue(Make(_next, [], TcpControl.None));
        }
    }

    public byte[]? Poll(ulong now)
    {
        if (_answers.TryDequeue(out Segment? answer))
        {
            return Encode(answer);
        }

        if (_listening || _isReset)
        {
            return null;
        }

        bool probe = false;
        if (now >= _deadline)
        {
            _next = _unacknowledged;
            _timeout = Math.Min(_timeout * 2, LastTimeout);
            _deadline = now + _timeout;
            probe = !CanSend && _unacknowledged < End && (MayFin || _unacknowledged < End - 1);
        }

        return CanSend || probe ? Encode(NextSegment(now, probe)) : null;
    }

    private static byte[] Encode(Segment segment) => segment.Encode(Segment.PeerAddress, Segment.ClientAddress);

    private Segment NextSegment(ulong now, bool probe)
    {
        ulong start = _next, limit = probe ? _next + 1 : Limit;
        bool syn = start == 0, fin = limit == End && !syn;
        int text = syn ? 0 : (int)Math.Min((ulong)_segmentBytes, (fin ? End - 1 : limit) - start);
        fin &= start + (ulong)text == End - 1;
        Segment segment = syn
            ? Make(0, [], TcpControl.Syn)
            : Make(start, toSend.AsSpan((int)start - 1, text), (fin ? TcpControl.Fin : 0) | TcpControl.Psh);
        ulong end = start + segment.Length;
        _highest = Math.Max(_highest, end);
        _next = probe ? start : end;
        _deadline = _deadline == ulong.MaxValue ? now + _timeout : _deadline;
        return segment;
    }

    private Segment Make(ulong at, ReadOnlySpan<byte> text, TcpControl flags) => new(
        Client.PeerPort, Client.Port, initialSequence + (uint)at, _received, flags | TcpControl.Ack, Window, text.ToArray(),
        (flags & TcpControl.Syn) != 0 ? Segment.MaxSegmentOption(maxSegmentBytes) : []);

    private void OnSyn(Segment segment)
    {
        if (_listening)
        {
            _listening = false;
            _received = segment.Sequence + 1;
            _segmentBytes = segment.MaxSegmentBytes;
            _window = segment.Window;
        }
        else if (_unacknowledged == 0)
        {
            _next = 0;
        }
    }

    private void OnAcknowledgement(ulong now, Segment segment)
    {
        uint acknowledged = segment.Acknowledgement - (initialSequence + (uint)_unacknowledged);
        if (acknowledged > _highest - _unacknowledged)
        {
            return;
        }

        bool opens = _window == 0 && segment.Window != 0;
        _window = segment.Window;
        if (acknowledged != 0 || opens)
        {
            _unacknowledged += acknowledged;
            _next = Math.Max(_next, _unacknowledged);
            _timeout = FirstTimeout;
            bool waits = _unacknowledged < (MayFin ? End : End - 1);
            _deadline = waits ? now + _timeout : ulong.MaxValue;
        }
    }

    private void OnText(Segment segment)
    {
        if (segment.Length == 0)
        {
            return;
        }

        uint old = _received - segment.Sequence;
        if (old <= segment.Text.Length && !ReceivedFin)
        {
            ReadOnlySpan<byte> fresh = segment.Text.AsSpan((int)old);
            int taken = Math.Min(fresh.Length, Window);
            Received.AddRange(fresh[..taken]);
            _received += (uint)taken;
            _unread += taken;
            if (segment.Has(TcpControl.Fin) && taken == fresh.Length)
            {
                ReceivedFin = true;
                _received++;
                _deadline = 0;   // our own FIN may be due
            }
        }

        _windowClosed |= Window < Math.Min(bufferBytes / 2, 536);
        _answers.Enqueue(Make(_next, [], TcpControl.None));
    }
}
