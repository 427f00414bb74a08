using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// Montgomery reduction modulo the prime of P-256, column by column while the product grows. Word i of the product, once all below
/// it are gone, is the multiple m of p that clears it: m p = m 2^256 - m 2^224 + m 2^192 + m 2^96 - m, so m is added at i + 3,
/// i + 6 and i + 8 and taken off at i + 7. Leaks: nothing.
/// </summary>
internal static class P256Reduction32
{
    private const int Words = 8;

    /// <summary>
    /// Adds to the sum of column <paramref name="column"/> the multiples that end there, which the columns below left in
    /// <paramref name="words"/>, and from column 8 on takes off p (words 2^32-1, 2^32-1, 2^32-1, 0, 0, 0, 1, 2^32-1). The column is a
    /// constant of the code. At most 2^33 is added and as much taken off.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddMultiples(ref uint words, int column, ref long sum)
    {
        if (column is >= 3 and <= 10)
        {
            sum += Unsafe.Add(ref words, column - 3);
        }

        if (column is >= 6 and <= 13)
        {
            sum += Unsafe.Add(ref words, column - 6);
        }

        if (column is >= 7 and <= 14)
        {
            sum -= Unsafe.Add(ref words, column - 7);
        }

        if (column >= Words)
        {
            sum += Unsafe.Add(ref words, column - Words);
            sum -= PrimeWord(column - Words);
        }
    }

    /// <summary>A word of p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint PrimeWord(int index) => index switch
    {
        0 or 1 or 2 or 7 => uint.MaxValue,
        6 => 1,
        _ => 0,
    };

    /// <summary>result = words + (p &amp; mask) modulo 2^256: what was below zero without p becomes a number below p.</summary>
    [ConstantTime(PublicBranches = 0)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void AddPrime(ref uint result, ref uint words, uint mask)
    {
        ulong sum = (ulong)words + mask;
        result = (uint)sum;
        sum = (sum >> 32) + Unsafe.Add(ref words, 1) + mask;
        Unsafe.Add(ref result, 1) = (uint)sum;
        sum = (sum >> 32) + Unsafe.Add(ref words, 2) + mask;
        Unsafe.Add(ref result, 2) = (uint)sum;
        sum = (sum >> 32) + Unsafe.Add(ref words, 3);
        Unsafe.Add(ref result, 3) = (uint)sum;
        sum = (sum >> 32) + Unsafe.Add(ref words, 4);
        Unsafe.Add(ref result, 4) = (uint)sum;
        sum = (sum >> 32) + Unsafe.Add(ref words, 5);
        Unsafe.Add(ref result, 5) = (uint)sum;
        sum = (sum >> 32) + Unsafe.Add(ref words, 6) + (mask & 1);
        Unsafe.Add(ref result, 6) = (uint)sum;
        Unsafe.Add(ref result, 7) = (uint)(sum >> 32) + Unsafe.Add(ref words, 7) + mask;
    }
}
