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

    /// <summary>
    /// Application data was written that nobody vouches for yet: its record is larger than the window, and the tag comes
    /// at its end. <see cref="Committed"/>, <see cref="Withdrawn"/>, or the end of the connection follows. Whatever is
    /// done with such bytes must be possible to forget.
    /// </summary>
    Provisional = 6,

    /// <summary>What was written, if anything, ends the record of the provisional bytes before it, and its tag verified: all of them count.</summary>
    Committed = 7,

    /// <summary>The record was genuine, but the provisional bytes were none of the application's: they are to be forgotten, and the next call goes on.</summary>
    Withdrawn = 8,

    /// <summary>
    /// The client's private key is not in the ROM image: <see cref="TlsClient.ToBeSigned"/> is to be signed with
    /// <see cref="TlsClient.SignatureScheme"/>, and the handshake goes on after <see cref="TlsClient.ProvideSignature"/>.
    /// </summary>
    NeedsSignature = 9,
}
