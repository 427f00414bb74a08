using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Thimble.Crypto;

/// <summary>
/// ChaCha20 (RFC 8439 §2.4) for long texts on x86: each vector holds a row of the state of two blocks, and four such
/// pairs are computed side by side.
/// </summary>
internal static class ChaCha20Avx2
{
    /// <summary>The bytes that are encrypted together.</summary>
    public const int GroupBytes = Pairs * PairBytes;

    private const int Pairs = 4;
    private const int PairBytes = 2 * ChaCha20.BlockBytes;

    /// <summary>True where the processor has the instructions.</summary>
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx2.IsSupported;
    }

    /// <summary>
    /// Adds the key stream from block <paramref name="number"/> on to all whole groups of <paramref name="source"/>, and
    /// returns how many bytes they are. In place, or to bytes that do not overlap. Long because every vector needs a
    /// name. Leaks: the length.
    /// </summary>
    public static int Crypt(ReadOnlySpan<byte> key, uint number, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int bytes = source.Length & -GroupBytes;
        Vector256<uint> constants = Twice(MemoryMarshal.AsBytes(ChaCha20.Constants));
        Vector256<uint> key0 = Twice(key), key1 = Twice(key[16..]);
        uint n0 = MemoryMarshal.Read<uint>(nonce), n1 = MemoryMarshal.Read<uint>(nonce[4..]), n2 = MemoryMarshal.Read<uint>(nonce[8..]);
        Vector256<uint> counter = Vector256.Create(number, n0, n1, n2, number + 1, n0, n1, n2);
        Vector256<uint> two = Vector256.Create(2u, 0, 0, 0, 2, 0, 0, 0);

        // References without bounds checks: both texts hold the whole groups that are counted here.
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(destination[..bytes]);
        for (int at = 0; at < bytes; at += GroupBytes)
        {
            Vector256<uint> a0 = constants, b0 = key0, c0 = key1, d0 = counter;
            Vector256<uint> a1 = constants, b1 = key0, c1 = key1, d1 = d0 + two;
            Vector256<uint> a2 = constants, b2 = key0, c2 = key1, d2 = d1 + two;
            Vector256<uint> a3 = constants, b3 = key0, c3 = key1, d3 = d2 + two;
            for (int i = 0; i < 10; i++)
            {
                DoubleRound(ref a0, ref b0, ref c0, ref d0);
                DoubleRound(ref a1, ref b1, ref c1, ref d1);
                DoubleRound(ref a2, ref b2, ref c2, ref d2);
                DoubleRound(ref a3, ref b3, ref c3, ref d3);
            }

            ref byte source0 = ref Unsafe.Add(ref from, at);
            ref byte destination0 = ref Unsafe.Add(ref to, at);
            Store(a0 + constants, b0 + key0, c0 + key1, d0 + counter, ref source0, ref destination0, 0);
            counter += two;
            Store(a1 + constants, b1 + key0, c1 + key1, d1 + counter, ref source0, ref destination0, PairBytes);
            counter += two;
            Store(a2 + constants, b2 + key0, c2 + key1, d2 + counter, ref source0, ref destination0, 2 * PairBytes);
            counter += two;
            Store(a3 + constants, b3 + key0, c3 + key1, d3 + counter, ref source0, ref destination0, 3 * PairBytes);
            counter += two;
        }

        return bytes;
    }

    /// <summary>Four column rounds at once, then, with the rows turned, four diagonal ones (RFC 8439 §2.3).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void DoubleRound(ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d)
    {
        QuarterRounds(ref a, ref b, ref c, ref d);
        b = Avx2.Shuffle(b, 0b00_11_10_01);
        c = Avx2.Shuffle(c, 0b01_00_11_10);
        d = Avx2.Shuffle(d, 0b10_01_00_11);
        QuarterRounds(ref a, ref b, ref c, ref d);
        b = Avx2.Shuffle(b, 0b10_01_00_11);
        c = Avx2.Shuffle(c, 0b01_00_11_10);
        d = Avx2.Shuffle(d, 0b00_11_10_01);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void QuarterRounds(ref Vector256<uint> a, ref Vector256<uint> b, ref Vector256<uint> c, ref Vector256<uint> d)
    {
        a += b;
        d = RotateLeft(d ^ a, 16);
        c += d;
        b = RotateLeft(b ^ c, 12);
        a += b;
        d = RotateLeft(d ^ a, 8);
        c += d;
        b = RotateLeft(b ^ c, 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> RotateLeft(Vector256<uint> x, [ConstantExpected] byte count)
        => Avx512F.VL.IsSupported ? Avx512F.VL.RotateLeft(x, count) : (x << count) | (x >> (32 - count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Twice(ReadOnlySpan<byte> row)
    {
        Vector128<uint> half = Vector128.Create(row).AsUInt32();
        return Vector256.Create(half, half);
    }

    /// <summary>The low halves of the rows are the first block, the high ones the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<uint> a, Vector256<uint> b, Vector256<uint> c, Vector256<uint> d, ref byte source, ref byte destination, nuint at)
    {
        Add(Avx2.Permute2x128(a, b, 0x20), ref source, ref destination, at);
        Add(Avx2.Permute2x128(c, d, 0x20), ref source, ref destination, at + 32);
        Add(Avx2.Permute2x128(a, b, 0x31), ref source, ref destination, at + 64);
        Add(Avx2.Permute2x128(c, d, 0x31), ref source, ref destination, at + 96);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<uint> keystream, ref byte source, ref byte destination, nuint at)
        => (Vector256.LoadUnsafe(ref source, at) ^ keystream.AsByte()).StoreUnsafe(ref destination, at);
}
