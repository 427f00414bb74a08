using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// 20 limbs of 13 bits, each stored in 16: products of limbs fit 26 bits and a column of twenty fits 32, so that MUL,
/// whose time is constant on a Cortex-M3, suffices and no carry is taken inside a product. (BearSSL's "m15" code
/// showed the way.) Bounds: every result has limbs below 10,240, and 20 · 14,654² &lt; 2^32. Leaks: nothing.
/// </summary>
internal readonly struct Field25519Radix13 : IField25519
{
    /// <summary>Bytes of the 40 columns of a product.</summary>
    public const int WideBytes = 160;

    private const int Limbs = 20;
    private const uint Mask = 0x1FFF;

    // 2^260 = 32 · 2^255 = 32 · 19 modulo p.
    private const uint Fold = 608;

    public static int ScratchBytes => WideBytes;

    public static void Decode(Span<byte> r, ReadOnlySpan<byte> bytes)
    {
        Span<ushort> limbs = MemoryMarshal.Cast<byte, ushort>(r);
        uint buffer = 0;
        int bits = 0;
        int limb = 0;
        for (int i = 0; i < 32; i++)
        {
            buffer |= (uint)bytes[i] << bits;
            bits += 8;
            if (bits >= 13)
            {
                limbs[limb++] = (ushort)(buffer & Mask);
                buffer >>= 13;
                bits -= 13;
            }
        }

        limbs[Limbs - 1] = (ushort)(buffer & 0xFF);
    }

    [ConstantTime(PublicBranches = 6)]
    public static void Encode(Span<byte> bytes, Span<byte> a)
    {
        // Twice, since the first fold can carry into bit 255 anew. Then a < 2^255, and a >= p exactly where a + 19
        // reaches bit 255: adding that many times 19 and dropping the bit is the last reduction.
        Span<ushort> limbs = MemoryMarshal.Cast<byte, ushort>(a)[..Limbs];
        Propagate(limbs, 0);
        Propagate(limbs, 0);
        uint carry = 19;
        for (int i = 0; i < Limbs; i++)
        {
            carry = (limbs[i] + carry) >> (i == Limbs - 1 ? 8 : 13);
        }

        Propagate(limbs, 19 * carry);
        limbs[Limbs - 1] &= 0xFF;
        uint buffer = 0;
        int bits = 0;
        int at = 0;
        for (int i = 0; i < Limbs; i++)
        {
            buffer |= (uint)limbs[i] << bits;
            for (bits += 13; bits >= 8 && at < 32; bits -= 8)
            {
                bytes[at++] = (byte)buffer;
                buffer >>= 8;
            }
        }
    }

    [ConstantTime(PublicBranches = 2)]
    public static void Add(Span<byte> r, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        ReadOnlySpan<ushort> left = MemoryMarshal.Cast<byte, ushort>(a), right = MemoryMarshal.Cast<byte, ushort>(b)[..left.Length];
        Span<ushort> sum = MemoryMarshal.Cast<byte, ushort>(r)[..left.Length];
        uint carry = 0;
        for (int i = 0; i < left.Length; i++)
        {
            carry += (uint)left[i] + right[i];
            sum[i] = (ushort)(carry & Mask);
            carry >>= 13;
        }

        // The carry is at most 2.
        sum[0] += (ushort)(Fold * carry);
    }

    [ConstantTime(PublicBranches = 2)]
    public static void Subtract(Span<byte> r, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        // 64p in limbs that are larger than any of b's: twice 8,191 each, the lowest 1,214 less.
        ReadOnlySpan<ushort> left = MemoryMarshal.Cast<byte, ushort>(a), right = MemoryMarshal.Cast<byte, ushort>(b)[..left.Length];
        Span<ushort> difference = MemoryMarshal.Cast<byte, ushort>(r)[..left.Length];
        uint bias = (2 * Mask) - 1214;
        uint carry = 0;
        for (int i = 0; i < left.Length; i++)
        {
            carry += left[i] + bias - right[i];
            bias = 2 * Mask;
            difference[i] = (ushort)(carry & Mask);
            carry >>= 13;
        }

        // The carry is at most 3.
        difference[0] += (ushort)(Fold * carry);
    }

    /// <summary>
    /// Four rows at a time, so that four limbs of each factor stay in registers. References instead of spans: i and j
    /// are multiples of 4 up to 16, so the limbs read are those below 20 and the columns those below 39; the slices
    /// establish these lengths.
    /// </summary>
    [ConstantTime(PublicBranches = 2)]
    public static void Multiply(Span<byte> r, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Span<byte> wide)
    {
        wide = wide[..WideBytes];
        wide.Clear();
        ref ushort pa = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, ushort>(a[..Field25519.Bytes]));
        ref ushort pb = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, ushort>(b[..Field25519.Bytes]));
        for (int i = 0; i < Limbs; i += 4)
        {
            ref uint column = ref Unsafe.Add(ref MemoryMarshal.GetReference(MemoryMarshal.Cast<byte, uint>(wide)), i);
            uint a0 = Unsafe.Add(ref pa, i), a1 = Unsafe.Add(ref pa, i + 1), a2 = Unsafe.Add(ref pa, i + 2), a3 = Unsafe.Add(ref pa, i + 3);
            uint b1 = 0, b2 = 0, b3 = 0;
            for (int j = 0; j < Limbs; j += 4)
            {
                uint b0 = Unsafe.Add(ref pb, j);
                column += (a0 * b0) + (a1 * b3) + (a2 * b2) + (a3 * b1);
                b1 = Unsafe.Add(ref pb, j + 1);
                Unsafe.Add(ref column, 1) += (a0 * b1) + (a1 * b0) + (a2 * b3) + (a3 * b2);
                b2 = Unsafe.Add(ref pb, j + 2);
                Unsafe.Add(ref column, 2) += (a0 * b2) + (a1 * b1) + (a2 * b0) + (a3 * b3);
                b3 = Unsafe.Add(ref pb, j + 3);
                Unsafe.Add(ref column, 3) += (a0 * b3) + (a1 * b2) + (a2 * b1) + (a3 * b0);
                column = ref Unsafe.Add(ref column, 4);
            }

            column += (a1 * b3) + (a2 * b2) + (a3 * b1);
            Unsafe.Add(ref column, 1) += (a2 * b3) + (a3 * b2);
            Unsafe.Add(ref column, 2) += a3 * b3;
        }

        Reduce(MemoryMarshal.Cast<byte, ushort>(r), MemoryMarshal.Cast<byte, uint>(wide));
    }

    [ConstantTime(PublicBranches = 2)]
    public static void MultiplyByA24(Span<byte> r, ReadOnlySpan<byte> a)
    {
        ReadOnlySpan<ushort> limbs = MemoryMarshal.Cast<byte, ushort>(a);
        Span<ushort> product = MemoryMarshal.Cast<byte, ushort>(r)[..limbs.Length];
        uint carry = 0;
        for (int i = 0; i < limbs.Length; i++)
        {
            carry += limbs[i] * 121665u;
            product[i] = (ushort)(carry & Mask);
            carry >>= 13;
        }

        FoldCarry(product, carry);
    }

    /// <summary>Columns to limbs: first their carries, then what lies above 2^260.</summary>
    [ConstantTime(PublicBranches = 6)]
    private static void Reduce(Span<ushort> r, Span<uint> columns)
    {
        uint carry = 0;
        for (int i = 0; i < columns.Length - 1; i++)
        {
            carry += columns[i];
            columns[i] = carry & Mask;
            carry >>= 13;
        }

        // The last column holds nothing but this carry, which may exceed 13 bits.
        columns[^1] = carry;
        carry = 0;
        for (int i = 0; i < Limbs; i++)
        {
            carry += columns[i] + (Fold * columns[i + Limbs]);
            r[i] = (ushort)(carry & Mask);
            carry >>= 13;
        }

        FoldCarry(r, carry);
    }

    /// <summary>Adds a carry of at most 18 bits out of the top limb; limb 2 may end 3 above its 13 bits.</summary>
    private static void FoldCarry(Span<ushort> r, uint carry)
    {
        carry = r[0] + (Fold * carry);
        r[0] = (ushort)(carry & Mask);
        carry = r[1] + (carry >> 13);
        r[1] = (ushort)(carry & Mask);
        r[2] += (ushort)(carry >> 13);
    }

    /// <summary>Adds a number of at most 18 bits, takes all carries, and folds what lies above 2^255.</summary>
    private static void Propagate(Span<ushort> limbs, uint carry)
    {
        carry += 19 * ((uint)limbs[Limbs - 1] >> 8);
        limbs[Limbs - 1] &= 0xFF;
        for (int i = 0; i < Limbs - 1; i++)
        {
            carry += limbs[i];
            limbs[i] = (ushort)(carry & Mask);
            carry >>= 13;
        }

        limbs[Limbs - 1] += (ushort)carry;
    }
}
