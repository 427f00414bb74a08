using System;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>The key stream of ChaCha20 (RFC 8439 §2.3), one block at a time in 32-bit words.</summary>
internal static class ChaCha20
{
    /// <summary>The size of a block.</summary>
    public const int BlockBytes = 64;

    /// <summary>"expand 32-byte k", RFC 8439 §2.3.</summary>
    public static ReadOnlySpan<uint> Constants => [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574];

    /// <summary>Writes the block with the given number; nothing but the block is used as memory. Leaks: nothing.</summary>
    public static void Block(ReadOnlySpan<byte> key, uint number, ReadOnlySpan<byte> nonce, Span<byte> block)
    {
        Span<uint> x = MemoryMarshal.Cast<byte, uint>(block)[..16];
        x.Clear();
        AddInput(key, number, nonce, x);
        for (int i = 0; i < 10; i++)
        {
            QuarterRound(ref x[0], ref x[4], ref x[8], ref x[12]);
            QuarterRound(ref x[1], ref x[5], ref x[9], ref x[13]);
            QuarterRound(ref x[2], ref x[6], ref x[10], ref x[14]);
            QuarterRound(ref x[3], ref x[7], ref x[11], ref x[15]);
            QuarterRound(ref x[0], ref x[5], ref x[10], ref x[15]);
            QuarterRound(ref x[1], ref x[6], ref x[11], ref x[12]);
            QuarterRound(ref x[2], ref x[7], ref x[8], ref x[13]);
            QuarterRound(ref x[3], ref x[4], ref x[9], ref x[14]);
        }

        AddInput(key, number, nonce, x);
    }

    /// <summary>Adds the state that a block begins with, which is thus never stored. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 3)]
    private static void AddInput(ReadOnlySpan<byte> key, uint number, ReadOnlySpan<byte> nonce, Span<uint> x)
    {
        key = key[..32];
        nonce = nonce[..12];
        x = x[..16];
        for (int i = 0; i < 4; i++)
        {
            x[i] += Constants[i];
        }

        for (int i = 0; i < 8; i++)
        {
            x[4 + i] += BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
        }

        x[12] += number;
        for (int i = 0; i < 3; i++)
        {
            x[13 + i] += BinaryPrimitives.ReadUInt32LittleEndian(nonce[(4 * i)..]);
        }
    }

    /// <summary>RFC 8439 §2.1. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 0)]
    private static void QuarterRound(ref uint a, ref uint b, ref uint c, ref uint d)
    {
        uint wa = a + b, wb = b, wc = c, wd = BitOperations.RotateLeft(d ^ wa, 16);
        wc += wd;
        wb = BitOperations.RotateLeft(wb ^ wc, 12);
        wa += wb;
        wd = BitOperations.RotateLeft(wd ^ wa, 8);
        wc += wd;
        wb = BitOperations.RotateLeft(wb ^ wc, 7);
        a = wa;
        b = wb;
        c = wc;
        d = wd;
    }
}
