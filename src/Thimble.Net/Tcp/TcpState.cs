namespace Thimble.Net.Tcp;

/// <summary>The states of RFC 9293 §3.3.2 that a client can be in.</summary>
public enum TcpState : byte
{
    /// <summary>There is no connection.</summary>
    Closed = 0,

    /// <summary>A SYN was sent, and no matching one came back.</summary>
    SynSent,

    /// <summary>Both SYN crossed (simultaneous open), and ours is not yet acknowledged.</summary>
    SynReceived,

    /// <summary>Data goes both ways.</summary>
    Established,

    /// <summary>We closed our side; the FIN is not yet acknowledged.</summary>
    FinWait1,

    /// <summary>Our FIN was acknowledged; the peer still sends.</summary>
    FinWait2,

    /// <summary>The peer closed its side; we still send.</summary>
    CloseWait,

    /// <summary>Both closed at once; our FIN is not yet acknowledged.</summary>
    Closing,

    /// <summary>The peer closed first, then we; our FIN is not yet acknowledged.</summary>
    LastAck,

    /// <summary>All is done; the ports rest for twice a segment's lifetime.</summary>
    TimeWait,
}
