using System;

namespace Thimble.Net.Tcp;

/// <summary>Seventh and eighth check of RFC 9293 §3.10.7.4: the segment text and the FIN. The sixth, URG, is ignored.</summary>
public readonly ref partial struct TcpConnection
{
    private bool TakesText => _block.State is TcpState.Established or TcpState.FinWait1 or TcpState.FinWait2;

    private void AcceptText(uint now, scoped ref TcpSegment segment)
    {
        if (!TakesText)
        {
            return;
        }

        if (!segment.Text.IsEmpty)
        {
            Store(now, segment.Sequence - _block.ReceiveNext, segment.Text);
        }

        if (segment.Has(TcpControl.Fin))
        {
            AcceptFin(now, segment.Sequence + (uint)segment.Text.Length);
        }
    }

    /// <summary>
    /// Puts text into the free part of the ring, at its distance from RCV.NXT. Its end lies within the window, and the window
    /// within the free part; the cut makes sure of the latter once more.
    /// </summary>
    private void Store(uint now, uint distance, ReadOnlySpan<byte> text)
    {
        int free = _receiving.Length - _block.ReceiveCount;
        if (distance >= (uint)free || text.Length > free - (int)distance)
        {
            return;
        }

        int end = (int)distance + text.Length;
        FillGaps((int)distance, text);
        if (distance != 0)
        {
            _block.Ranges.TryAdd((ushort)distance, (ushort)end);
            Set(TcpConditions.AckNow);
            return;
        }

        bool hadGap = _block.Ranges.FirstEnd != 0;
        ushort count = _block.Ranges.Advance((ushort)end);
        _block.ReceiveNext += count;
        _block.ReceiveCount = (ushort)(_block.ReceiveCount + count);
        OweAcknowledgement(now, hadGap);
    }

    /// <summary>Copies only what is not held yet: whoever came first is believed, so an overlap cannot change accepted bytes.</summary>
    private void FillGaps(int start, ReadOnlySpan<byte> text)
    {
        int end = start + text.Length, at = start;
        while (at < end)
        {
            int stop = _block.Ranges.MissingUntil(at, end);
            CopyIn(at, text.Slice(at - start, stop - at));
            at = stop < end ? _block.Ranges.HeldUntil(stop) : end;
        }
    }

    private void CopyIn(int distance, ReadOnlySpan<byte> text)
    {
        int at = Wrapped(Wrapped(_block.ReceiveStart + _block.ReceiveCount, _receiving.Length) + distance, _receiving.Length);
        int run = Math.Min(text.Length, _receiving.Length - at);
        text.Slice(0, run).CopyTo(_receiving.Slice(at));
        text.Slice(run).CopyTo(_receiving);
    }

    // RFC 1122 §4.2.3.2: every second segment at least, and RFC 5681 §4.2: at once where a gap is or was.
    private void OweAcknowledgement(uint now, bool hadGap)
    {
        if (hadGap || Is(TcpConditions.AckLater) || _block.ReceiveNext - _block.LastAcknowledged >= (uint)_block.ReceiveSegmentBytes << 1)
        {
            Set(TcpConditions.AckNow);
            return;
        }

        Set(TcpConditions.AckLater);
        _block.AckDeadline = now + TcpLimits.DelayedAckMilliseconds;
    }

    // A FIN before which something is missing is not remembered: its sender sends it again.
    private void AcceptFin(uint now, uint sequence)
    {
        Set(TcpConditions.AckNow);
        if (sequence != _block.ReceiveNext)
        {
            return;
        }

        _block.ReceiveNext++;
        _block.Ranges = default;
        Set(TcpConditions.PeerClosed);
        switch (_block.State)
        {
            case TcpState.Established:
                _block.State = TcpState.CloseWait;
                break;
            case TcpState.FinWait1:
                _block.State = TcpState.Closing;
                break;
            default:
                EnterTimeWait(now);
                break;
        }
    }

    /// <summary>
    /// How far the window may reach: the announced edge, until half the ring or a segment is free beyond it, so that no peer
    /// is led to send small segments (RFC 9293 §3.8.6.2.2).
    /// </summary>
    private uint BestEdge()
    {
        uint edge = _block.ReceiveNext + (uint)(_receiving.Length - _block.ReceiveCount);
        uint worthwhile = (uint)Math.Min(_receiving.Length >> 1, _block.ReceiveSegmentBytes);
        uint growth = edge - _block.ReceiveEdge;
        return (int)growth > 0 && growth >= worthwhile ? edge : _block.ReceiveEdge;
    }
}
