using Thimble.Net.Tcp;

namespace Thimble.Net;

/// <summary>The limits that size a network's memory, chosen before anything runs.</summary>
public readonly struct NetworkProfile
{
    /// <summary>The default of <see cref="MaxSegmentBytes"/>: what every IPv4 host can receive (RFC 9293 §3.7.1).</summary>
    public const int DefaultSegmentBytes = 536;

    /// <summary>A profile with the defaults.</summary>
    public NetworkProfile()
    {
    }

    /// <summary>Bytes that may be sent and not yet acknowledged; a multiple of 8 within the bounds of <see cref="TcpConnection"/>.</summary>
    public int SendBufferBytes { get; init; } = DefaultSegmentBytes;

    /// <summary>Bytes that may be received and not yet consumed: the TCP window; a multiple of 8 within the bounds of <see cref="TcpConnection"/>.</summary>
    public int ReceiveBufferBytes { get; init; } = DefaultSegmentBytes;

    /// <summary>The longest TCP payload that is taken in one segment, announced as MSS (RFC 9293 §3.7.1): 64 to 1,460.</summary>
    public int MaxSegmentBytes { get; init; } = DefaultSegmentBytes;

    /// <summary>The longest name that is looked up, in bytes: 1 to 253.</summary>
    public int MaxHostNameBytes { get; init; } = 64;

    /// <summary>Whether all limits lie within their bounds.</summary>
    internal bool IsValid =>
        IsBuffer(SendBufferBytes) && IsBuffer(ReceiveBufferBytes) && MaxSegmentBytes is >= 64 and <= 1460 && MaxHostNameBytes is >= 1 and <= 253;

    private static bool IsBuffer(int bytes) => bytes is >= TcpConnection.MinBufferBytes and <= TcpConnection.MaxBufferBytes && (bytes & 7) == 0;
}
