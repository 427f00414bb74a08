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
    [ConstantTime(PublicBranches = 12)]
    public static void Reduce(ref byte result, ref uint product)
    {
        ref uint r = ref Unsafe.As<byte, uint>(ref result);
        ref uint modulus = ref FieldWords32.First(P384Prime.Modulus);
        long sum = 0;
        for (int i = 0; i < 2 * Words; i++)
        {
            sum += Unsafe.Add(ref product, i);
            sum += Multiple(ref product, i - 1);
            sum -= Multiple(ref product, i - 3);
            sum -= Multiple(ref product, i - 4);
            if (i < Words)
            {
                Unsafe.Add(ref product, i) = (uint)sum;
            }
            else
            {
                sum += (long)Unsafe.Add(ref product, i - Words) - Unsafe.Add(ref modulus, i - Words);
                Unsafe.Add(ref r, i - Words) = (uint)sum;
            }

            sum >>= 32;
        }

        FieldWords32.AddMasked(ref r, ref modulus, (uint)sum, Words);
    }

    /// <summary>The multiple of p that cleared word i, zero outside the twelve low words. Branches on the public index alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Multiple(ref uint product, int i) => (uint)i < Words ? Unsafe.Add(ref product, i) : 0;
}
