using System;
using System.Buffers.Binary;
using Thimble.Net.Tcp;

namespace Thimble.Net.Tests.Tcp;

/// <summary>A TCP segment of a test, with a codec of its own: byte by byte, and knowing nothing of the one under test.</summary>
internal sealed record Segment(ushort From, ushort To, uint Sequence, uint Acknowledgement, TcpControl Flags, ushort Window, byte[] Text, byte[] Options)
{
    public const uint ClientAddress = 0x0A00_0002, PeerAddress = 0x0A00_0001;

    public uint Length => (uint)Text.Length + (Has(TcpControl.Syn) ? 1u : 0) + (Has(TcpControl.Fin) ? 1u : 0);

    public int MaxSegmentBytes => Options is [2, 4, var high, var low, ..] ? (high << 8) | low : 0;

    public bool Has(TcpControl flag) => (Flags & flag) != 0;

    public static byte[] MaxSegmentOption(int bytes) => [2, 4, (byte)(bytes >> 8), (byte)bytes];

    public byte[] Encode(uint source, uint destination)
    {
        int header = 20 + ((Options.Length + 3) / 4 * 4);
        byte[] bytes = new byte[header + Text.Length];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, From);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), To);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), Acknowledgement);
        bytes[12] = (byte)(header / 4 << 4);
        bytes[13] = (byte)Flags;
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(14), Window);
        Options.CopyTo(bytes, 20);
        Text.CopyTo(bytes, header);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(16), Checksum(source, destination, bytes));
        return bytes;
    }

    /// <summary>Null where the segment is damaged.</summary>
    public static Segment? Decode(uint source, uint destination, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 20 || Checksum(source, destination, bytes) != 0 || bytes[12] >> 4 is var words && (words < 5 || words * 4 > bytes.Length))
        {
            return null;
        }

        return new Segment(
            BinaryPrimitives.ReadUInt16BigEndian(bytes), BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]), BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]),
            (TcpControl)bytes[13], BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]), bytes[(words * 4)..].ToArray(), bytes[20..(words * 4)].ToArray());
    }

    private static ushort Checksum(uint source, uint destination, ReadOnlySpan<byte> bytes)
    {
        ulong sum = (source >> 16) + (source & 0xFFFF) + (destination >> 16) + (destination & 0xFFFF) + 6 + (ulong)bytes.Length;
        for (int i = 0; i < bytes.Length; i++)
        {
            sum += (ulong)bytes[i] << (i % 2 == 0 ? 8 : 0);
        }

        return (ushort)~(sum % 0xFFFF == 0 && sum != 0 ? 0xFFFF : sum % 0xFFFF);
    }
}
