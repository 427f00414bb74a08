namespace Thimble.Cli.Probe;

/// <summary>How a server's answer to a ClientHello ended.</summary>
internal enum FlightEnd
{
    /// <summary>It goes on.</summary>
    None,

    /// <summary>The whole first flight came.</summary>
    Complete,

    /// <summary>A HelloRetryRequest: it accepts suite and group, and wants a key share.</summary>
    Retry,

    /// <summary>A fatal alert.</summary>
    Alert,

    /// <summary>It closed the connection.</summary>
    Closed,

    /// <summary>It said nothing more in time.</summary>
    Silent,

    /// <summary>Its bytes are no TLS.</summary>
    NotTls,

    /// <summary>A message that is not what its definition says, out of turn, or without end.</summary>
    Malformed,
}
