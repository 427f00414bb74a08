namespace Thimble.Tls;

/// <summary>What a call of the engine came to, in the words of .NET's own buffer-based TLS sessions.</summary>
public enum TlsStatus : byte
{
    /// <summary>The connection is over, and the fault says why. The value of cleared memory is never success.</summary>
    Faulted = 0,

    /// <summary>What was asked for is done.</summary>
    Complete = 1,

    /// <summary>Bytes wait that <c>destination</c> has no room for: call again with more room.</summary>
    DestinationTooSmall = 2,

    /// <summary>All of <c>source</c> was consumed, and more of the peer's bytes are needed.</summary>
    NeedMoreData = 3,

    /// <summary>The work granted to this call is used up: call again, after the timers were served.</summary>
    MoreWork = 4,

    /// <summary>The peer closed its side in an orderly way (RFC 5246 §7.2.1), or the user closed ours: before writing, or before the handshake was complete.</summary>
    Closed = 5,
}
