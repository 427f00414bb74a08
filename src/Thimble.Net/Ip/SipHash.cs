using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Thimble.Net.Ip;

/// <summary>
/// SipHash-2-4 (Aumasson and Bernstein, 2012): a keyed hash of 64 bits for short inputs. It makes initial sequence numbers,
/// ports and identifiers that an outsider cannot guess. Leaks: the input's length.
/// </summary>
public static class SipHash
{
    /// <summary>The bytes of a key.</summary>
    public const int KeyBytes = 16;

    /// <summary>The hash of <paramref name="input"/> under the 16 bytes of <paramref name="key"/>. Bounded by the input.</summary>
    public static ulong Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> input)
    {
        ulong key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        ulong key1 = BinaryPrimitives.ReadUInt64LittleEndian(key.Slice(8));
        ulong v0 = key0 ^ 0x736F_6D65_7073_6575;
        ulong v1 = key1 ^ 0x646F_7261_6E64_6F6D;
        ulong v2 = key0 ^ 0x6C79_6765_6E65_7261;
        ulong v3 = key1 ^ 0x7465_6462_7974_6573;
        uint length = (uint)input.Length;
        for (; input.Length >= 8; input = input.Slice(8))
        {
            Absorb(BinaryPrimitives.ReadUInt64LittleEndian(input), ref v0, ref v1, ref v2, ref v3);
        }

        Absorb(LastBlock(input, length), ref v0, ref v1, ref v2, ref v3);
        v2 ^= 0xFF;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        return v0 ^ v1 ^ v2 ^ v3;
    }

    /// <summary>The last bytes, and the length modulo 256 as the highest.</summary>
    private static ulong LastBlock(ReadOnlySpan<byte> rest, uint length)
    {
        uint low = 0;
        uint high = length << 24;
        for (int i = 0; i < rest.Length; i++)
        {
            uint lane = (uint)rest[i] << ((i & 3) * 8);
            low |= i < 4 ? lane : 0;
            high |= i < 4 ? 0 : lane;
        }

        return ((ulong)high << 32) | low;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Absorb(ulong block, ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v3 ^= block;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= block;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}
