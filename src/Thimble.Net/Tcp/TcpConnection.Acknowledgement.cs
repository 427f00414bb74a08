using System;

namespace Thimble.Net.Tcp;

/// <summary>Fifth check of RFC 9293 §3.10.7.4, the ACK field, with what RFC 5681 and RFC 5961 §5 add to it.</summary>
public readonly ref partial struct TcpConnection
{
    private const int InitialWindowLimit = 4380;   // RFC 3390 §1

    private TcpVerdict CheckAcknowledgement(uint now, scoped ref TcpSegment segment, bool isPure)
    {
        if (_block.State == TcpState.SynReceived)
        {
            if (!AcknowledgesSyn(segment))
            {
                return TcpVerdict.Unmatched;
            }

            UpdateWindow(segment);
            Establish(now, segment);
        }
        else if (!TakeAcknowledgement(now, segment, isPure))
        {
            return TcpVerdict.Taken;
        }

        AcceptText(now, ref segment);
        return TcpVerdict.Taken;
    }

    private void Establish(uint now, scoped in TcpSegment segment)
    {
        _block.SendUnacknowledged = segment.Acknowledgement;
        _block.SendNext = segment.Acknowledgement;
        _block.Timer = TcpTimer.None;
        _block.State = Is(TcpConditions.SendClosed) ? TcpState.FinWait1 : TcpState.Established;
        int segmentBytes = _block.SendSegmentBytes;
        bool lost = Is(TcpConditions.BackedOff);
        _block.CongestionWindow = (ushort)(lost ? segmentBytes : Math.Min(segmentBytes << 2, Math.Max(segmentBytes << 1, InitialWindowLimit)));
        if (Is(TcpConditions.Timing))
        {
            Measure(now - _block.TimedSince);
        }
        else if (lost)
        {
            _block.Rto = TcpLimits.RtoAfterLostSynMilliseconds;
        }

        Clear(TcpConditions.Timing | TcpConditions.BackedOff);
    }

    /// <summary>False where the segment goes no further: what it acknowledges was never sent, or too long ago (RFC 5961 §5.2).</summary>
    private bool TakeAcknowledgement(uint now, scoped in TcpSegment segment, bool isPure)
    {
        uint acknowledged = segment.Acknowledgement - _block.SendUnacknowledged;
        if (acknowledged > _block.SendMax - _block.SendUnacknowledged)
        {
            bool isOld = _block.SendUnacknowledged - segment.Acknowledgement <= _block.MaxSendWindow;
            if (!isOld)
            {
                Challenge(now);
            }

            return isOld;
        }

        if (acknowledged != 0)
        {
            Advance(now, acknowledged);
        }
        else if (isPure && segment.Window == _block.SendWindow)
        {
            CountDuplicate();
        }

        UpdateWindow(segment);
        if (_block.SendWindow == 0)
        {
            _block.WaitingSince = now;   // it answers, so it is not gone: a closed window may last (§3.8.6.1)
        }

        return true;
    }

    private void Advance(uint now, uint acknowledged)
    {
        int bytes = (int)Math.Min(acknowledged, _block.SendCount);
        _block.SendStart = (ushort)Wrapped(_block.SendStart + bytes, _sending.Length);
        _block.SendCount = (ushort)(_block.SendCount - bytes);
        _block.SendUnacknowledged += acknowledged;
        if (SequenceNumber.IsBefore(_block.SendNext, _block.SendUnacknowledged))
        {
            _block.SendNext = _block.SendUnacknowledged;
        }

        TakeTime(now);

        OpenCongestionWindow(bytes);
        if (acknowledged > (uint)bytes)
        {
            OnFinAcknowledged(now);
        }

        // RFC 6298 §5.3. Once the FIN is acknowledged nothing is outstanding, and TIME-WAIT keeps its own time.
        if (MaySend)
        {
            RestartTimer(now);
        }
    }

    // Karn leaves the RTO backed off until new data is measured. Where a tenth of all segments is lost that may be never, so
    // progress bounds it: by eight times the estimate, which still lets a round trip that grew as much be measured.
    private void TakeTime(uint now)
    {
        if (Is(TcpConditions.Timing) && !SequenceNumber.IsBefore(_block.SendUnacknowledged, _block.TimedSequence))
        {
            Clear(TcpConditions.Timing);
            Measure(now - _block.TimedSince);
        }

        _block.Rto = (ushort)Math.Min(_block.Rto, (uint)EstimatedRto << TcpLimits.BackOffShiftWithProgress);
    }

    private void OnFinAcknowledged(uint now)
    {
        switch (_block.State)
        {
            case TcpState.FinWait1:
                _block.State = TcpState.FinWait2;
                _block.Timer = TcpTimer.None;
                break;
            case TcpState.Closing:
                EnterTimeWait(now);
                break;
            case TcpState.LastAck:
                Finish();
                break;
            default:
                break;
        }
    }

    // RFC 5681 §3.1, and §3.2 step 6 at the end of a recovery. Bytes are counted, so nothing is divided.
    private void OpenCongestionWindow(int bytes)
    {
        int window = _block.CongestionWindow, segmentBytes = _block.SendSegmentBytes;
        if (Is(TcpConditions.FastRecovery))
        {
            window = _block.SlowStartThreshold;
        }
        else if (window < _block.SlowStartThreshold)
        {
            window += Math.Min(bytes, segmentBytes);
        }
        else if (_block.AcknowledgedBytes + bytes >= window)
        {
            _block.AcknowledgedBytes = 0;
            window += segmentBytes;
        }
        else
        {
            _block.AcknowledgedBytes = (ushort)(_block.AcknowledgedBytes + bytes);
        }

        _block.CongestionWindow = (ushort)Math.Min(window, ushort.MaxValue);
        _block.DuplicateAcks = 0;
        Clear(TcpConditions.FastRecovery | TcpConditions.FastRetransmit | TcpConditions.BackedOff);
    }

    // RFC 5681 §2 and §3.2. While everything is being sent again after a time-out, duplicates are that echo and tell of no loss.
    private void CountDuplicate()
    {
        bool outstanding = _block.SendMax != _block.SendUnacknowledged;
        if (!outstanding || _block.SendWindow == 0 || Is(TcpConditions.BackedOff))
        {
            return;
        }

        _block.DuplicateAcks = (byte)Math.Min(_block.DuplicateAcks + 1, byte.MaxValue);
        if (_block.DuplicateAcks == TcpLimits.DuplicateAcksOfLoss)
        {
            HalveThreshold();
            Set(TcpConditions.FastRetransmit | TcpConditions.FastRecovery);
            Inflate(_block.SlowStartThreshold, TcpLimits.DuplicateAcksOfLoss);
        }
        else if (Is(TcpConditions.FastRecovery))
        {
            Inflate(_block.CongestionWindow, 1);
        }
    }

    private void HalveThreshold()
    {
        uint inFlight = _block.SendMax - _block.SendUnacknowledged;
        _block.SlowStartThreshold = (ushort)Math.Min(Math.Max(inFlight >> 1, (uint)_block.SendSegmentBytes << 1), ushort.MaxValue);
    }

    private void Inflate(int window, int segments) =>
        _block.CongestionWindow = (ushort)Math.Min(window + (segments * _block.SendSegmentBytes), ushort.MaxValue);

    private void UpdateWindow(scoped in TcpSegment segment)
    {
        if (SequenceNumber.IsBefore(segment.Sequence, _block.SendWindowSequence))
        {
            return;
        }

        bool opens = _block.SendWindow == 0 && segment.Window != 0;
        _block.SendWindowSequence = segment.Sequence;
        _block.SendWindow = segment.Window;
        _block.MaxSendWindow = (ushort)Math.Max((int)_block.MaxSendWindow, segment.Window);
        if (opens && _block.State != TcpState.TimeWait)
        {
            // The probes backed off because of the peer's window, not of the path.
            _block.Rto = EstimatedRto;
            _block.Timer = TcpTimer.None;
        }
    }
}
