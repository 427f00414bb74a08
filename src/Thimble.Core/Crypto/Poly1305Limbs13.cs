using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// Poly1305 with ten limbs of 13 bits, whose products and sums fit 32 bits: a Cortex-M3 multiplies such words in
/// constant time, unlike wider ones. The arrangement is that of A. Moon's poly1305-donna for 16-bit machines.
/// </summary>
internal readonly struct Poly1305Limbs13 : IPoly1305Limbs
{
    private const int Limbs = 10;
    private const uint Mask = 0x1FFF;

    // In words: the sum; 5 r and r in one row, so that the factor for limb i of the product and limb j of the sum lies
    // at Multiplier + Limbs + i - j, where a negative i - j wraps around 2^130 = 5; and the product.
    private const int Multiplier = Limbs;
    private const int Product = 3 * Limbs;

    /// <inheritdoc/>
    public static int StateBytes => 4 * Limbs * sizeof(uint);

    /// <inheritdoc/>
    public static int SumBytes => Limbs * sizeof(uint);

    /// <inheritdoc/>
    public static void Start(ReadOnlySpan<byte> r, Span<byte> state)
    {
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(state);
        Span<uint> sum = words[..Limbs];
        sum.Clear();
        AddBlock(r, 0, sum);
        for (int i = 0; i < Limbs; i++)
        {
            uint limb = sum[i] & Clamp[i];
            words[Multiplier + i] = 5 * limb;
            words[Multiplier + Limbs + i] = limb;
        }

        sum.Clear();
    }

    /// <summary>The mask 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF of RFC 8439 §2.5, in limbs.</summary>
    private static ReadOnlySpan<ushort> Clamp => [0x1FFF, 0x1FFF, 0x1F03, 0x1FFF, 0x00FF, 0x1FFE, 0x1FFF, 0x1F81, 0x1FFF, 0x007F];

    /// <inheritdoc/>
    public static void Absorb(ReadOnlySpan<byte> blocks, Span<byte> state)
    {
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(state)[..(4 * Limbs)];
        for (; blocks.Length >= 16; blocks = blocks[16..])
        {
            AddBlock(blocks, 1 << 11, words[..Limbs]);
            Multiply(words);
        }
    }

    /// <inheritdoc/>
    public static void Finish(Span<byte> state, Span<byte> sum)
    {
        Span<uint> words = MemoryMarshal.Cast<byte, uint>(state);
        Span<uint> h = words[..Limbs];
        Span<uint> g = words.Slice(Product, Limbs);
        Carry(h);
        Carry(h);
        Subtract(h, g);

        // Overlapping bits of neighbours never meet: each limb has 13 bits now.
        BinaryPrimitives.WriteUInt32LittleEndian(sum, h[0] | (h[1] << 13) | (h[2] << 26));
        BinaryPrimitives.WriteUInt32LittleEndian(sum[4..], (h[2] >> 6) | (h[3] << 7) | (h[4] << 20));
        BinaryPrimitives.WriteUInt32LittleEndian(sum[8..], (h[4] >> 12) | (h[5] << 1) | (h[6] << 14) | (h[7] << 27));
        BinaryPrimitives.WriteUInt32LittleEndian(sum[12..], (h[7] >> 5) | (h[8] << 8) | (h[9] << 21));
    }

    /// <summary>Adds 128 bits in limbs, and <paramref name="top"/> to the last. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 0)]
    private static void AddBlock(ReadOnlySpan<byte> block, uint top, Span<uint> h)
    {
        block = block[..16];
        h = h[..Limbs];
        uint t0 = BinaryPrimitives.ReadUInt32LittleEndian(block), t1 = BinaryPrimitives.ReadUInt32LittleEndian(block[4..]);
        uint t2 = BinaryPrimitives.ReadUInt32LittleEndian(block[8..]), t3 = BinaryPrimitives.ReadUInt32LittleEndian(block[12..]);
        h[9] += (t3 >> 21) | top;
        h[8] += (t3 >> 8) & Mask;
        h[7] += ((t2 >> 27) | (t3 << 5)) & Mask;
        h[6] += (t2 >> 14) & Mask;
        h[5] += (t2 >> 1) & Mask;
        h[4] += ((t1 >> 20) | (t2 << 12)) & Mask;
        h[3] += (t1 >> 7) & Mask;
        h[2] += ((t0 >> 26) | (t1 << 6)) & Mask;
        h[1] += (t0 >> 13) & Mask;
        h[0] += t0 & Mask;
    }

    /// <summary>
    /// Multiplies the sum by r. Limbs of the sum are below 2^14 + 2^9 here and factors at most 5 (2^13 - 1), so five
    /// products stay below 2^32 - 2^29; their upper part moves to the carry before the next five. Leaks: nothing.
    /// </summary>
    [ConstantTime(PublicBranches = 2)]
    private static void Multiply(Span<uint> words)
    {
        words = words[..(4 * Limbs)];

        // References without bounds checks: i + Limbs - j runs from 1 to 19 within the 20 factors, and 10 limbs follow one another.
        ref uint h = ref words[0];
        uint carry = 0;
        for (int i = 0; i < Limbs; i++)
        {
            ref uint r = ref words[Multiplier + 1 + i];
            uint x = carry + (h * Unsafe.Add(ref r, 9)) + (Unsafe.Add(ref h, 1) * Unsafe.Add(ref r, 8))
                + (Unsafe.Add(ref h, 2) * Unsafe.Add(ref r, 7)) + (Unsafe.Add(ref h, 3) * Unsafe.Add(ref r, 6))
                + (Unsafe.Add(ref h, 4) * Unsafe.Add(ref r, 5));
            carry = x >> 13;
            x = (x & Mask) + (Unsafe.Add(ref h, 5) * Unsafe.Add(ref r, 4)) + (Unsafe.Add(ref h, 6) * Unsafe.Add(ref r, 3))
                + (Unsafe.Add(ref h, 7) * Unsafe.Add(ref r, 2)) + (Unsafe.Add(ref h, 8) * Unsafe.Add(ref r, 1))
                + (Unsafe.Add(ref h, 9) * r);
            carry += x >> 13;
            words[Product + i] = x & Mask;
        }

        words.Slice(Product, Limbs).CopyTo(words);
        uint low = words[0] + (5 * carry);
        words[0] = low & Mask;
        words[1] += low >> 13;
    }

    /// <summary>Moves what exceeds 13 bits upwards, and around. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 1)]
    private static void Carry(Span<uint> h)
    {
        h = h[..Limbs];
        uint carry = 0;
        for (int i = 0; i < Limbs; i++)
        {
            carry += h[i];
            h[i] = carry & Mask;
            carry >>= 13;
        }

        h[0] += 5 * carry;
    }

    /// <summary>Replaces h by g = h - (2^130 - 5) if that is not negative: if h + 5 reaches 2^130. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 2)]
    private static void Subtract(Span<uint> h, Span<uint> g)
    {
        h = h[..Limbs];
        g = g[..Limbs];
        uint carry = 5;
        for (int i = 0; i < Limbs; i++)
        {
            carry += h[i];
            g[i] = carry & Mask;
            carry >>= 13;
        }

        uint keep = carry - 1;
        for (int i = 0; i < Limbs; i++)
        {
            h[i] = (h[i] & keep) | (g[i] & ~keep);
        }
    }
}
