using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Thimble.Crypto;

/// <summary>
/// 5 limbs of 51 bits for machines whose 64-bit multiplication takes constant time (Bernstein, Duif, Lange, Schwabe,
/// Yang: "High-speed high-security signatures", §3). Bounds: products and decoded elements have limbs below
/// 2^51 + 2^14, products by a24 below 2^51 + 2^24, sums and differences below 2^53. Leaks: nothing.
/// </summary>
internal readonly struct Field25519Radix51 : IField25519
{
    private const ulong Mask = (1UL << 51) - 1;

    public static int ScratchBytes => 0;

    public static void Decode(Span<byte> r, ReadOnlySpan<byte> bytes)
    {
        Span<ulong> limbs = MemoryMarshal.Cast<byte, ulong>(r);
        ulong w0 = BinaryPrimitives.ReadUInt64LittleEndian(bytes), w1 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        ulong w2 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]), w3 = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
        limbs[0] = w0 & Mask;
        limbs[1] = ((w0 >> 51) | (w1 << 13)) & Mask;
        limbs[2] = ((w1 >> 38) | (w2 << 26)) & Mask;
        limbs[3] = ((w2 >> 25) | (w3 << 39)) & Mask;
        limbs[4] = (w3 >> 12) & Mask;
    }

    public static void Encode(Span<byte> bytes, Span<byte> a)
    {
        // Twice, since the first fold can carry into bit 255 anew. Then a < 2^255, and a >= p exactly where a + 19
        // reaches bit 255: adding that many times 19 and dropping the bit is the last reduction.
        Span<ulong> limbs = MemoryMarshal.Cast<byte, ulong>(a)[..5];
        Propagate(limbs, 0);
        Propagate(limbs, 0);
        ulong carry = 19;
        for (int i = 0; i < 5; i++)
        {
            carry = (limbs[i] + carry) >> 51;
        }

        Propagate(limbs, 19 * carry);
        limbs[4] &= Mask;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, limbs[0] | (limbs[1] << 51));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], (limbs[1] >> 13) | (limbs[2] << 38));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[16..], (limbs[2] >> 26) | (limbs[3] << 25));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[24..], (limbs[3] >> 39) | (limbs[4] << 12));
    }

    public static void Add(Span<byte> r, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        ReadOnlySpan<ulong> left = MemoryMarshal.Cast<byte, ulong>(a), right = MemoryMarshal.Cast<byte, ulong>(b)[..left.Length];
        Span<ulong> sum = MemoryMarshal.Cast<byte, ulong>(r)[..left.Length];
        for (int i = 0; i < left.Length; i++)
        {
            sum[i] = left[i] + right[i];
        }
    }

    public static void Subtract(Span<byte> r, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        // 2p in limbs that are larger than any of b's: 2^52 - 2 each, the lowest 36 less.
        ReadOnlySpan<ulong> left = MemoryMarshal.Cast<byte, ulong>(a), right = MemoryMarshal.Cast<byte, ulong>(b)[..left.Length];
        Span<ulong> difference = MemoryMarshal.Cast<byte, ulong>(r)[..left.Length];
        ulong less = 36;
        for (int i = 0; i < left.Length; i++)
        {
            difference[i] = left[i] + (2 * Mask) - less - right[i];
            less = 0;
        }
    }

    /// <summary>Column by column; what reaches 2^255 enters the columns below 19-fold.</summary>
    [ConstantTime]
    public static void Multiply(Span<byte> r, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b, Span<byte> wide)
    {
        ReadOnlySpan<ulong> left = MemoryMarshal.Cast<byte, ulong>(a)[..5], right = MemoryMarshal.Cast<byte, ulong>(b)[..5];
        Span<ulong> product = MemoryMarshal.Cast<byte, ulong>(r)[..5];
        ulong a0 = left[0], a1 = left[1], a2 = left[2], a3 = left[3], a4 = left[4];
        ulong b0 = right[0], b1 = right[1], b2 = right[2], b3 = right[3], b4 = right[4];
        ulong f1 = 19 * b1, f2 = 19 * b2, f3 = 19 * b3, f4 = 19 * b4;

        ulong low = 0, high = 0;
        Accumulate(ref low, ref high, a0, b0);
        Accumulate(ref low, ref high, a1, f4);
        Accumulate(ref low, ref high, a2, f3);
        Accumulate(ref low, ref high, a3, f2);
        Accumulate(ref low, ref high, a4, f1);
        ulong r0 = TakeLimb(ref low, ref high);
        Accumulate(ref low, ref high, a0, b1);
        Accumulate(ref low, ref high, a1, b0);
        Accumulate(ref low, ref high, a2, f4);
        Accumulate(ref low, ref high, a3, f3);
        Accumulate(ref low, ref high, a4, f2);
        ulong r1 = TakeLimb(ref low, ref high);
        Accumulate(ref low, ref high, a0, b2);
        Accumulate(ref low, ref high, a1, b1);
        Accumulate(ref low, ref high, a2, b0);
        Accumulate(ref low, ref high, a3, f4);
        Accumulate(ref low, ref high, a4, f3);
        product[2] = TakeLimb(ref low, ref high);
        Accumulate(ref low, ref high, a0, b3);
        Accumulate(ref low, ref high, a1, b2);
        Accumulate(ref low, ref high, a2, b1);
        Accumulate(ref low, ref high, a3, b0);
        Accumulate(ref low, ref high, a4, f4);
        product[3] = TakeLimb(ref low, ref high);
        Accumulate(ref low, ref high, a0, b4);
        Accumulate(ref low, ref high, a1, b3);
        Accumulate(ref low, ref high, a2, b2);
        Accumulate(ref low, ref high, a3, b1);
        Accumulate(ref low, ref high, a4, b0);
        product[4] = TakeLimb(ref low, ref high);

        // The carry has up to 62 bits: 19 times it passes through 128.
        ulong folded = 0;
        ulong carry = low;
        low = r0;
        Accumulate(ref low, ref folded, carry, 19);
        product[0] = TakeLimb(ref low, ref folded);
        product[1] = r1 + low;
    }

    public static void MultiplyByA24(Span<byte> r, ReadOnlySpan<byte> a)
    {
        ReadOnlySpan<ulong> limbs = MemoryMarshal.Cast<byte, ulong>(a)[..5];
        Span<ulong> product = MemoryMarshal.Cast<byte, ulong>(r)[..5];
        ulong low = 0, high = 0;
        for (int i = 0; i < 5; i++)
        {
            Accumulate(ref low, ref high, limbs[i], 121665);
            product[i] = TakeLimb(ref low, ref high);
        }

        product[0] += 19 * low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Accumulate(ref ulong low, ref ulong high, ulong a, ulong b)
    {
        // Math.BigMul would spill its lower half; the comparison becomes SETB or CSET, not a branch.
        ulong part = a * b;
        low += part;
        high += Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(a, b) : Math.BigMul(a, b, out _);
        high += Unsafe.BitCast<bool, byte>(low < part);
    }

    /// <summary>Takes 51 bits off a column; the rest, below 2^64, stays as the carry.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong TakeLimb(ref ulong low, ref ulong high)
    {
        ulong limb = low & Mask;
        low = (low >> 51) | (high << 13);
        high = 0;
        return limb;
    }

    private static void Propagate(Span<ulong> limbs, ulong carry)
    {
        carry += 19 * (limbs[4] >> 51);
        limbs[4] &= Mask;
        for (int i = 0; i < 4; i++)
        {
            carry += limbs[i];
            limbs[i] = carry & Mask;
            carry >>= 51;
        }

        limbs[4] += carry;
    }
}
