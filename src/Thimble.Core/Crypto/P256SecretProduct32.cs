using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// Products modulo the prime of P-256 from MUL alone, whose time does not depend on its operands: the factors are read as 16 halves of
/// 16 bits, and each column of the product is summed in 64 bits. Word w of the product is the columns of halves 2w (even) and 2w + 1
/// (odd), summed side by side so that each half is loaded once for both. All straight code, since it is most of a handshake's
/// time on a small machine.
/// </summary>
/// <remarks>
/// Bounds: a column has at most 16 products below 2^32, doubled or not at most 2^36 + 2^33; with the carry, which is a 16th of a 2^16th of
/// that, and <see cref="P256Reduction32.AddMultiples"/> it stays far below 2^63. Column indices are constants; halves 0 to 15 and
/// words 0 to 15 of the scratch are what they reach. Leaks: nothing.
/// </remarks>
internal static class P256SecretProduct32
{
    private const int Words = 8;

    /// <summary>result = a · b / 2^256 mod p. Words 0 to 7 of the scratch become the multiples of p, 8 to 15 the quotient.</summary>
    [ConstantTime(PublicBranches = 0)]
    public static void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch)
    {
        ref ushort x = ref Unsafe.As<byte, ushort>(ref a);
        ref ushort y = ref Unsafe.As<byte, ushort>(ref b);
        ref uint words = ref Unsafe.As<byte, uint>(ref scratch);
        long sum = 0;
        MultiplyColumn(ref x, ref y, ref words, 0, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 1, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 2, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 3, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 4, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 5, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 6, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 7, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 8, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 9, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 10, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 11, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 12, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 13, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 14, ref sum);
        MultiplyColumn(ref x, ref y, ref words, 15, ref sum);
        P256Reduction32.AddPrime(ref Unsafe.As<byte, uint>(ref result), ref Unsafe.Add(ref words, Words), (uint)sum);
    }

    /// <summary>result = a² / 2^256 mod p: each product of two different halves once, then doubled.</summary>
    [ConstantTime(PublicBranches = 0)]
    public static void Square(ref byte result, ref byte a, ref byte scratch)
    {
        ref ushort x = ref Unsafe.As<byte, ushort>(ref a);
        ref uint words = ref Unsafe.As<byte, uint>(ref scratch);
        long sum = 0;
        SquareColumn(ref x, ref words, 0, ref sum);
        SquareColumn(ref x, ref words, 1, ref sum);
        SquareColumn(ref x, ref words, 2, ref sum);
        SquareColumn(ref x, ref words, 3, ref sum);
        SquareColumn(ref x, ref words, 4, ref sum);
        SquareColumn(ref x, ref words, 5, ref sum);
        SquareColumn(ref x, ref words, 6, ref sum);
        SquareColumn(ref x, ref words, 7, ref sum);
        SquareColumn(ref x, ref words, 8, ref sum);
        SquareColumn(ref x, ref words, 9, ref sum);
        SquareColumn(ref x, ref words, 10, ref sum);
        SquareColumn(ref x, ref words, 11, ref sum);
        SquareColumn(ref x, ref words, 12, ref sum);
        SquareColumn(ref x, ref words, 13, ref sum);
        SquareColumn(ref x, ref words, 14, ref sum);
        SquareColumn(ref x, ref words, 15, ref sum);
        P256Reduction32.AddPrime(ref Unsafe.As<byte, uint>(ref result), ref Unsafe.Add(ref words, Words), (uint)sum);
    }

    /// <summary>Word w of the product. From w = 8 on, the even column begins with half 15 of b, which the odd one below had last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyColumn(ref ushort a, ref ushort b, ref uint words, int w, ref long sum)
    {
        long odd = 0;
        uint above = Half(ref b, w < Words ? (2 * w) + 1 : 15);
        if (w >= Words)
        {
            sum += Half(ref a, (2 * w) - 15) * above;
        }

        MultiplyWord(ref a, 0, ref b, w, ref above, ref sum, ref odd);
        MultiplyWord(ref a, 1, ref b, w - 1, ref above, ref sum, ref odd);
        MultiplyWord(ref a, 2, ref b, w - 2, ref above, ref sum, ref odd);
        MultiplyWord(ref a, 3, ref b, w - 3, ref above, ref sum, ref odd);
        MultiplyWord(ref a, 4, ref b, w - 4, ref above, ref sum, ref odd);
        MultiplyWord(ref a, 5, ref b, w - 5, ref above, ref sum, ref odd);
        MultiplyWord(ref a, 6, ref b, w - 6, ref above, ref sum, ref odd);
        MultiplyWord(ref a, 7, ref b, w - 7, ref above, ref sum, ref odd);
        Close(ref words, w, ref sum, odd);
    }

    /// <summary>
    /// Halves 2i and 2i + 1 of a by those of b that end in these two columns: 2j + 1 (<paramref name="above"/>), 2j and 2j - 1, which
    /// is the next word's <paramref name="above"/>. Nothing where b has no word j.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyWord(ref ushort a, int i, ref ushort b, int j, ref uint above, ref long even, ref long odd)
    {
        if ((uint)j >= Words)
        {
            return;
        }

        uint factor = Half(ref a, 2 * i), other = Half(ref b, 2 * j);
        even += factor * other;
        odd += factor * above;
        factor = Half(ref a, (2 * i) + 1);
        odd += factor * other;
        if (j > 0)
        {
            above = Half(ref b, (2 * j) - 1);
            even += factor * above;
        }
    }

    /// <summary>Word w of the square: the products of halves i below 2w - i and below 2w + 1 - i, twice, and the square of half w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareColumn(ref ushort a, ref uint words, int w, ref long sum)
    {
        long even = 0, odd = 0;
        uint above = Half(ref a, w < Words ? (2 * w) + 1 : 15);
        if (w is >= Words and < 15)
        {
            even = Half(ref a, (2 * w) - 15) * above;
        }

        SquareHalf(ref a, 0, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 1, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 2, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 3, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 4, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 5, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 6, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 7, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 8, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 9, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 10, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 11, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 12, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 13, w, ref above, ref even, ref odd);
        SquareHalf(ref a, 14, w, ref above, ref even, ref odd);
        uint middle = Half(ref a, w);
        sum += even + even;
        sum += middle * middle;
        Close(ref words, w, ref sum, odd + odd);
    }

    /// <summary>Half i by halves 2w + 1 - i (<paramref name="above"/>) and 2w - i, as far as both are larger than i and at most 15.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareHalf(ref ushort a, int i, int w, ref uint above, ref long even, ref long odd)
    {
        if (i > w || (2 * w) - i > 14)
        {
            return;
        }

        uint factor = Half(ref a, i);
        odd += factor * above;
        if (i < w)
        {
            above = Half(ref a, (2 * w) - i);
            even += factor * above;
        }
    }

    /// <summary>Ends both columns of word w: stores it and leaves the carry, which may be negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Close(ref uint words, int w, ref long sum, long odd)
    {
        P256Reduction32.AddMultiples(ref words, w, ref sum);
        ref ushort halves = ref Unsafe.As<uint, ushort>(ref Unsafe.Add(ref words, w));
        halves = (ushort)sum;
        odd += sum >> 16;
        Unsafe.Add(ref halves, 1) = (ushort)odd;
        sum = odd >> 16;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Half(ref ushort number, int index) => Unsafe.Add(ref number, index);
}
