using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>Montgomery reduction modulo the prime of P-384 in words of 32 bits. Leaks: nothing.</summary>
internal static class P384Reduction32
{
    private const int Words = 12;

    /// <summary>
    /// result = product / 2^384 mod p. Word i of the product, once all below it are gone, is the multiple m of p that clears it:
    /// m p = m 2^384 - m 2^128 - m 2^96 + m 2^32 - m adds m at i + 1 and i + 12 and takes it off at i + 3 and i + 4. The
    /// twelve high words come less p; where that falls below zero p goes back on.
    /// </summary>
    [ConstantTime(PublicBranches = 3)]
    public static void Reduce(ref byte result, ref uint product)
    {
        ref uint r = ref Unsafe.As<byte, uint>(ref result);
        ref uint m = ref product;
        ref uint modulus = ref FieldWords32.First(P384Prime.Modulus);
        long sum = 0;
        Next(ref m, 1, m, ref sum);
        Next(ref m, 2, Unsafe.Add(ref m, 1), ref sum);
        Next(ref m, 3, (long)Unsafe.Add(ref m, 2) - m, ref sum);
        for (int i = 4; i < Words; i++)
        {
            Next(ref m, i, (long)Unsafe.Add(ref m, i - 1) - Unsafe.Add(ref m, i - 3) - Unsafe.Add(ref m, i - 4), ref sum);
        }

        High(ref r, ref m, ref modulus, 0, (long)Unsafe.Add(ref m, 11) - Unsafe.Add(ref m, 9) - Unsafe.Add(ref m, 8), ref sum);
        High(ref r, ref m, ref modulus, 1, -(long)Unsafe.Add(ref m, 10) - Unsafe.Add(ref m, 9), ref sum);
        High(ref r, ref m, ref modulus, 2, -(long)Unsafe.Add(ref m, 11) - Unsafe.Add(ref m, 10), ref sum);
        High(ref r, ref m, ref modulus, 3, -(long)Unsafe.Add(ref m, 11), ref sum);
        for (int i = 4; i < Words; i++)
        {
            High(ref r, ref m, ref modulus, i, 0, ref sum);
        }

        FieldWords32.AddMasked(ref r, ref modulus, (uint)sum, Words);
    }

    /// <summary>Settles one of the twelve low words, which becomes a multiple of p to be added further up.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Next(ref uint product, int index, long addend, ref long sum)
    {
        ref uint word = ref Unsafe.Add(ref product, index);
        sum += addend + word;
        word = (uint)sum;
        sum >>= 32;
    }

    /// <summary>Word i of the result: word i + 12 of the product with m of word i, less p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void High(ref uint result, ref uint product, ref uint modulus, int i, long addend, ref long sum)
    {
        sum += addend + Unsafe.Add(ref product, i) + Unsafe.Add(ref product, i + Words) - Unsafe.Add(ref modulus, i);
        Unsafe.Add(ref result, i) = (uint)sum;
        sum >>= 32;
    }
}
