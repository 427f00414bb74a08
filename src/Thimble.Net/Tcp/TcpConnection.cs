#pragma warning disable CA1822, IDE0060, CS9113
using System;
using Thimble.Memory;
using Thimble.Net.Wire;

namespace Thimble.Net.Tcp;

/// <summary>A TCP client connection (RFC 9293) as a lens over its state and its two buffers.</summary>
public readonly ref struct TcpConnection
{
    /// <summary>What the state takes, in bytes, whatever the profile.</summary>
    public const int StateBytes = 128;

    /// <summary>Looks at a connection.</summary>
    public TcpConnection(Span<byte> state, Span<byte> sendBuffer, Span<byte> receiveBuffer)
    {
    }

    /// <summary>Where the connection stands.</summary>
    public TcpState State => default;

    /// <summary>Why it ended.</summary>
    public Fault Fault => default;

    /// <summary>The received bytes in order that lie in one run; more may follow behind the buffer's end.</summary>
    public ReadOnlySpan<byte> Received => default;

    /// <summary>Whether the peer has closed its side and all that it sent was consumed.</summary>
    public bool ReceivedAll => default;

    /// <summary>The free bytes of the send buffer that lie in one run: what is written there is sent after <see cref="Commit"/>.</summary>
    public Span<byte> SendSpace => default;

    /// <summary>Whether all that was committed has been acknowledged.</summary>
    public bool AllAcknowledged => default;

    /// <summary>The peer's address, for the network below.</summary>
    public Ipv4Address RemoteAddress => default;

    /// <summary>Begins to connect; whatever the state held before is gone.</summary>
    public void Connect(uint nowMilliseconds, Ipv4Address local, ushort localPort, Ipv4Address remote, ushort remotePort, uint initialSequence, int maxReceiveSegmentBytes)
    {
    }

    /// <summary>Gives so many bytes of <see cref="Received"/> back.</summary>
    public void Consume(int bytes)
    {
    }

    /// <summary>Hands so many bytes of <see cref="SendSpace"/> to the peer.</summary>
    public void Commit(int bytes)
    {
    }

    /// <summary>Closes our side in order.</summary>
    public void Close()
    {
    }

    /// <summary>Resets the connection.</summary>
    public void Abort()
    {
    }

    /// <summary>Takes a segment whose IP header was verified: <paramref name="segment"/> is the IP payload.</summary>
    public void Receive(uint nowMilliseconds, Ipv4Address source, Ipv4Address destination, ReadOnlySpan<byte> segment)
    {
    }

    /// <summary>The next segment that is due: its header is written, its payload lies in the send buffer in at most two runs.</summary>
    public bool Poll(uint nowMilliseconds, Span<byte> header, out int headerBytes, out ReadOnlySpan<byte> first, out ReadOnlySpan<byte> second)
    {
        headerBytes = 0;
        first = default;
        second = default;
        return false;
    }

    /// <summary>In how many milliseconds <see cref="Poll"/> has something to do if nothing arrives; <see cref="uint.MaxValue"/> for never.</summary>
    public uint PollAt(uint nowMilliseconds) => uint.MaxValue;
}
