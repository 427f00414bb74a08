namespace Thimble;

/// <summary>Why there is no connection beneath TLS.</summary>
public enum TransportProblem
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>No machine has that name.</summary>
    HostNotFound,

    /// <summary>The machine answers, but nobody listens on that port.</summary>
    ConnectionRefused,

    /// <summary>No way leads to that machine.</summary>
    HostUnreachable,

    /// <summary>No answer came in time.</summary>
    TimedOut,

    /// <summary>Something else, which the message tells.</summary>
    ConnectionFailed,

    /// <summary>There was a connection, and it takes no more.</summary>
    ConnectionLost,
}
