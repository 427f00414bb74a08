using System;
using System.Buffers.Binary;
using Thimble.Net.Wire;

namespace Thimble.Net.Tcp;

/// <summary>
/// A received segment whose checksum, header length and options were verified: a view of its bytes. Trimming moves its ends
/// to what the window admits (RFC 9293 §3.10.7.4).
/// </summary>
internal ref struct TcpSegment
{
    private const int OffsetField = 12;

    /// <summary>SEG.SEQ.</summary>
    public uint Sequence;

    /// <summary>SEG.ACK.</summary>
    public uint Acknowledgement;

    /// <summary>SEG.WND, unscaled.</summary>
    public ushort Window;

    /// <summary>The peer's largest segment, or 0 where the option is missing.</summary>
    public ushort MaxSegmentBytes;

    /// <summary>The source port above the destination port, as they stand in the header.</summary>
    public uint Ports;

    /// <summary>The control bits.</summary>
    public TcpControl Flags;

    /// <summary>The data.</summary>
    public ReadOnlySpan<byte> Text;

    /// <summary>SEG.LEN: the data, and one for each of SYN and FIN.</summary>
    public readonly uint Length => (uint)Text.Length + (Has(TcpControl.Syn) ? 1u : 0) + (Has(TcpControl.Fin) ? 1u : 0);

    /// <summary>Whether one of the bits is set.</summary>
    public readonly bool Has(TcpControl flag) => (Flags & flag) != 0;

    /// <summary>Reads the IP payload <paramref name="bytes"/>; false where anything is malformed. Bounded by its length.</summary>
    public static bool TryRead(Ipv4Address source, Ipv4Address destination, ReadOnlySpan<byte> bytes, out TcpSegment segment)
    {
        segment = default;
        if (bytes.Length < TcpHeader.MinBytes)
        {
            return false;
        }

        int headerBytes = (bytes[OffsetField] >> 4) << 2;
        if (headerBytes < TcpHeader.MinBytes || headerBytes > bytes.Length
            || !TcpChecksum.IsRight(source, destination, bytes)
            || !TcpOptions.TryRead(bytes.Slice(TcpHeader.MinBytes, headerBytes - TcpHeader.MinBytes), out segment.MaxSegmentBytes))
        {
            return false;
        }

        segment.Ports = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        segment.Sequence = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(4));
        segment.Acknowledgement = BinaryPrimitives.ReadUInt32BigEndian(bytes.Slice(8));
        segment.Flags = (TcpControl)bytes[OffsetField + 1];
        segment.Window = BinaryPrimitives.ReadUInt16BigEndian(bytes.Slice(14));
        segment.Text = bytes.Slice(headerBytes);
        return true;
    }

    /// <summary>Cuts off the first <paramref name="count"/> sequence numbers, a SYN first.</summary>
    public void TrimFront(uint count)
    {
        Sequence += count;
        if (count != 0 && Has(TcpControl.Syn))
        {
            Flags &= ~TcpControl.Syn;
            count--;
        }

        if (count > (uint)Text.Length)
        {
            Flags &= ~TcpControl.Fin;
            count = (uint)Text.Length;
        }

        Text = Text.Slice((int)count);
    }

    /// <summary>Cuts off whatever lies behind the first <paramref name="count"/> sequence numbers of a segment without SYN.</summary>
    public void TrimBack(uint count)
    {
        if (Length > count)
        {
            Flags &= ~TcpControl.Fin;
        }

        if ((uint)Text.Length > count)
        {
            Text = Text.Slice(0, (int)count);
        }
    }
}
