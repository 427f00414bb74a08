using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>Montgomery reduction modulo the prime of P-256 in words of 32 bits. Leaks: nothing.</summary>
internal static class P256Reduction32
{
    /// <summary>
    /// result = product / 2^256 mod p. Word i of the product, once all below it are gone, is the multiple m of p that clears it:
    /// m p = m 2^256 - m 2^224 + m 2^192 + m 2^96 - m adds m at i + 3, i + 6 and i + 8 and takes it off at i + 7. The eight
    /// high words come less p (words 2^32-1, 2^32-1, 2^32-1, 0, 0, 0, 1, 2^32-1); where that falls below zero p goes back on.
    /// </summary>
    [ConstantTime(PublicBranches = 1)]
    public static void Reduce(ref byte result, ref uint product)
    {
        ref uint r = ref Unsafe.As<byte, uint>(ref result);
        ref uint m = ref product;
        long sum = 0;
        uint m3 = Next(ref m, 3, ref sum, m);
        uint m4 = Next(ref m, 4, ref sum, Unsafe.Add(ref m, 1));
        uint m5 = Next(ref m, 5, ref sum, Unsafe.Add(ref m, 2));
        uint m6 = Next(ref m, 6, ref sum, (long)m + m3);
        uint m7 = Next(ref m, 7, ref sum, (long)Unsafe.Add(ref m, 1) + m4 - m);
        r = Next(ref m, 8, ref sum, (long)Unsafe.Add(ref m, 2) + m5 - Unsafe.Add(ref m, 1) + m - uint.MaxValue);
        Unsafe.Add(ref r, 1) = Next(ref m, 9, ref sum, (long)m3 + m6 - Unsafe.Add(ref m, 2) + Unsafe.Add(ref m, 1) - uint.MaxValue);
        Unsafe.Add(ref r, 2) = Next(ref m, 10, ref sum, (long)m4 + m7 - m3 + Unsafe.Add(ref m, 2) - uint.MaxValue);
        Unsafe.Add(ref r, 3) = Next(ref m, 11, ref sum, (long)m5 - m4 + m3);
        Unsafe.Add(ref r, 4) = Next(ref m, 12, ref sum, (long)m6 - m5 + m4);
        Unsafe.Add(ref r, 5) = Next(ref m, 13, ref sum, (long)m7 - m6 + m5);
        Unsafe.Add(ref r, 6) = Next(ref m, 14, ref sum, (long)m6 - m7 - 1);
        Unsafe.Add(ref r, 7) = Next(ref m, 15, ref sum, (long)m7 - uint.MaxValue);
        FieldWords32.AddMasked(ref r, ref FieldWords32.First(P256Prime.Modulus), (uint)sum, 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Next(ref uint product, int index, ref long sum, long addend)
    {
        sum += addend + Unsafe.Add(ref product, index);
        uint word = (uint)sum;
        sum >>= 32;
        return word;
    }
}
