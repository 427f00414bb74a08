namespace Thimble.Net.Tcp;

/// <summary>What the one timer of a connection waits for: no two of these are ever wanted at once.</summary>
internal enum TcpTimer : byte
{
    /// <summary>It is off.</summary>
    None = 0,

    /// <summary>An acknowledgement, or a window, for what is sent or committed (RFC 6298; RFC 9293 §3.8.6.1).</summary>
    Retransmission,

    /// <summary>Any sign of life (RFC 9293 §3.8.4).</summary>
    KeepAlive,

    /// <summary>The end of TIME-WAIT.</summary>
    TimeWait,
}
