using System;

namespace Thimble.Net;

/// <summary>
/// A frame to be sent, without frame check sequence and without padding: up to three runs of bytes, one behind the other.
/// They stay as they are until the next call of the network.
/// </summary>
public readonly ref struct OutgoingFrame
{
    /// <summary>A frame of these runs.</summary>
    public OutgoingFrame(ReadOnlySpan<byte> header, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        Header = header;
        First = first;
        Second = second;
    }

    /// <summary>The headers.</summary>
    public ReadOnlySpan<byte> Header { get; }

    /// <summary>What follows the headers; may be empty.</summary>
    public ReadOnlySpan<byte> First { get; }

    /// <summary>What follows the first run; may be empty.</summary>
    public ReadOnlySpan<byte> Second { get; }

    /// <summary>The length of the whole, in bytes.</summary>
    public int Bytes => Header.Length + First.Length + Second.Length;
}
