namespace Thimble.Net.Tcp;

/// <summary>What became of a received segment.</summary>
public enum TcpVerdict : byte
{
    /// <summary>It was dropped: its checksum, header length or options are wrong.</summary>
    Malformed = 0,

    /// <summary>It belongs to the connection, which took or refused it by the rules of RFC 9293 §3.10.7.</summary>
    Taken,

    /// <summary>RFC 9293 wants a reset for it: <see cref="TcpReset"/> makes it, and leaves a RST unanswered.</summary>
    Unmatched,
}
