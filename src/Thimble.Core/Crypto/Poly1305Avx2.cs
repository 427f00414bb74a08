using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Limb = System.Runtime.Intrinsics.Vector256<ulong>;

namespace Thimble.Crypto;

/// <summary>
/// Poly1305 for long texts on x86: four sums side by side, each over every fourth block, with limbs of 26 bits and the
/// multiplier r^4; in the end each is multiplied by its own power of r (M. Goll and S. Gueron, "Vectorization of
/// Poly1305 message authentication code", 2015).
/// </summary>
internal static class Poly1305Avx2
{
    /// <summary>Texts from this length on repay the computation of powers.</summary>
    public const int MinBytes = 256;

    private const int GroupBytes = 64;

    /// <summary>True where the processor has the instructions.</summary>
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx2.IsSupported;
    }

    /// <summary>
    /// Adds all whole groups of four blocks, at least one, to the five limbs of <paramref name="sum"/> and returns how many bytes
    /// they are. The limbs are then below 2^29. Long because every vector needs a name. Leaks: the length.
    /// </summary>
    public static int Absorb(ReadOnlySpan<byte> blocks, Span<uint> sum, ReadOnlySpan<uint> r)
    {
        // r^2, r^3 and r^4 in all lanes.
        Limb r0 = Vector256.Create((ulong)r[0]), r1 = Vector256.Create((ulong)r[1]), r2 = Vector256.Create((ulong)r[2]);
        Limb r3 = Vector256.Create((ulong)r[3]), r4 = Vector256.Create((ulong)r[4]);
        Limb p0 = r0, p1 = r1, p2 = r2, p3 = r3, p4 = r4;
        Multiply(ref p0, ref p1, ref p2, ref p3, ref p4, r0, r1, r2, r3, r4);
        Limb q0 = p0, q1 = p1, q2 = p2, q3 = p3, q4 = p4;
        Multiply(ref q0, ref q1, ref q2, ref q3, ref q4, r0, r1, r2, r3, r4);
        Limb f0 = p0, f1 = p1, f2 = p2, f3 = p3, f4 = p4;
        Multiply(ref f0, ref f1, ref f2, ref f3, ref f4, p0, p1, p2, p3, p4);

        // References without a bounds check: each group counted here lies within the blocks.
        int bytes = blocks.Length & -GroupBytes;
        ref byte data = ref MemoryMarshal.GetReference(blocks);
        Limb h0 = Vector256.CreateScalar((ulong)sum[0]), h1 = Vector256.CreateScalar((ulong)sum[1]), h2 = Vector256.CreateScalar((ulong)sum[2]);
        Limb h3 = Vector256.CreateScalar((ulong)sum[3]), h4 = Vector256.CreateScalar((ulong)sum[4]);
        Add(ref data, 0, ref h0, ref h1, ref h2, ref h3, ref h4);
        for (int at = GroupBytes; at < bytes; at += GroupBytes)
        {
            Multiply(ref h0, ref h1, ref h2, ref h3, ref h4, f0, f1, f2, f3, f4);
            Add(ref data, (nuint)at, ref h0, ref h1, ref h2, ref h3, ref h4);
        }

        // The lanes hold blocks 0, 2, 1 and 3 of each group.
        Multiply(ref h0, ref h1, ref h2, ref h3, ref h4,
            Lanes(f0, p0, q0, r0), Lanes(f1, p1, q1, r1), Lanes(f2, p2, q2, r2), Lanes(f3, p3, q3, r3), Lanes(f4, p4, q4, r4));
        sum[0] = (uint)Vector256.Sum(h0);
        sum[1] = (uint)Vector256.Sum(h1);
        sum[2] = (uint)Vector256.Sum(h2);
        sum[3] = (uint)Vector256.Sum(h3);
        sum[4] = (uint)Vector256.Sum(h4);
        return bytes;
    }

    /// <summary>Adds four blocks, each with the bit 2^128.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref byte data, nuint at, ref Limb h0, ref Limb h1, ref Limb h2, ref Limb h3, ref Limb h4)
    {
        Limb mask = Vector256.Create(0x3FFFFFFul);
        Limb first = Vector256.LoadUnsafe(ref data, at).AsUInt64(), second = Vector256.LoadUnsafe(ref data, at + 32).AsUInt64();
        Limb low = Avx2.UnpackLow(first, second), high = Avx2.UnpackHigh(first, second);
        h0 += low & mask;
        h1 += (low >> 26) & mask;
        h2 += ((low >> 52) | (high << 12)) & mask;
        h3 += (high >> 14) & mask;
        h4 += (high >> 40) | Vector256.Create(1ul << 24);
    }

    /// <summary>
    /// h = h f, carried as in <see cref="Poly1305Limbs26"/>. Limbs of h below 2^28 and of f below 2^27 keep each sum of
    /// products below 2^61; afterwards limbs are below 2^27.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Multiply(ref Limb h0, ref Limb h1, ref Limb h2, ref Limb h3, ref Limb h4, Limb f0, Limb f1, Limb f2, Limb f3, Limb f4)
    {
        Limb mask = Vector256.Create(0x3FFFFFFul);
        Limb s1 = Five(f1), s2 = Five(f2), s3 = Five(f3), s4 = Five(f4);
        Limb d0 = Product(h0, f0) + Product(h1, s4) + Product(h2, s3) + Product(h3, s2) + Product(h4, s1);
        Limb d1 = Product(h0, f1) + Product(h1, f0) + Product(h2, s4) + Product(h3, s3) + Product(h4, s2);
        Limb d2 = Product(h0, f2) + Product(h1, f1) + Product(h2, f0) + Product(h3, s4) + Product(h4, s3);
        Limb d3 = Product(h0, f3) + Product(h1, f2) + Product(h2, f1) + Product(h3, f0) + Product(h4, s4);
        Limb d4 = Product(h0, f4) + Product(h1, f3) + Product(h2, f2) + Product(h3, f1) + Product(h4, f0);

        d1 += d0 >> 26;
        d4 += d3 >> 26;
        h0 = (d0 & mask) + Five(d4 >> 26);
        d2 += d1 >> 26;
        h1 = (d1 & mask) + (h0 >> 26);
        h0 &= mask;
        h3 = (d3 & mask) + (d2 >> 26);
        h2 = d2 & mask;
        h4 = (d4 & mask) + (h3 >> 26);
        h3 &= mask;
    }

    /// <summary>The product of the low 32 bits of each lane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Limb Product(Limb a, Limb b) => Avx2.Multiply(a.AsUInt32(), b.AsUInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Limb Five(Limb x) => x + (x << 2);

    /// <summary>Powers 4, 2, 3 and 1, each of which fills its vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Limb Lanes(Limb fourth, Limb second, Limb third, Limb first)
        => Vector256.Create(Avx2.UnpackLow(fourth, second).GetLower(), Avx2.UnpackLow(third, first).GetLower());
}
