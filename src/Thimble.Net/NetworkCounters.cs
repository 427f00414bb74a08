using System.Diagnostics.CodeAnalysis;

namespace Thimble.Net;

/// <summary>
/// What came, what left, and what was dropped, by cause. The causes stop at 65,535, so that a number which once was not 0
/// never is again; frames wrap at 2^32.
/// </summary>
[SuppressMessage("Design", "CA1051", Justification = "Handlers count by reference.")]
public struct NetworkCounters
{
    /// <summary>Frames received.</summary>
    public uint Received;

    /// <summary>Frames sent, replies in place included.</summary>
    public uint Sent;

    /// <summary>Dropped: lengths or fields contradict one another.</summary>
    public ushort Malformed;

    /// <summary>Dropped: the checksum of IP, ICMP, UDP is wrong. TCP's is verified by the connection, and not counted here.</summary>
    public ushort ChecksumWrong;

    /// <summary>Dropped: a part of a larger datagram. Nothing is reassembled.</summary>
    public ushort Fragments;

    /// <summary>Dropped: another station or address is meant.</summary>
    public ushort NotForUs;

    /// <summary>Dropped: a source that no packet may have (RFC 1122 §3.2.1.3).</summary>
    public ushort SourceInvalid;

    /// <summary>Dropped: neither ARP nor IPv4, or a protocol above IPv4 that is not spoken.</summary>
    public ushort ProtocolUnknown;

    /// <summary>Dropped: sound, and the answer to nothing that was asked: a port without listener, a wrong identifier or nonce.</summary>
    public ushort Unsolicited;

    /// <summary>Not answered, because too many were answered lately.</summary>
    public ushort RateLimited;

    /// <summary>ICMP said that something of ours was not delivered. A hint only: anyone can send it (RFC 5927).</summary>
    public ushort Unreachable;

    /// <summary>Not sent: the next hop does not answer ARP, or there is no way to the destination.</summary>
    public ushort NoRoute;

    /// <summary>Another station claimed our address (RFC 5227 §2.4).</summary>
    public ushort Conflicts;

    /// <summary>Counts one more, up to the limit.</summary>
    internal static void Count(ref ushort counter) => counter += (ushort)(counter == ushort.MaxValue ? 0 : 1);
}
