using System;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// GHASH (SP 800-38D §6.4) in 32-bit words: multiplication in GF(2^128) from ordinary products of words in which only
/// every fourth bit is used, so that no carry reaches a bit that counts. Only the low half of each product is taken,
/// which a Cortex-M3 computes in constant time (MUL); the high half is the low half of the product of the reversed words.
/// The technique is that of T. Pornin's BearSSL ("Constant-Time Mul", www.bearssl.org/constanttime.html).
/// </summary>
internal static class GhashPortable
{
    /// <summary>The size of a block, of the hash key and of the sum.</summary>
    public const int BlockBytes = 16;

    /// <summary>Nine words that a product of 128-bit numbers needs after Karatsuba's method, and the same reversed.</summary>
    private const int Operands = 9;

    /// <summary>The size of the hash key with the sums of its words, as <see cref="LoadKey"/> makes it.</summary>
    public const int KeyBytes = 2 * Operands * sizeof(uint);

    /// <summary>Scratch for <see cref="Multiply"/>.</summary>
    public const int ScratchBytes = KeyBytes;

    /// <summary>Prepares the hash key H. Leaks: nothing.</summary>
    public static void LoadKey(ReadOnlySpan<byte> h, Span<byte> key) => LoadOperands(h, MemoryMarshal.Cast<byte, uint>(key));

    /// <summary>Multiplies <paramref name="sum"/> by the hash key. The scratch is not wiped. Leaks: nothing.</summary>
    public static void Multiply(Span<byte> sum, ReadOnlySpan<byte> key, Span<byte> scratch)
    {
        Span<uint> product = MemoryMarshal.Cast<byte, uint>(scratch);
        LoadOperands(sum, product);
        MultiplyOperands(product, MemoryMarshal.Cast<byte, uint>(key));
        Combine(product);
        Reduce(product, sum);
    }

    /// <summary>
    /// Words 0 to 3 are the block, the last bytes first; 4 and 5 the sums within each half, 6 and 7 the sums of the
    /// halves, 8 the sum of all; 9 to 17 the same with their bits reversed. Leaks: nothing.
    /// </summary>
    [ConstantTime(PublicBranches = 1)]
    private static void LoadOperands(ReadOnlySpan<byte> block, Span<uint> x)
    {
        block = block[..BlockBytes];
        x = x[..(2 * Operands)];
        for (int i = 0; i < 4; i++)
        {
            uint word = BinaryPrimitives.ReadUInt32BigEndian(block[(12 - (4 * i))..]);
            x[i] = word;
            x[Operands + i] = Reverse(word);
        }

        AddOperands(x[..Operands]);
        AddOperands(x[Operands..]);
    }

    private static void AddOperands(Span<uint> x)
    {
        x = x[..Operands];
        x[4] = x[0] ^ x[1];
        x[5] = x[2] ^ x[3];
        x[6] = x[0] ^ x[2];
        x[7] = x[1] ^ x[3];
        x[8] = x[6] ^ x[7];
    }

    /// <summary>Replaces each x[i] by the low half of its product with y[i], the reversed ones by the high half. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 2)]
    private static void MultiplyOperands(Span<uint> x, ReadOnlySpan<uint> y)
    {
        x = x[..(2 * Operands)];
        y = y[..(2 * Operands)];
        for (int i = 0; i < 2 * Operands; i++)
        {
            x[i] = CarrylessLow(x[i], y[i]);
        }

        for (int i = Operands; i < 2 * Operands; i++)
        {
            x[i] = Reverse(x[i]) >> 1;
        }
    }

    /// <summary>
    /// From the nine products to the 256-bit product in words 0 to 7. The method computes in place, so each word is
    /// named before it is overwritten. Leaks: nothing.
    /// </summary>
    [ConstantTime(PublicBranches = 0)]
    private static void Combine(Span<uint> x)
    {
        x = x[..(2 * Operands)];

        // The halves' own products a (words 0 and 1), b (words 2 and 3), and c of the halves' sums: each of four words.
        uint a1 = x[4] ^ x[0] ^ x[1] ^ x[9], a2 = x[13] ^ x[9] ^ x[10] ^ x[1];
        uint b1 = x[5] ^ x[2] ^ x[3] ^ x[11], b2 = x[14] ^ x[11] ^ x[12] ^ x[3];
        uint c1 = x[8] ^ x[6] ^ x[7] ^ x[15], c2 = x[17] ^ x[15] ^ x[16] ^ x[7];
        uint a0 = x[0], a3 = x[10], b0 = x[2], b3 = x[12], c0 = x[6], c3 = x[16];

        x[0] = a0;
        x[1] = a1;
        x[2] = a2 ^ c0 ^ a0 ^ b0;
        x[3] = a3 ^ c1 ^ a1 ^ b1;
        x[4] = b0 ^ c2 ^ a2 ^ b2;
        x[5] = b1 ^ c3 ^ a3 ^ b3;
        x[6] = b2;
        x[7] = b3;
    }

    /// <summary>
    /// Reduces modulo x^128 + x^7 + x^2 + x + 1. GCM numbers bits from the most significant one, so the product stands
    /// one bit too low, and its low words hold the high powers. Leaks: nothing.
    /// </summary>
    [ConstantTime(PublicBranches = 3)]
    private static void Reduce(Span<uint> x, Span<byte> result)
    {
        x = x[..8];
        result = result[..BlockBytes];
        for (int i = 7; i > 0; i--)
        {
            x[i] = (x[i] << 1) | (x[i - 1] >> 31);
        }

        x[0] <<= 1;
        for (int i = 0; i < 4; i++)
        {
            uint word = x[i];
            x[i + 3] ^= (word << 31) ^ (word << 30) ^ (word << 25);
            x[i + 4] ^= word ^ (word >> 1) ^ (word >> 2) ^ (word >> 7);
        }

        for (int i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(result[(12 - (4 * i))..], x[4 + i]);
        }
    }

    /// <summary>
    /// The low 32 bits of the carry-less product. With one bit in four, at most eight products meet in one place, and
    /// their count stays within the hole above it. Leaks: nothing.
    /// </summary>
    [ConstantTime(PublicBranches = 0)]
    private static uint CarrylessLow(uint x, uint y)
    {
        uint x0 = x & 0x11111111, x1 = x & 0x22222222, x2 = x & 0x44444444, x3 = x & 0x88888888;
        uint y0 = y & 0x11111111, y1 = y & 0x22222222, y2 = y & 0x44444444, y3 = y & 0x88888888;
        uint z0 = (x0 * y0) ^ (x1 * y3) ^ (x2 * y2) ^ (x3 * y1);
        uint z1 = (x0 * y1) ^ (x1 * y0) ^ (x2 * y3) ^ (x3 * y2);
        uint z2 = (x0 * y2) ^ (x1 * y1) ^ (x2 * y0) ^ (x3 * y3);
        uint z3 = (x0 * y3) ^ (x1 * y2) ^ (x2 * y1) ^ (x3 * y0);
        return (z0 & 0x11111111) | (z1 & 0x22222222) | (z2 & 0x44444444) | (z3 & 0x88888888);
    }

    /// <summary>The bits of a word in the opposite order. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 0)]
    private static uint Reverse(uint x)
    {
        x = ((x & 0x55555555) << 1) | ((x >> 1) & 0x55555555);
        x = ((x & 0x33333333) << 2) | ((x >> 2) & 0x33333333);
        x = ((x & 0x0F0F0F0F) << 4) | ((x >> 4) & 0x0F0F0F0F);
        return BinaryPrimitives.ReverseEndianness(x);
    }
}
