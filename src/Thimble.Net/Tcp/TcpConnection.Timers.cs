using System;
using Thimble.Memory;

namespace Thimble.Net.Tcp;

/// <summary>The timer, and the time-out that RFC 6298 computes for it.</summary>
public readonly ref partial struct TcpConnection
{
    /// <summary>
    /// In how many milliseconds <see cref="Poll"/> has something to do if nothing arrives: 0 for at once,
    /// <see cref="uint.MaxValue"/> for never.
    /// </summary>
    public uint PollAt(uint nowMilliseconds)
    {
        if (TryChoose(nowMilliseconds, out _) || WantedTimer != _block.Timer)
        {
            return 0;
        }

        uint timer = _block.Timer == TcpTimer.None ? uint.MaxValue : Until(nowMilliseconds, _block.Deadline);
        return Is(TcpConditions.AckLater) ? Math.Min(timer, Until(nowMilliseconds, _block.AckDeadline)) : timer;
    }

    private TcpTimer WantedTimer
    {
        get
        {
            if (_block.State is TcpState.Closed or TcpState.TimeWait)
            {
                return _block.State == TcpState.Closed ? TcpTimer.None : TcpTimer.TimeWait;
            }

            bool awaits = IsSynchronizing || (MaySend && (_block.SendCount != 0 || Is(TcpConditions.SendClosed)));
            return awaits ? TcpTimer.Retransmission : _block.KeepAliveSeconds != 0 ? TcpTimer.KeepAlive : TcpTimer.None;
        }
    }

    private ushort EstimatedRto
    {
        get
        {
            uint estimate = (_block.SmoothedRoundTrip >> 3) + Math.Max(_block.RoundTripVariation, 1);
            return _block.SmoothedRoundTrip == 0
                ? TcpLimits.InitialRtoMilliseconds
                : (ushort)Math.Min(Math.Max(estimate, TcpLimits.MinRtoMilliseconds), TcpLimits.MaxRtoMilliseconds);
        }
    }

    private static uint Until(uint now, uint deadline) => SequenceNumber.HasPassed(now, deadline) ? 0 : deadline - now;

    private void CheckTimers(uint now)
    {
        if (_block.Timer == TcpTimer.None || !SequenceNumber.HasPassed(now, _block.Deadline))
        {
            return;
        }

        switch (_block.Timer)
        {
            case TcpTimer.Retransmission:
                OnRetransmissionTimeout(now);
                break;
            case TcpTimer.KeepAlive:
                OnKeepAlive(now);
                break;
            default:
                Finish();
                break;
        }
    }

    /// <summary>RETRANSMISSION TIMEOUT (RFC 9293 §3.10.8), RFC 6298 §5.4 to 5.6, and the probes of RFC 9293 §3.8.6.1: all go back to SND.UNA.</summary>
    private void OnRetransmissionTimeout(uint now)
    {
        if (GivesUp(now, IsSynchronizing ? TcpLimits.SynMilliseconds : TcpLimits.SilenceMilliseconds))
        {
            return;
        }

        bool outstanding = _block.SendMax != _block.SendUnacknowledged;
        bool closed = _block.SendWindow == 0 && !IsSynchronizing;
        if (outstanding && !closed)
        {
            CollapseCongestionWindow();
        }

        // Data that merely waited to become a worthwhile segment met no loss.
        _block.Rto = (ushort)Math.Min((uint)_block.Rto << (outstanding || closed ? 1 : 0), TcpLimits.MaxRtoMilliseconds);
        _block.SendNext = _block.SendUnacknowledged;
        _block.DuplicateAcks = 0;
        Clear(TcpConditions.Timing | TcpConditions.FastRecovery | TcpConditions.FastRetransmit);
        Set(TcpConditions.Forced);
        _block.Deadline = now + _block.Rto;
    }

    // RFC 5681 §3.1: the threshold falls once for each loss, not with each retransmission of the same segment.
    private void CollapseCongestionWindow()
    {
        if (!Is(TcpConditions.BackedOff))
        {
            HalveThreshold();
        }

        _block.CongestionWindow = _block.SendSegmentBytes;
        _block.AcknowledgedBytes = 0;
        Set(TcpConditions.BackedOff);
    }

    private void OnKeepAlive(uint now)
    {
        if (!Is(TcpConditions.Probing))
        {
            Set(TcpConditions.Probing);
            _block.WaitingSince = now;
        }

        if (!GivesUp(now, TcpLimits.SilenceMilliseconds))
        {
            Set(TcpConditions.ProbeOwed);
            _block.Deadline = now + TcpLimits.KeepAliveProbeMilliseconds;
        }
    }

    // R2 (RFC 9293 §3.8.3). A peer that may still hold the connection is told.
    private bool GivesUp(uint now, uint limit)
    {
        uint waited = now - _block.WaitingSince;
        if (waited < limit)
        {
            return false;
        }

        bool peerMayWait = _block.State != TcpState.SynSent;
        Fail(FaultReason.TcpTimedOut, limit, waited);
        if (peerMayWait)
        {
            Set(TcpConditions.ResetOwed);
        }

        return true;
    }

    /// <summary>Starts the timer that is wanted, unless it runs.</summary>
    private void ArmTimer(uint now)
    {
        if (WantedTimer != _block.Timer)
        {
            RestartTimer(now);
        }
    }

    private void RestartTimer(uint now)
    {
        _block.Timer = WantedTimer;
        _block.WaitingSince = now;
        Clear(TcpConditions.Probing | TcpConditions.ProbeOwed);
        _block.Deadline = now + (_block.Timer == TcpTimer.KeepAlive ? _block.KeepAliveSeconds * 1000u : _block.Rto);
    }

    private void EnterTimeWait(uint now)
    {
        _block.State = TcpState.TimeWait;
        _block.Timer = TcpTimer.TimeWait;
        _block.Deadline = now + TcpLimits.TimeWaitMilliseconds;
    }

    /// <summary>RFC 6298 §2.2 and 2.3, in fixed point: SRTT moves by an eighth, RTTVAR by a quarter of the difference.</summary>
    private void Measure(uint milliseconds)
    {
        int sample = (int)Math.Min(Math.Max(milliseconds, 1), TcpLimits.MaxRtoMilliseconds);
        if (_block.SmoothedRoundTrip == 0)
        {
            _block.SmoothedRoundTrip = (uint)sample << 3;
            _block.RoundTripVariation = (uint)sample << 1;
        }
        else
        {
            int difference = sample - (int)(_block.SmoothedRoundTrip >> 3);
            int deviation = Math.Abs(difference) - (int)(_block.RoundTripVariation >> 2);
            _block.SmoothedRoundTrip = (uint)((int)_block.SmoothedRoundTrip + difference);
            _block.RoundTripVariation = (uint)((int)_block.RoundTripVariation + deviation);
        }

        _block.Rto = EstimatedRto;
    }
}
