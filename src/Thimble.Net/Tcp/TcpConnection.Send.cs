using System;
using Thimble.Net.Wire;

namespace Thimble.Net.Tcp;

/// <summary>What is sent, and when.</summary>
public readonly ref partial struct TcpConnection
{
    /// <summary>
    /// The next segment that is due: its header is written to <paramref name="header"/>, which has <see cref="MaxHeaderBytes"/>,
    /// its checksum is complete, and its payload lies in the send buffer in at most two runs. Advances the timers. Call it
    /// until it is false; each call does bounded work, and a window's worth of segments is the most that follow one another.
    /// </summary>
    public bool Poll(uint nowMilliseconds, Span<byte> header, out int headerBytes, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
    {
        headerBytes = 0;
        first = default;
        second = default;
        CheckTimers(nowMilliseconds);
        if (!TryChoose(nowMilliseconds, out TcpDue due))
        {
            ArmTimer(nowMilliseconds);
            return false;
        }

        int at = Wrapped(_block.SendStart + due.Offset, _sending.Length);
        int run = Math.Min(due.Bytes, _sending.Length - at);
        first = _sending.Slice(at, run);
        second = _sending.Slice(0, due.Bytes - run);
        TakeNote(nowMilliseconds, due);
        headerBytes = WriteHeader(due, header, first, second);
        return true;
    }

    private int WriteHeader(scoped in TcpDue due, Span<byte> destination, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var header = new TcpHeader
        {
            Ports = _block.Ports,
            Sequence = due.Sequence,
            Acknowledgement = due.Has(TcpControl.Ack) ? _block.ReceiveNext : 0,
            Window = (ushort)(_block.ReceiveEdge - _block.ReceiveNext),
            MaxSegmentBytes = due.Has(TcpControl.Syn) ? _block.ReceiveSegmentBytes : (ushort)0,
            Flags = due.Flags,
        };
        return header.Write(destination, LocalAddress, RemoteAddress, first, second);
    }

    private bool TryChoose(uint now, out TcpDue due)
    {
        due = default;
        if (Is(TcpConditions.ResetOwed))
        {
            due.Sequence = _block.SendMax;
            due.Flags = TcpControl.Rst | TcpControl.Ack;
            return true;
        }

        return _block.State != TcpState.Closed
            && (IsSynchronizing ? TryChooseSyn(ref due) : MaySend && (TryChooseFastRetransmit(ref due) || TryChooseData(ref due)))
            || TryChooseAcknowledgement(now, ref due);
    }

    private bool TryChooseSyn(ref TcpDue due)
    {
        due.Sequence = _block.SendNext;
        due.Flags = _block.State == TcpState.SynSent ? TcpControl.Syn : TcpControl.Syn | TcpControl.Ack;
        return _block.SendNext == _block.SendUnacknowledged;
    }

    private bool TryChooseFastRetransmit(ref TcpDue due)
    {
        due.Sequence = _block.SendUnacknowledged;
        due.Bytes = (ushort)Math.Min(_block.SendCount, (int)_block.SendSegmentBytes);
        bool finWasSent = _block.SendMax - _block.SendUnacknowledged > _block.SendCount;
        due.Flags = DataFlags(due, finWasSent);
        return Is(TcpConditions.FastRetransmit);
    }

    /// <summary>
    /// Data and FIN at SND.NXT, within the peer's window and the congestion window. A part of what is committed waits until
    /// it fills a segment or half the largest window seen (RFC 9293 §3.8.6.2.1), or until the timer forces it.
    /// </summary>
    private bool TryChooseData(ref TcpDue due)
    {
        uint offset = _block.SendNext - _block.SendUnacknowledged;
        if (offset > _block.SendCount)
        {
            return false;   // the FIN is on its way
        }

        bool forced = Is(TcpConditions.Forced);
        int window = forced ? Math.Max((int)_block.SendWindow, 1) : Math.Min((int)_block.SendWindow, _block.CongestionWindow);
        int usable = Math.Max(window - (int)offset, 0);
        int unsent = _block.SendCount - (int)offset;
        int bytes = Math.Min(Math.Min(unsent, usable), _block.SendSegmentBytes);
        due.Sequence = _block.SendNext;
        due.Offset = (ushort)offset;
        due.Bytes = (ushort)bytes;
        due.Flags = DataFlags(due, usable > bytes);

        bool isWorthwhile = bytes == unsent || bytes == _block.SendSegmentBytes || bytes << 1 >= _block.MaxSendWindow || forced;
        return due.Has(TcpControl.Fin) || (bytes != 0 && isWorthwhile);
    }

    private TcpControl DataFlags(scoped in TcpDue due, bool admitsFin)
    {
        TcpControl flags = TcpControl.Ack;
        if (due.Offset + due.Bytes == _block.SendCount)
        {
            flags |= due.Bytes != 0 ? TcpControl.Psh : TcpControl.None;
            flags |= admitsFin && Is(TcpConditions.SendClosed) ? TcpControl.Fin : TcpControl.None;
        }

        return flags;
    }

    // A window that shrank leaves SND.NXT outside, where the peer would not look at the acknowledgement.
    private bool TryChooseAcknowledgement(uint now, ref TcpDue due)
    {
        uint sent = _block.SendMax - _block.SendUnacknowledged;
        bool isProbe = Is(TcpConditions.ProbeOwed);
        due = default;
        due.Flags = TcpControl.Ack;
        due.Sequence = isProbe ? _block.SendUnacknowledged - 1 : _block.SendUnacknowledged + Math.Min(sent, _block.SendWindow);
        return isProbe || Is(TcpConditions.AckNow) || (Is(TcpConditions.AckLater) && SequenceNumber.HasPassed(now, _block.AckDeadline));
    }

    private void TakeNote(uint now, scoped in TcpDue due)
    {
        if (due.Has(TcpControl.Rst))
        {
            Clear(TcpConditions.ResetOwed);
            return;
        }

        if (due.Length != 0)
        {
            Occupy(now, due);
        }

        if (due.Has(TcpControl.Ack))
        {
            Clear(TcpConditions.AckNow | TcpConditions.AckLater | TcpConditions.ProbeOwed);
            _block.LastAcknowledged = _block.ReceiveNext;
            _block.ReceiveEdge = BestEdge();
        }
    }

    /// <summary>Sequence numbers are in use: moves SND.NXT, times new data, and starts the timer where nothing was outstanding (RFC 6298 §5.1).</summary>
    private void Occupy(uint now, scoped in TcpDue due)
    {
        bool wasIdle = _block.SendMax == _block.SendUnacknowledged;
        bool isNew = due.Sequence == _block.SendMax;
        bool isProbe = _block.SendWindow == 0 && !IsSynchronizing;
        uint end = due.Sequence + due.Length;
        if (!isProbe && !Is(TcpConditions.FastRetransmit))
        {
            _block.SendNext = end;
        }

        if (SequenceNumber.IsBefore(_block.SendMax, end))
        {
            _block.SendMax = end;
        }

        Time(now, end, isNew && !isProbe);
        Clear(TcpConditions.Forced | TcpConditions.FastRetransmit);
        if (wasIdle && !isProbe)
        {
            RestartTimer(now);
        }
    }

    // Karn: what was sent twice tells nothing (RFC 6298 §3).
    private void Time(uint now, uint end, bool isNew)
    {
        if (!isNew)
        {
            Clear(TcpConditions.Timing);
        }
        else if (!Is(TcpConditions.Timing))
        {
            Set(TcpConditions.Timing);
            _block.TimedSequence = end;
            _block.TimedSince = now;
        }
    }
}
