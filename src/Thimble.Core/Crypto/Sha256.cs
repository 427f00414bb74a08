using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// SHA-256 (FIPS 180-4 §6.2), laid over the caller's memory. The message schedule replaces the block in its own
/// buffer, sixteen words at a time, so that nothing else is needed. Leaks: how many bytes were hashed.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Sha256
{
    public const int DigestBytes = 32;
    public const int BlockBytes = 64;
    public const int StateBytes = 8 + DigestBytes + BlockBytes;

    private ulong _length;
    private EightWords _chain;
    private SixteenWords _block;

    [UnscopedRef]
    private Span<byte> Block => MemoryMarshal.AsBytes((Span<uint>)_block);

    private readonly int Used => (int)_length & (BlockBytes - 1);

    /// <summary>Begins a message. The block is left as it is: only what arrives is ever read.</summary>
    public void Initialize()
    {
        _length = 0;
        InitialValue.CopyTo(_chain);
    }

    /// <summary>Absorbs bytes of the message.</summary>
    public void Update(ReadOnlySpan<byte> data)
    {
        int used = Used;
        _length += (uint)data.Length;
        while (data.Length >= BlockBytes - used)
        {
            data[..(BlockBytes - used)].CopyTo(Block[used..]);
            data = data[(BlockBytes - used)..];
            used = 0;
            Compress();
        }

        data.CopyTo(Block[used..]);
    }

    /// <summary>Absorbs one block: the key padded with zeros, each byte masked (RFC 2104 §2). It must come first and fit.</summary>
    public void AbsorbMaskedKey(ReadOnlySpan<byte> key, byte mask)
    {
        Hash.MaskKey(Block, key, mask);
        _length = BlockBytes;
        Compress();
    }

    /// <summary>Pads the message (FIPS 180-4 §5.1.1) and fills <paramref name="digest"/>. The block may then be overwritten, even by the digest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Finish(Span<byte> digest)
    {
        Span<byte> block = Block;
        int used = Used;
        block[used++] = 0x80;
        if (used > BlockBytes - 8)
        {
            block[used..].Clear();
            used = 0;
            Compress();
        }

        block[used..].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(block[(BlockBytes - 8)..], _length << 3);
        Compress();
        for (int i = 0; 4 * i < digest.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], _chain[i]);
        }
    }

    [ConstantTime(PublicBranches = 2)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Compress()
    {
        Span<byte> block = Block;
        Span<uint> chain = _chain, w = _block;
        for (int i = 0; i < w.Length; i++)
        {
            w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        }

        uint a = chain[0], b = chain[1], c = chain[2], d = chain[3];
        uint e = chain[4], f = chain[5], g = chain[6], h = chain[7];
        for (int t = 0; t < 64; t++)
        {
            uint word = w[t & 15];
            uint t1 = h + BigSigma1(e) + ((e & (f ^ g)) ^ g) + K[t] + word;
            uint t2 = BigSigma0(a) + ((a & b) | (c & (a | b)));
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;

            // The word just used makes room for the one sixteen rounds later. The last sixteen go unused: that is cheaper than to ask.
            w[t & 15] = word + SmallSigma0(w[(t + 1) & 15]) + w[(t + 9) & 15] + SmallSigma1(w[(t + 14) & 15]);
        }

        chain[0] += a;
        chain[1] += b;
        chain[2] += c;
        chain[3] += d;
        chain[4] += e;
        chain[5] += f;
        chain[6] += g;
        chain[7] += h;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint BigSigma0(uint x) => BitOperations.RotateRight(x, 2) ^ BitOperations.RotateRight(x, 13) ^ BitOperations.RotateRight(x, 22);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint BigSigma1(uint x) => BitOperations.RotateRight(x, 6) ^ BitOperations.RotateRight(x, 11) ^ BitOperations.RotateRight(x, 25);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint SmallSigma0(uint x) => BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint SmallSigma1(uint x) => BitOperations.RotateRight(x, 17) ^ BitOperations.RotateRight(x, 19) ^ (x >> 10);

    private static ReadOnlySpan<uint> InitialValue =>
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    private static ReadOnlySpan<uint> K =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    [InlineArray(8)]
    private struct EightWords
    {
        private uint _first;
    }

    [InlineArray(16)]
    private struct SixteenWords
    {
        private uint _first;
    }
}
