using System;

namespace Thimble.Net.Tcp;

/// <summary>What is true of a connection beside its state.</summary>
[Flags]
internal enum TcpConditions : ushort
{
    None = 0,

    /// <summary>An acknowledgement goes out with the next poll.</summary>
    AckNow = 0x0001,

    /// <summary>An acknowledgement goes out when its delay is over, or with whatever is sent before.</summary>
    AckLater = 0x0002,

    /// <summary>A reset goes out with the next poll.</summary>
    ResetOwed = 0x0004,

    /// <summary>A keep-alive probe goes out with the next poll.</summary>
    ProbeOwed = 0x0008,

    /// <summary>A timer ran out: what is at SND.UNA goes out whatever the window and its size say, one byte at least.</summary>
    Forced = 0x0010,

    /// <summary>The segment at SND.UNA goes out once, without going back to it.</summary>
    FastRetransmit = 0x0020,

    /// <summary>Between a fast retransmit and the next new acknowledgement (RFC 5681 §3.2).</summary>
    FastRecovery = 0x0040,

    /// <summary>A retransmission timer ran out since the last new acknowledgement.</summary>
    BackedOff = 0x0080,

    /// <summary>The time until TimedSequence is acknowledged is being measured.</summary>
    Timing = 0x0100,

    /// <summary>We have no more to commit: a FIN follows the last byte.</summary>
    SendClosed = 0x0200,

    /// <summary>The peer's FIN is in order.</summary>
    PeerClosed = 0x0400,

    /// <summary>A keep-alive probe is unanswered.</summary>
    Probing = 0x0800,
}
