using System;
using System.Buffers.Binary;
using Thimble.Net.Wire;

namespace Thimble.Net.Tcp;

/// <summary>A header that is to be written (RFC 9293 §3.1).</summary>
internal struct TcpHeader
{
    /// <summary>A header without options.</summary>
    public const int MinBytes = 20;

    /// <summary>The longest header that is ever written: with the option of a SYN.</summary>
    public const int MaxBytes = MinBytes + TcpOptions.MaxSegmentSizeBytes;

    private const int ChecksumField = 16;

    /// <summary>The source port above the destination port.</summary>
    public uint Ports;

    /// <summary>The sequence number of the first byte, or of the SYN.</summary>
    public uint Sequence;

    /// <summary>The next sequence number that is expected from the peer, where ACK is set.</summary>
    public uint Acknowledgement;

    /// <summary>The bytes that may come behind it.</summary>
    public ushort Window;

    /// <summary>The largest segment that we take, announced with SYN; 0 for no option.</summary>
    public ushort MaxSegmentBytes;

    /// <summary>The control bits.</summary>
    public TcpControl Flags;

    /// <summary>Writes it with its checksum over the payload in two runs, and gives its length.</summary>
    public readonly int Write(Span<byte> destination, Ipv4Address source, Ipv4Address target, scoped ReadOnlySpan<byte> first, scoped ReadOnlySpan<byte> second)
    {
        Span<byte> header = destination.Slice(0, MaxSegmentBytes == 0 ? MinBytes : MaxBytes);
        BinaryPrimitives.WriteUInt32BigEndian(header, Ports);
        BinaryPrimitives.WriteUInt32BigEndian(header.Slice(4), Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(header.Slice(8), Acknowledgement);
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(12), (ushort)((header.Length << 10) | (int)Flags));
        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(14), Window);
        BinaryPrimitives.WriteUInt32BigEndian(header.Slice(ChecksumField), 0);
        if (MaxSegmentBytes != 0)
        {
            TcpOptions.Write(header.Slice(MinBytes), MaxSegmentBytes);
        }

        BinaryPrimitives.WriteUInt16BigEndian(header.Slice(ChecksumField), TcpChecksum.Of(source, target, header, first, second));
        return header.Length;
    }
}
