namespace Thimble.Net.Tcp;

/// <summary>The constants of this TCP, with their sources.</summary>
internal static class TcpLimits
{
    /// <summary>What a peer that announces nothing takes (RFC 9293 §3.7.1, MUST-15).</summary>
    public const ushort DefaultSegmentBytes = 536;

    /// <summary>What an Ethernet frame of 1,500 bytes carries behind two headers of 20.</summary>
    public const ushort MaxSendSegmentBytes = 1460;

    /// <summary>No announced size below this is heeded: a peer could have each byte sent in a segment of its own (CVE-2019-11479).</summary>
    public const ushort MinSendSegmentBytes = 64;

    /// <summary>RFC 6298 (2.1), before anything was measured.</summary>
    public const ushort InitialRtoMilliseconds = 1_000;

    /// <summary>RFC 6298 (5.7): after a SYN was sent twice.</summary>
    public const ushort RtoAfterLostSynMilliseconds = 3_000;

    /// <summary>
    /// RFC 6298 (2.4) recommends 1 s. With a send buffer of one or two segments three duplicate acknowledgements never
    /// come, so this bounds how long each loss takes; 200 ms is what Linux has used on the Internet for twenty years, and a
    /// peer that delays its acknowledgements for longer shows in the measured time.
    /// </summary>
    public const ushort MinRtoMilliseconds = 200;

    /// <summary>RFC 6298 (2.5).</summary>
    public const ushort MaxRtoMilliseconds = 60_000;

    /// <summary>How many doublings of the estimate remain once an acknowledgement arrives that measures nothing.</summary>
    public const int BackOffShiftWithProgress = 3;

    /// <summary>R2 of RFC 9293 §3.8.3: a peer that acknowledges nothing for so long is gone (SHLD-11).</summary>
    public const uint SilenceMilliseconds = 100_000;

    /// <summary>R2 for a SYN: at least three minutes (RFC 9293 §3.8.3, MUST-23).</summary>
    public const uint SynMilliseconds = 180_000;

    /// <summary>RFC 9293 §3.8.6.3 allows less than 500 ms.</summary>
    public const uint DelayedAckMilliseconds = 100;

    /// <summary>At most one challenge ACK, and one answer to an empty segment outside the window, in this time (RFC 5961 §7).</summary>
    public const uint ChallengeMilliseconds = 500;

    /// <summary>Twice the segment lifetime that is assumed: 30 s, not the two minutes of RFC 9293 §3.4.1, which it calls an engineering choice.</summary>
    public const uint TimeWaitMilliseconds = 60_000;

    /// <summary>Between two keep-alive probes that stay unanswered.</summary>
    public const uint KeepAliveProbeMilliseconds = 10_000;

    /// <summary>RFC 5681 §3.2.</summary>
    public const byte DuplicateAcksOfLoss = 3;

    /// <summary>The smallest ring: half of it must still be a segment worth sending.</summary>
    public const int MinBufferBytes = 64;

    /// <summary>The largest ring: the window is not scaled.</summary>
    public const int MaxBufferBytes = 65_535;
}
