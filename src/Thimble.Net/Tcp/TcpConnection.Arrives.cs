using System;
using System.Numerics;
using Thimble.Memory;
using Thimble.Net.Wire;

namespace Thimble.Net.Tcp;

/// <summary>SEGMENT ARRIVES (RFC 9293 §3.10.7): the checks in the order of the document.</summary>
public readonly ref partial struct TcpConnection
{
    /// <summary>
    /// Takes a segment whose IP header was verified: <paramref name="segment"/> is the IP payload, and is not kept. Bounded by its
    /// length. <see cref="TcpVerdict.Unmatched"/> where a reset is to answer it, by <see cref="TcpReset"/>.
    /// </summary>
    public TcpVerdict Receive(uint nowMilliseconds, Ipv4Address source, Ipv4Address destination, ReadOnlySpan<byte> segment)
    {
        if (!TcpSegment.TryRead(source, destination, segment, out TcpSegment arrived))
        {
            return TcpVerdict.Malformed;
        }

        bool matches = source.Value == _block.RemoteAddress && destination.Value == _block.LocalAddress
            && BitOperations.RotateLeft(arrived.Ports, 16) == _block.Ports;
        if (_block.State == TcpState.Closed || !matches)
        {
            return TcpVerdict.Unmatched;
        }

        return _block.State == TcpState.SynSent ? ArrivesInSynSent(nowMilliseconds, ref arrived) : Arrives(nowMilliseconds, ref arrived);
    }

    // §3.10.7.3
    private TcpVerdict ArrivesInSynSent(uint now, scoped ref TcpSegment segment)
    {
        bool acknowledges = segment.Has(TcpControl.Ack);
        if (acknowledges && !AcknowledgesSyn(segment))
        {
            return TcpVerdict.Unmatched;
        }

        if (segment.Has(TcpControl.Rst))
        {
            if (acknowledges)
            {
                Refuse();
            }

            return TcpVerdict.Taken;
        }

        if (segment.Has(TcpControl.Syn))
        {
            Synchronize(segment);
            segment.TrimFront(1);
            EndSynSent(now, acknowledges, ref segment);
        }

        return TcpVerdict.Taken;
    }

    private void EndSynSent(uint now, bool acknowledges, scoped ref TcpSegment segment)
    {
        Set(TcpConditions.AckNow);
        if (acknowledges)
        {
            Establish(now, segment);
            AcceptText(now, ref segment);
            return;
        }

        // Simultaneous open: our SYN again, with the acknowledgement. What may have come with theirs will be sent again.
        _block.State = TcpState.SynReceived;
        _block.SendNext = _block.SendUnacknowledged;
    }

    private bool AcknowledgesSyn(scoped in TcpSegment segment) =>
        SequenceNumber.IsWithin(segment.Acknowledgement, _block.SendUnacknowledged, _block.SendMax) && segment.Acknowledgement != _block.SendUnacknowledged;

    private void Refuse() => Fail(FaultReason.TcpRefused, 0, _block.Ports & 0xFFFF);

    private void Synchronize(scoped in TcpSegment segment)
    {
        _block.ReceiveNext = segment.Sequence + 1;
        _block.LastAcknowledged = segment.Sequence;
        _block.ReceiveEdge = _block.ReceiveNext + (uint)_receiving.Length;
        int announced = segment.MaxSegmentBytes == 0 ? TcpLimits.DefaultSegmentBytes : segment.MaxSegmentBytes;
        _block.SendSegmentBytes = (ushort)Math.Min(Math.Max(announced, TcpLimits.MinSendSegmentBytes), TcpLimits.MaxSendSegmentBytes);
        _block.SendWindowSequence = segment.Sequence;
        _block.SendWindow = segment.Window;
        _block.MaxSendWindow = segment.Window;
    }

    // §3.10.7.4
    private TcpVerdict Arrives(uint now, scoped ref TcpSegment segment)
    {
        // In a simultaneous open the peer's SYN comes once more, with the acknowledgement (figure 8).
        if (_block.State == TcpState.SynReceived && segment.Has(TcpControl.Syn) && segment.Sequence + 1 == _block.ReceiveNext)
        {
            segment.TrimFront(1);
        }

        if (!IsAcceptable(segment))
        {
            AnswerUnacceptable(now, segment);
            return TcpVerdict.Taken;
        }

        if (segment.Has(TcpControl.Rst | TcpControl.Syn))
        {
            CheckReset(now, segment);
            return TcpVerdict.Taken;
        }

        if (!segment.Has(TcpControl.Ack))
        {
            return TcpVerdict.Taken;
        }

        HearFromPeer();
        bool isPure = segment.Length == 0;
        TrimToWindow(ref segment);
        return CheckAcknowledgement(now, ref segment, isPure);
    }

    /// <summary>First check: the table of §3.10.7.4; where the window is closed, what begins at RCV.NXT counts for its acknowledgement.</summary>
    private bool IsAcceptable(scoped in TcpSegment segment)
    {
        uint window = _block.ReceiveEdge - _block.ReceiveNext;
        uint first = segment.Sequence - _block.ReceiveNext;
        uint last = first + segment.Length - 1;
        return first == 0 || first < window || (segment.Length != 0 && last < window);
    }

    // An answer to each would let two ends, or a forger, keep acknowledgements going for ever: empty ones are answered seldom.
    private void AnswerUnacceptable(uint now, scoped in TcpSegment segment)
    {
        if (segment.Has(TcpControl.Rst))
        {
            return;
        }

        if (segment.Has(TcpControl.Syn) || segment.Length == 0)
        {
            Challenge(now);
            return;
        }

        Set(TcpConditions.AckNow);
        if (_block.State == TcpState.TimeWait && segment.Has(TcpControl.Fin))
        {
            EnterTimeWait(now);
        }
    }

    /// <summary>Second and fourth check: a RST counts at RCV.NXT exactly, a SYN never (RFC 5961 §3.2 and §4.2).</summary>
    private void CheckReset(uint now, scoped in TcpSegment segment)
    {
        if (!segment.Has(TcpControl.Rst) || segment.Sequence != _block.ReceiveNext)
        {
            Challenge(now);
        }
        else if (_block.State == TcpState.SynReceived)
        {
            Refuse();
        }
        else if (_block.State is TcpState.Closing or TcpState.LastAck or TcpState.TimeWait && _block.SendCount == 0)
        {
            Finish();
        }
        else
        {
            Fail(FaultReason.TcpReset, 0, 0);
        }
    }

    /// <summary>A challenge ACK (RFC 5961 §3.2), at most one in half a second (§7); the limit is the connection's own, so it tells others nothing.</summary>
    private void Challenge(uint now)
    {
        if (now - _block.ChallengedAt >= TcpLimits.ChallengeMilliseconds)
        {
            _block.ChallengedAt = now;
            Set(TcpConditions.AckNow);
        }
    }

    private void HearFromPeer()
    {
        if (_block.Timer == TcpTimer.KeepAlive)
        {
            _block.Timer = TcpTimer.None;
        }
    }

    /// <summary>Keeps what lies in the window, and owes an acknowledgement for what does not.</summary>
    private void TrimToWindow(scoped ref TcpSegment segment)
    {
        uint before = segment.Length;
        if (SequenceNumber.IsBefore(segment.Sequence, _block.ReceiveNext))
        {
            segment.TrimFront(_block.ReceiveNext - segment.Sequence);
        }

        segment.TrimBack(_block.ReceiveEdge - segment.Sequence);
        if (segment.Length != before)
        {
            Set(TcpConditions.AckNow);
        }
    }
}
