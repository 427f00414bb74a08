using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Thimble.Net.Wire;

/// <summary>
/// The checksum of IP, ICMP, UDP and TCP (RFC 1071): the one's complement of the one's complement sum of 16-bit words.
/// Data may come in runs of any length and alignment. The sum is kept in the machine's byte order, which RFC 1071 §2(B)
/// shows to give the same bytes, so that words are read as they lie. Bounded: one read for each four bytes.
/// </summary>
public struct InternetChecksum
{
    private uint _sum;
    private uint _odd;

    /// <summary>The sixteen bits to put into the field, in the order in which <see cref="BinaryPrimitives.WriteUInt16BigEndian"/> writes them.</summary>
    public readonly ushort Value => (ushort)~BigEndian(Fold(_sum));

    /// <summary>Whether data that held its own checksum was sound: the sum is then all ones (RFC 1071 §1).</summary>
    public readonly bool IsSound => Fold(_sum) == 0xFFFF;

    /// <summary>The checksum of one run of bytes.</summary>
    public static ushort Of(ReadOnlySpan<byte> data)
    {
        InternetChecksum checksum = default;
        checksum.Add(data);
        return checksum.Value;
    }

    /// <summary>Whether <paramref name="data"/>, which holds its own checksum, is sound.</summary>
    public static bool Verify(ReadOnlySpan<byte> data)
    {
        InternetChecksum checksum = default;
        checksum.Add(data);
        return checksum.IsSound;
    }

    /// <summary>The checksum after one 16-bit word beneath it changed (RFC 1624 §3, equation 3).</summary>
    public static ushort Update(ushort checksum, ushort before, ushort after) =>
        (ushort)~Fold((uint)(ushort)~checksum + (ushort)~before + after);

    /// <summary>Adds a run of bytes, which continues where the last one ended, be that at an odd place.</summary>
    public void Add(ReadOnlySpan<byte> data)
    {
        uint sum = Sum(data);

        // What begins at an odd place has its bytes swapped within the words (RFC 1071 §2(B)).
        sum = _odd != 0 ? Swap(Fold(sum)) : Fold(sum);
        _sum = Fold(_sum) + sum;
        _odd ^= (uint)data.Length & 1;
    }

    /// <summary>Adds what another has summed; this one's bytes so far have an even count.</summary>
    public void Add(InternetChecksum other) => _sum = Fold(_sum) + Fold(other._sum);

    /// <summary>Adds the pseudo-header of UDP and TCP (RFC 768, RFC 9293 §3.1).</summary>
    public void AddPseudoHeader(Ipv4Address source, Ipv4Address destination, byte protocol, int bytes)
    {
        uint sum = (source.Value >> 16) + (source.Value & 0xFFFF) + (destination.Value >> 16) + (destination.Value & 0xFFFF)
            + protocol + (uint)bytes;
        _sum = Fold(_sum) + BigEndian(Fold(sum));
    }

    /// <summary>
    /// Two sums, of the low and of the high halves of 32-bit words: neither overflows below 2^18 bytes, and no carry has
    /// to be caught. Memory is little-endian on every machine that runs this, as the plans' layouts take for granted.
    /// </summary>
    private static uint Sum(ReadOnlySpan<byte> data)
    {
        uint low = 0;
        uint high = 0;
        ReadOnlySpan<uint> words = MemoryMarshal.Cast<byte, uint>(data);
        for (int i = 0; i < words.Length; i++)
        {
            low += words[i] & 0xFFFF;
            high += words[i] >> 16;
        }

        int shift = 0;
        uint tail = 0;
        for (int i = words.Length * sizeof(uint); i < data.Length; i++)
        {
            tail |= (uint)data[i] << shift;
            shift += 8;
        }

        return Fold(low) + Fold(high) + Fold(tail);
    }

    private static uint Fold(uint sum)
    {
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (sum & 0xFFFF) + (sum >> 16);
    }

    private static uint Swap(uint sum) => ((sum & 0xFF) << 8) | (sum >> 8);

    private static uint BigEndian(uint sum) => BinaryPrimitives.ReverseEndianness((ushort)sum);
}
