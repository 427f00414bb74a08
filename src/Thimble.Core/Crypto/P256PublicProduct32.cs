using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// Products modulo the prime of P-256 from the long multiply, for public numbers or for a core whose long multiply takes constant time:
/// each column's low and high words are summed apart in 64 bits. Straight code, as <see cref="P256SecretProduct32"/>.
/// One variable holds every product: the device's compiler gives each variable that a long multiply fills a place on the stack.
/// </summary>
/// <remarks>
/// Bounds: a column has at most eight products, so each of its sums, doubled or not, is below 2^36, and the carry below 2^37.
/// Column indices are constants; words 0 to 7 of the factors and 0 to 15 of the scratch are what they reach. Leaks: the factors on a
/// Cortex-M3, otherwise nothing.
/// </remarks>
internal static class P256PublicProduct32
{
    private const int Words = 8;

    /// <summary>result = a · b / 2^256 mod p. Words 0 to 7 of the scratch become the multiples of p, 8 to 15 the quotient.</summary>
    [ConstantTime(PublicBranches = 0)]
    public static void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch)
    {
        ref uint x = ref Unsafe.As<byte, uint>(ref a);
        ref uint y = ref Unsafe.As<byte, uint>(ref b);
        ref uint words = ref Unsafe.As<byte, uint>(ref scratch);
        long sum = 0;
        ulong product = 0;
        MultiplyColumn(ref x, ref y, ref words, 0, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 1, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 2, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 3, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 4, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 5, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 6, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 7, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 8, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 9, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 10, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 11, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 12, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 13, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 14, ref sum, ref product);
        MultiplyColumn(ref x, ref y, ref words, 15, ref sum, ref product);
        P256Reduction32.AddPrime(ref Unsafe.As<byte, uint>(ref result), ref Unsafe.Add(ref words, Words), (uint)sum);
    }

    /// <summary>result = a² / 2^256 mod p: each product of two different words once, then doubled.</summary>
    [ConstantTime(PublicBranches = 0)]
    public static void Square(ref byte result, ref byte a, ref byte scratch)
    {
        ref uint x = ref Unsafe.As<byte, uint>(ref a);
        ref uint words = ref Unsafe.As<byte, uint>(ref scratch);
        long sum = 0;
        ulong product = 0;
        SquareColumn(ref x, ref words, 0, ref sum, ref product);
        SquareColumn(ref x, ref words, 1, ref sum, ref product);
        SquareColumn(ref x, ref words, 2, ref sum, ref product);
        SquareColumn(ref x, ref words, 3, ref sum, ref product);
        SquareColumn(ref x, ref words, 4, ref sum, ref product);
        SquareColumn(ref x, ref words, 5, ref sum, ref product);
        SquareColumn(ref x, ref words, 6, ref sum, ref product);
        SquareColumn(ref x, ref words, 7, ref sum, ref product);
        SquareColumn(ref x, ref words, 8, ref sum, ref product);
        SquareColumn(ref x, ref words, 9, ref sum, ref product);
        SquareColumn(ref x, ref words, 10, ref sum, ref product);
        SquareColumn(ref x, ref words, 11, ref sum, ref product);
        SquareColumn(ref x, ref words, 12, ref sum, ref product);
        SquareColumn(ref x, ref words, 13, ref sum, ref product);
        SquareColumn(ref x, ref words, 14, ref sum, ref product);
        SquareColumn(ref x, ref words, 15, ref sum, ref product);
        P256Reduction32.AddPrime(ref Unsafe.As<byte, uint>(ref result), ref Unsafe.Add(ref words, Words), (uint)sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyColumn(ref uint a, ref uint b, ref uint words, int w, ref long sum, ref ulong product)
    {
        ulong high = 0;
        Add(ref a, 0, ref b, w, ref sum, ref high, ref product);
        Add(ref a, 1, ref b, w - 1, ref sum, ref high, ref product);
        Add(ref a, 2, ref b, w - 2, ref sum, ref high, ref product);
        Add(ref a, 3, ref b, w - 3, ref sum, ref high, ref product);
        Add(ref a, 4, ref b, w - 4, ref sum, ref high, ref product);
        Add(ref a, 5, ref b, w - 5, ref sum, ref high, ref product);
        Add(ref a, 6, ref b, w - 6, ref sum, ref high, ref product);
        Add(ref a, 7, ref b, w - 7, ref sum, ref high, ref product);
        Close(ref words, w, ref sum, high);
    }

    /// <summary>Word w of the square: the products of words i below w - i, twice, and the square of word w / 2 where w is even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SquareColumn(ref uint a, ref uint words, int w, ref long sum, ref ulong product)
    {
        long low = 0;
        ulong high = 0;
        AddDifferent(ref a, 0, w, ref low, ref high, ref product);
        AddDifferent(ref a, 1, w - 1, ref low, ref high, ref product);
        AddDifferent(ref a, 2, w - 2, ref low, ref high, ref product);
        AddDifferent(ref a, 3, w - 3, ref low, ref high, ref product);
        AddDifferent(ref a, 4, w - 4, ref low, ref high, ref product);
        AddDifferent(ref a, 5, w - 5, ref low, ref high, ref product);
        AddDifferent(ref a, 6, w - 6, ref low, ref high, ref product);
        sum += low + low;
        high += high;
        if ((w & 1) == 0)
        {
            Add(ref a, w / 2, ref a, w / 2, ref sum, ref high, ref product);
        }

        Close(ref words, w, ref sum, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddDifferent(ref uint a, int i, int j, ref long low, ref ulong high, ref ulong product)
    {
        if (i < j)
        {
            Add(ref a, i, ref a, j, ref low, ref high, ref product);
        }
    }

    /// <summary>Adds the product of words i of a and j of b; nothing where b has no word j.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref uint a, int i, ref uint b, int j, ref long low, ref ulong high, ref ulong product)
    {
        if ((uint)j < Words)
        {
            product = WideMultiply.Public(Unsafe.Add(ref a, i), Unsafe.Add(ref b, j));
            low += (uint)product;
            high += product >> 32;
        }
    }

    /// <summary>Ends column w: stores its word and leaves the carry, which may be negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Close(ref uint words, int w, ref long sum, ulong high)
    {
        P256Reduction32.AddMultiples(ref words, w, ref sum);
        Unsafe.Add(ref words, w) = (uint)sum;
        sum = (sum >> 32) + (long)high;
    }
}
