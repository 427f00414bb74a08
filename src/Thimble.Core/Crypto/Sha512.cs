using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// SHA-512 and SHA-384 (FIPS 180-4 §6.4, §6.5), laid over the caller's memory as <see cref="Sha256"/> is.
/// Messages are shorter than 2^61 bytes, so one word of length is enough. Leaks: how many bytes were hashed.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Sha512
{
    public const int DigestBytes = 64;
    public const int BlockBytes = 128;
    public const int StateBytes = 8 + DigestBytes + BlockBytes;

    private ulong _length;
    private EightWords _chain;
    private SixteenWords _block;

    [UnscopedRef]
    private Span<byte> Block => MemoryMarshal.AsBytes((Span<ulong>)_block);

    private readonly int Used => (int)_length & (BlockBytes - 1);

    /// <summary>Begins a message for SHA-512. The block is left as it is: only what arrives is ever read.</summary>
    public void Initialize512()
    {
        _length = 0;
        InitialValue512.CopyTo(_chain);
    }

    /// <summary>Begins a message for SHA-384.</summary>
    public void Initialize384()
    {
        _length = 0;
        InitialValue384.CopyTo(_chain);
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

    /// <summary>Pads the message (FIPS 180-4 §5.1.2) and fills <paramref name="digest"/>, of 48 or 64 bytes. The block may then be overwritten, even by the digest.</summary>
    public void Finish(Span<byte> digest)
    {
        Span<byte> block = Block;
        int used = Used;
        block[used++] = 0x80;
        if (used > BlockBytes - 16)
        {
            block[used..].Clear();
            used = 0;
            Compress();
        }

        block[used..].Clear();
        BinaryPrimitives.WriteUInt64BigEndian(block[(BlockBytes - 8)..], _length << 3);
        Compress();
        for (int i = 0; 8 * i < digest.Length; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(digest[(8 * i)..], _chain[i]);
        }
    }

    private void Compress()
    {
        LoadBlock();
        if (nuint.Size == 8)
        {
            RoundsInRegisters();
        }
        else
        {
            RoundsInMemory();
        }
    }

    [ConstantTime(PublicBranches = 1)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void LoadBlock()
    {
        Span<byte> block = Block;
        Span<ulong> w = _block;
        for (int i = 0; i < w.Length; i++)
        {
            w[i] = BinaryPrimitives.ReadUInt64BigEndian(block[(8 * i)..]);
        }
    }

    /// <summary>The 80 rounds with their eight words in registers, for machines whose registers hold 64 bits.</summary>
    [ConstantTime(PublicBranches = 1)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void RoundsInRegisters()
    {
        Span<ulong> chain = _chain, w = _block;
        ulong a = chain[0], b = chain[1], c = chain[2], d = chain[3];
        ulong e = chain[4], f = chain[5], g = chain[6], h = chain[7];
        for (int t = 0; t < 80; t++)
        {
            ulong t1 = h + BigSigma1(e) + Choose(e, f, g) + K[t] + w[t & 15];
            ulong t2 = BigSigma0(a) + Majority(a, b, c);
            h = g;
            g = f;
            f = e;
            e = d + t1;
            d = c;
            c = b;
            b = a;
            a = t1 + t2;
            Extend(w, t);
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

    /// <summary>
    /// The same rounds where eight words would fill all registers twice: each round makes one word of a and one of e
    /// from the last four of both, so two rings of four serve, whose words never move.
    /// </summary>
    [ConstantTime(PublicBranches = 4)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void RoundsInMemory()
    {
        FourWords ringOfA = default, ringOfE = default;
        Span<ulong> a = ringOfA, e = ringOfE, w = _block;
        for (int i = 0; i < 4; i++)
        {
            a[i] = _chain[3 - i];
            e[i] = _chain[7 - i];
        }

        for (int t = 0; t < 80; t++)
        {
            ulong lastE = e[(t + 3) & 3], lastA = a[(t + 3) & 3];
            ulong t1 = e[t & 3] + BigSigma1(lastE) + Choose(lastE, e[(t + 2) & 3], e[(t + 1) & 3]) + K[t] + w[t & 15];
            e[t & 3] = a[t & 3] + t1;
            a[t & 3] = t1 + BigSigma0(lastA) + Majority(lastA, a[(t + 2) & 3], a[(t + 1) & 3]);
            Extend(w, t);
        }

        for (int i = 0; i < 4; i++)
        {
            _chain[3 - i] += a[i];
            _chain[7 - i] += e[i];
        }
    }

    /// <summary>Replaces a word of the schedule that was used by the one sixteen rounds later. The last sixteen go unused: that is cheaper than to ask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Extend(Span<ulong> w, int t) =>
        w[t & 15] += SmallSigma0(w[(t + 1) & 15]) + w[(t + 9) & 15] + SmallSigma1(w[(t + 14) & 15]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Choose(ulong x, ulong y, ulong z) => (x & (y ^ z)) ^ z;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Majority(ulong x, ulong y, ulong z) => (x & y) | (z & (x | y));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong BigSigma0(ulong x) => BitOperations.RotateRight(x, 28) ^ BitOperations.RotateRight(x, 34) ^ BitOperations.RotateRight(x, 39);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong BigSigma1(ulong x) => BitOperations.RotateRight(x, 14) ^ BitOperations.RotateRight(x, 18) ^ BitOperations.RotateRight(x, 41);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SmallSigma0(ulong x) => BitOperations.RotateRight(x, 1) ^ BitOperations.RotateRight(x, 8) ^ (x >> 7);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SmallSigma1(ulong x) => BitOperations.RotateRight(x, 19) ^ BitOperations.RotateRight(x, 61) ^ (x >> 6);

    private static ReadOnlySpan<ulong> InitialValue384 =>
    [
        0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
        0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
    ];

    private static ReadOnlySpan<ulong> InitialValue512 =>
    [
        0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
        0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
    ];

    private static ReadOnlySpan<ulong> K =>
    [
        0x428a2f98d728ae22, 0x7137449123ef65cd, 0xb5c0fbcfec4d3b2f, 0xe9b5dba58189dbbc,
        0x3956c25bf348b538, 0x59f111f1b605d019, 0x923f82a4af194f9b, 0xab1c5ed5da6d8118,
        0xd807aa98a3030242, 0x12835b0145706fbe, 0x243185be4ee4b28c, 0x550c7dc3d5ffb4e2,
        0x72be5d74f27b896f, 0x80deb1fe3b1696b1, 0x9bdc06a725c71235, 0xc19bf174cf692694,
        0xe49b69c19ef14ad2, 0xefbe4786384f25e3, 0x0fc19dc68b8cd5b5, 0x240ca1cc77ac9c65,
        0x2de92c6f592b0275, 0x4a7484aa6ea6e483, 0x5cb0a9dcbd41fbd4, 0x76f988da831153b5,
        0x983e5152ee66dfab, 0xa831c66d2db43210, 0xb00327c898fb213f, 0xbf597fc7beef0ee4,
        0xc6e00bf33da88fc2, 0xd5a79147930aa725, 0x06ca6351e003826f, 0x142929670a0e6e70,
        0x27b70a8546d22ffc, 0x2e1b21385c26c926, 0x4d2c6dfc5ac42aed, 0x53380d139d95b3df,
        0x650a73548baf63de, 0x766a0abb3c77b2a8, 0x81c2c92e47edaee6, 0x92722c851482353b,
        0xa2bfe8a14cf10364, 0xa81a664bbc423001, 0xc24b8b70d0f89791, 0xc76c51a30654be30,
        0xd192e819d6ef5218, 0xd69906245565a910, 0xf40e35855771202a, 0x106aa07032bbd1b8,
        0x19a4c116b8d2d0c8, 0x1e376c085141ab53, 0x2748774cdf8eeb99, 0x34b0bcb5e19b48a8,
        0x391c0cb3c5c95a63, 0x4ed8aa4ae3418acb, 0x5b9cca4f7763e373, 0x682e6ff3d6b2b8a3,
        0x748f82ee5defb2fc, 0x78a5636f43172f60, 0x84c87814a1f0ab72, 0x8cc702081a6439ec,
        0x90befffa23631e28, 0xa4506cebde82bde9, 0xbef9a3f7b2c67915, 0xc67178f2e372532b,
        0xca273eceea26619c, 0xd186b8c721c0c207, 0xeada7dd6cde0eb1e, 0xf57d4f7fee6ed178,
        0x06f067aa72176fba, 0x0a637dc5a2c898a6, 0x113f9804bef90dae, 0x1b710b35131c471b,
        0x28db77f523047d84, 0x32caab7b40c72493, 0x3c9ebe0a15c9bebc, 0x431d67c49c100d4c,
        0x4cc5d4becb3e42b6, 0x597f299cfc657e2a, 0x5fcb6fab3ad6faec, 0x6c44198c4a475817,
    ];

    [InlineArray(4)]
    private struct FourWords
    {
        private ulong _first;
    }

    [InlineArray(8)]
    private struct EightWords
    {
        private ulong _first;
    }

    [InlineArray(16)]
    private struct SixteenWords
    {
        private ulong _first;
    }
}
