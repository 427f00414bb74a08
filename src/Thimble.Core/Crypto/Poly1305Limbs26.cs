using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// Poly1305 with five limbs of 26 bits for 64-bit machines, whose products add up in 64 bits without carries
/// (D. J. Bernstein, "The Poly1305-AES message-authentication code", 2005, and the usual scalar code since).
/// </summary>
internal readonly struct Poly1305Limbs26 : IPoly1305Limbs
{
    private const int Limbs = 5;
    private const uint Mask = 0x3FFFFFF;

    /// <inheritdoc/>
    public static int StateBytes => 2 * Limbs * sizeof(uint);

    /// <inheritdoc/>
    public static int SumBytes => Limbs * sizeof(uint);

    /// <inheritdoc/>
    public static void Start(ReadOnlySpan<byte> r, Span<byte> state)
    {
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(state);
        ulong low = BinaryPrimitives.ReadUInt64LittleEndian(r) & 0x0FFFFFFC0FFFFFFF;
        ulong high = BinaryPrimitives.ReadUInt64LittleEndian(r[8..]) & 0x0FFFFFFC0FFFFFFC;
        words[..Limbs].Clear();
        words[5] = (uint)low & Mask;
        words[6] = (uint)(low >> 26) & Mask;
        words[7] = (uint)((low >> 52) | (high << 12)) & Mask;
        words[8] = (uint)(high >> 14) & Mask;
        words[9] = (uint)(high >> 40);
    }

    /// <summary>
    /// The sum stays in locals, below 2^29 each, and sums of products below 2^62. The method is long so that they may. Leaks: the length.
    /// </summary>
    [ConstantTime(PublicBranches = 2)]
    public static void Absorb(ReadOnlySpan<byte> blocks, Span<byte> state)
    {
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(state)[..(2 * Limbs)];
        if (Poly1305Avx2.IsSupported && blocks.Length >= Poly1305Avx2.MinBytes)
        {
            blocks = blocks[Poly1305Avx2.Absorb(blocks, words, words[Limbs..])..];
        }

        ulong h0 = words[0], h1 = words[1], h2 = words[2], h3 = words[3], h4 = words[4];
        ulong r0 = words[5], r1 = words[6], r2 = words[7], r3 = words[8], r4 = words[9];
        ulong s1 = 5 * r1, s2 = 5 * r2, s3 = 5 * r3, s4 = 5 * r4;
        for (; blocks.Length >= 16; blocks = blocks[16..])
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(blocks), high = BinaryPrimitives.ReadUInt64LittleEndian(blocks[8..]);
            h0 += low & Mask;
            h1 += (low >> 26) & Mask;
            h2 += ((low >> 52) | (high << 12)) & Mask;
            h3 += (high >> 14) & Mask;
            h4 += (high >> 40) | (1 << 24);

            ulong d0 = (h0 * r0) + (h1 * s4) + (h2 * s3) + (h3 * s2) + (h4 * s1);
            ulong d1 = (h0 * r1) + (h1 * r0) + (h2 * s4) + (h3 * s3) + (h4 * s2);
            ulong d2 = (h0 * r2) + (h1 * r1) + (h2 * r0) + (h3 * s4) + (h4 * s3);
            ulong d3 = (h0 * r3) + (h1 * r2) + (h2 * r1) + (h3 * r0) + (h4 * s4);
            ulong d4 = (h0 * r4) + (h1 * r3) + (h2 * r2) + (h3 * r1) + (h4 * r0);

            // Two carries side by side, from limb 0 and from limb 3, shorten the chain.
            d1 += d0 >> 26;
            d4 += d3 >> 26;
            h0 = (d0 & Mask) + (5 * (d4 >> 26));
            d2 += d1 >> 26;
            h1 = (d1 & Mask) + (h0 >> 26);
            h0 &= Mask;
            h3 = (d3 & Mask) + (d2 >> 26);
            h2 = d2 & Mask;
            h4 = (d4 & Mask) + (h3 >> 26);
            h3 &= Mask;
        }

        words[0] = (uint)h0;
        words[1] = (uint)h1;
        words[2] = (uint)h2;
        words[3] = (uint)h3;
        words[4] = (uint)h4;
    }

    /// <inheritdoc/>
    public static void Finish(Span<byte> state, Span<byte> sum)
    {
        Span<uint> h = MemoryMarshal.Cast<byte, uint>(state)[..Limbs];
        uint carry = Carry(h);
        h[0] += 5 * carry;
        carry = Carry(h);
        h[0] += 5 * carry;

        // If h + 5 reaches 2^130, h - p is h + 5 without that bit.
        carry = 5;
        for (int i = 0; i < Limbs; i++)
        {
            carry = (carry + h[i]) >> 26;
        }

        h[0] += 5 * carry;
        Carry(h);
        BinaryPrimitives.WriteUInt64LittleEndian(sum, h[0] | ((ulong)h[1] << 26) | ((ulong)h[2] << 52));
        BinaryPrimitives.WriteUInt64LittleEndian(sum[8..], (h[2] >> 12) | ((ulong)h[3] << 14) | ((ulong)h[4] << 40));
    }

    /// <summary>Moves what exceeds 26 bits upwards, and returns what reaches 2^130. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 1)]
    private static uint Carry(Span<uint> h)
    {
        h = h[..Limbs];
        uint carry = 0;
        for (int i = 0; i < Limbs; i++)
        {
            carry += h[i];
            h[i] = carry & Mask;
            carry >>= 26;
        }

        return carry;
    }
}
