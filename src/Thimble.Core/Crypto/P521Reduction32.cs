using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>Reduction modulo 2^521 - 1 in words of 32 bits, for products of words of either size. For public numbers.</summary>
internal static class P521Reduction32
{
    private const int Words = 17, TopBits = 521 - (32 * (Words - 1));
    private const uint TopMask = (1 << TopBits) - 1;

    /// <summary>
    /// result = product mod p for a product of two reduced elements. 2^521 is 1 modulo p, so what is above bit 521 is added to what is
    /// below. With 1 more, bit 521 of the sum tells whether it reached p: then that bit goes, and with it p; otherwise the 1 goes.
    /// </summary>
    public static void Reduce(ref byte result, ref uint product)
    {
        ref uint r = ref Unsafe.As<byte, uint>(ref result);
        ulong sum = 1;
        for (int i = 0; i < Words - 1; i++)
        {
            sum += (ulong)Unsafe.Add(ref product, i) + Above(ref product, i);
            Unsafe.Add(ref r, i) = (uint)sum;
            sum >>= 32;
        }

        sum += (Unsafe.Add(ref product, Words - 1) & TopMask) + (ulong)Above(ref product, Words - 1);
        Unsafe.Add(ref r, Words - 1) = (uint)sum & TopMask;
        long borrow = (long)(sum >> TopBits) - 1;
        for (int i = 0; i < Words; i++)
        {
            borrow += Unsafe.Add(ref r, i);
            Unsafe.Add(ref r, i) = (uint)borrow;
            borrow >>= 32;
        }

        Unsafe.Add(ref r, Words) = 0;
    }

    /// <summary>Word i of the product shifted down by 521 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Above(ref uint product, int i) =>
        (Unsafe.Add(ref product, Words - 1 + i) >> TopBits) | (Unsafe.Add(ref product, Words + i) << (32 - TopBits));
}
