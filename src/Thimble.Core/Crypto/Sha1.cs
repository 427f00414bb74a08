using System;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// SHA-1 (FIPS 180-4 §6.1), laid over the caller's memory, because OCSP names certificates and responders by it (RFC 6960
/// §4.1.1, §4.2.1). Collisions are known: it is no <see cref="HashAlgorithm"/>, so that nothing can be signed or verified
/// with it. Leaks: how many bytes were hashed.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Sha1
{
    public const int DigestBytes = 20;
    public const int BlockBytes = 64;
    public const int StateBytes = 96;

    private ulong _length;
    private FiveWords _chain;
    private SixteenWords _block;

    [UnscopedRef]
    private Span<byte> Block => MemoryMarshal.AsBytes((Span<uint>)_block);

    /// <summary>Begins a message. The block is left as it is: only what arrives is ever read.</summary>
    public void Initialize()
    {
        _length = 0;
        InitialValue.CopyTo(_chain);
    }

    /// <summary>Absorbs bytes of the message; any split gives the same digest.</summary>
    public void Update(ReadOnlySpan<byte> data)
    {
        int used = (int)_length & (BlockBytes - 1);
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

    /// <summary>Pads the message (FIPS 180-4 §5.1.1) and fills the first <see cref="DigestBytes"/> of <paramref name="digest"/>.</summary>
    public void Finish(Span<byte> digest)
    {
        Span<byte> block = Block;
        int used = (int)_length & (BlockBytes - 1);
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
        for (int i = 0; i < DigestBytes / 4; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(digest[(4 * i)..], _chain[i]);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Compress()
    {
        Span<byte> block = Block;
        Span<uint> chain = _chain, w = _block;
        for (int i = 0; i < w.Length; i++)
        {
            w[i] = BinaryPrimitives.ReadUInt32BigEndian(block[(4 * i)..]);
        }

        uint a = chain[0], b = chain[1], c = chain[2], d = chain[3], e = chain[4];
        for (int t = 0; t < 80; t++)
        {
            uint mixed = t < 20 ? ((b & (c ^ d)) ^ d) + 0x5A827999
                : t < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                : t < 60 ? ((b & c) | (d & (b | c))) + 0x8F1BBCDC
                : (b ^ c ^ d) + 0xCA62C1D6;
            uint word = w[t & 15];
            uint next = BitOperations.RotateLeft(a, 5) + mixed + e + word;
            w[t & 15] = BitOperations.RotateLeft(word ^ w[(t + 2) & 15] ^ w[(t + 8) & 15] ^ w[(t + 13) & 15], 1);
            e = d;
            d = c;
            c = BitOperations.RotateLeft(b, 30);
            b = a;
            a = next;
        }

        chain[0] += a;
        chain[1] += b;
        chain[2] += c;
        chain[3] += d;
        chain[4] += e;
    }

    private static ReadOnlySpan<uint> InitialValue => [0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0];

    [InlineArray(5)]
    private struct FiveWords
    {
        private uint _first;
    }

    [InlineArray(16)]
    private struct SixteenWords
    {
        private uint _first;
    }
}
