using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// AES-128 and AES-256 encryption (FIPS 197) in 32-bit words without tables. Two blocks are transposed into eight
/// words, one for each bit of a byte (a <em>pair</em>: the arrangement of E. Käsper and P. Schwabe, "Faster and
/// timing-attack resistant AES-GCM", CHES 2009, scaled to 32 bits). In each word, byte r holds row r of the state, and
/// bits 2c and 2c + 1 of that byte hold column c of the first and of the second block.
/// Round keys are computed one at a time while they are used, never stored together.
/// </summary>
internal static class AesPortable
{
    /// <summary>The size of a block.</summary>
    public const int BlockBytes = 16;

    /// <summary>The size of two blocks, which are encrypted together.</summary>
    public const int PairBytes = 2 * BlockBytes;

    /// <summary>Scratch for <see cref="Encrypt"/>: the newest words of the key schedule, and one round key in slices.</summary>
    public static int ScratchBytes(int keyBytes) => keyBytes + PairBytes;

    /// <summary>
    /// Encrypts <paramref name="blocks"/>, a whole number of pairs, in place with one pass through the key schedule.
    /// The scratch is not wiped. Leaks: the lengths of key and blocks.
    /// </summary>
    public static void Encrypt(ReadOnlySpan<byte> key, Span<byte> blocks, Span<byte> scratch)
    {
        Span<uint> slices = MemoryMarshal.Cast<byte, uint>(scratch[..PairBytes]);
        Span<uint> schedule = MemoryMarshal.Cast<byte, uint>(scratch[PairBytes..ScratchBytes(key.Length)]);
        Span<uint> pairs = MemoryMarshal.Cast<byte, uint>(blocks);
        key.CopyTo(MemoryMarshal.AsBytes(schedule));

        int rounds = 6 + schedule.Length;
        SliceRoundKey(schedule[..4], slices);
        for (int at = 0; at < pairs.Length; at += 8)
        {
            Gather(pairs.Slice(at, 8));
            AddRoundKey(pairs.Slice(at, 8), slices);
        }

        // The S-box, whose frame is the largest, is called from here and from nowhere deeper.
        for (int round = 1; round <= rounds; round++)
        {
            SliceLastWord(schedule, round, slices);
            AesSubBytes.Apply(slices);
            NextRoundKey(schedule, round, slices);
            for (int at = 0; at < pairs.Length; at += 8)
            {
                AesSubBytes.Apply(pairs.Slice(at, 8));
                FinishRound(pairs.Slice(at, 8), slices, last: round == rounds);
            }
        }

        for (int at = 0; at < pairs.Length; at += 8)
        {
            Scatter(pairs.Slice(at, 8));
        }
    }

    /// <summary>What follows the S-box in a round.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FinishRound(Span<uint> pair, ReadOnlySpan<uint> roundKey, bool last)
    {
        ShiftRows(pair);
        if (!last)
        {
            MixColumns(pair);
        }

        AddRoundKey(pair, roundKey);
    }

    /// <summary>FIPS 197 §5.2, up to SubWord: the word that the next round key begins with, in slices.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SliceLastWord(ReadOnlySpan<uint> schedule, int round, Span<uint> slices)
    {
        slices.Clear();
        slices[0] = schedule[schedule.Length == 8 ? 7 - (4 * (round & 1)) : 3];
        Transpose(slices);
    }

    /// <summary>
    /// FIPS 197 §5.2, from SubWord on, in place: the schedule holds the last 4 or 8 words, and the slices hold the substituted
    /// word and then the round key of the 4 newest.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void NextRoundKey(Span<uint> schedule, int round, Span<uint> slices)
    {
        // AES-128 replaces all its words in each round; AES-256 replaces its halves by turns, and rounds 0 and 1 use the key itself.
        bool wide = schedule.Length == 8;
        Span<uint> current = wide ? schedule.Slice(4 * (round & 1), 4) : schedule;
        if (!wide || round != 1)
        {
            Transpose(slices);
            uint word = slices[0];
            if (!wide || (round & 1) == 0)
            {
                word = BitOperations.RotateRight(word, 8) ^ RoundConstants[(wide ? round >> 1 : round) - 1];
            }

            current[0] ^= word;
            current[1] ^= current[0];
            current[2] ^= current[1];
            current[3] ^= current[2];
        }

        SliceRoundKey(current, slices);
    }

    private static ReadOnlySpan<byte> RoundConstants => [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0x1B, 0x36];

    private static void SliceRoundKey(ReadOnlySpan<uint> roundKey, Span<uint> slices)
    {
        for (int column = 0; column < 4; column++)
        {
            slices[2 * column] = roundKey[column];
            slices[(2 * column) + 1] = roundKey[column];
        }

        Transpose(slices);
    }

    /// <summary>Two blocks as they lie in memory become a pair: their columns are interleaved, then transposed.</summary>
    private static void Gather(Span<uint> pair)
    {
        uint a1 = pair[1], a2 = pair[2], a3 = pair[3];
        pair[1] = pair[4];
        pair[2] = a1;
        pair[3] = pair[5];
        pair[4] = a2;
        pair[5] = pair[6];
        pair[6] = a3;
        Transpose(pair);
    }

    /// <summary>The inverse of <see cref="Gather"/>.</summary>
    private static void Scatter(Span<uint> pair)
    {
        Transpose(pair);
        uint b0 = pair[1], b1 = pair[3], b2 = pair[5];
        pair[1] = pair[2];
        pair[2] = pair[4];
        pair[3] = pair[6];
        pair[4] = b0;
        pair[5] = b1;
        pair[6] = b2;
    }

    /// <summary>Swaps bit i of word j with bit j of word i, in each byte. It is its own inverse. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 0)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Transpose(Span<uint> words)
    {
        words = words[..8];
        uint w0 = words[0], w1 = words[1], w2 = words[2], w3 = words[3];
        uint w4 = words[4], w5 = words[5], w6 = words[6], w7 = words[7];
        SwapBits(ref w7, ref w6, 0x55555555, 1);
        SwapBits(ref w5, ref w4, 0x55555555, 1);
        SwapBits(ref w3, ref w2, 0x55555555, 1);
        SwapBits(ref w1, ref w0, 0x55555555, 1);
        SwapBits(ref w7, ref w5, 0x33333333, 2);
        SwapBits(ref w6, ref w4, 0x33333333, 2);
        SwapBits(ref w3, ref w1, 0x33333333, 2);
        SwapBits(ref w2, ref w0, 0x33333333, 2);
        SwapBits(ref w7, ref w3, 0x0F0F0F0F, 4);
        SwapBits(ref w6, ref w2, 0x0F0F0F0F, 4);
        SwapBits(ref w5, ref w1, 0x0F0F0F0F, 4);
        SwapBits(ref w4, ref w0, 0x0F0F0F0F, 4);
        words[0] = w0;
        words[1] = w1;
        words[2] = w2;
        words[3] = w3;
        words[4] = w4;
        words[5] = w5;
        words[6] = w6;
        words[7] = w7;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SwapBits(ref uint high, ref uint low, uint mask, int shift)
    {
        uint difference = ((low >> shift) ^ high) & mask;
        high ^= difference;
        low ^= difference << shift;
    }

    /// <summary>Row r, which is byte r of each word, turns left by r columns of two bits. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 1)]
    private static void ShiftRows(Span<uint> pair)
    {
        pair = pair[..8];
        for (int i = 0; i < 8; i++)
        {
            uint x = pair[i];
            pair[i] = (x & 0x000000FF)
                | ((x & 0x0000FC00) >> 2) | ((x & 0x00000300) << 6)
                | ((x & 0x00F00000) >> 4) | ((x & 0x000F0000) << 4)
                | ((x & 0xC0000000) >> 6) | ((x & 0x3F000000) << 2);
        }
    }

    /// <summary>
    /// FIPS 197 §5.1.3: b[r] = 2(a[r] + a[r+1]) + a[r+1] + a[r+2] + a[r+3]. A turn of the word by 8 bits is the step to
    /// the next row; doubling moves each bit up one word and folds bit 7 into bits 0, 1, 3 and 4. Leaks: nothing.
    /// </summary>
    [ConstantTime(PublicBranches = 1)]
    private static void MixColumns(Span<uint> pair)
    {
        pair = pair[..8];
        uint carry = pair[7] ^ BitOperations.RotateRight(pair[7], 8);
        uint doubled = carry;
        for (int i = 0; i < 8; i++)
        {
            uint next = BitOperations.RotateRight(pair[i], 8);
            uint sum = pair[i] ^ next;
            uint fold = carry & (uint)-((0x1A >> i) & 1);
            pair[i] = doubled ^ fold ^ next ^ BitOperations.RotateRight(sum, 16);
            doubled = sum;
        }
    }

    /// <summary>Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 1)]
    private static void AddRoundKey(Span<uint> pair, ReadOnlySpan<uint> roundKey)
    {
        pair = pair[..8];
        roundKey = roundKey[..8];
        for (int i = 0; i < 8; i++)
        {
            pair[i] ^= roundKey[i];
        }
    }
}
