using System.Runtime.InteropServices;
using Thimble.Memory;

namespace Thimble.Net.Tcp;

/// <summary>
/// All that a connection remembers beside its two rings (the TCB of RFC 9293 §3.3.1), equal on 32- and 64-bit machines.
/// SND.WL2 is left out: an acknowledgement before SND.UNA updates nothing, and SND.WL2 never lies behind SND.UNA.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = TcpConnection.StateBytes)]
internal struct TcpControlBlock
{
    public Fault Fault;

    public uint LocalAddress;
    public uint RemoteAddress;
    public uint Ports;            // local above remote, as in a header that we send

    // Send sequence space. SND.MAX is the highest that was ever sent; SND.NXT goes back to SND.UNA when a timer runs out.
    public uint SendUnacknowledged;
    public uint SendNext;
    public uint SendMax;
    public uint SendWindowSequence;      // SND.WL1

    // Receive sequence space. RCV.WND is the distance from RCV.NXT to the edge that was announced, which never moves back.
    public uint ReceiveNext;
    public uint ReceiveEdge;
    public uint LastAcknowledged;

    public uint Deadline;
    public uint AckDeadline;
    public uint WaitingSince;            // what R2 counts from
    public uint ChallengedAt;

    // RFC 6298: SRTT in eighths and RTTVAR in quarters of a millisecond, so that nothing is divided.
    public uint SmoothedRoundTrip;
    public uint RoundTripVariation;
    public uint TimedSequence;
    public uint TimedSince;

    public TcpRanges Ranges;

    public ushort SendWindow;
    public ushort MaxSendWindow;
    public ushort SendSegmentBytes;
    public ushort ReceiveSegmentBytes;
    public ushort CongestionWindow;
    public ushort SlowStartThreshold;
    public ushort AcknowledgedBytes;     // counted for congestion avoidance
    public ushort Rto;
    public ushort SendStart;
    public ushort SendCount;
    public ushort ReceiveStart;
    public ushort ReceiveCount;
    public ushort KeepAliveSeconds;

    public TcpConditions Conditions;
    public TcpState State;
    public TcpTimer Timer;
    public byte DuplicateAcks;
}
