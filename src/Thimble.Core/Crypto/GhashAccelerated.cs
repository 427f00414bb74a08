using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Thimble.Crypto;

/// <summary>
/// GHASH (SP 800-38D §6.4) by carry-less multiplication instructions. Blocks and sums are held with their bytes
/// reversed, and powers of the hash key once more multiplied by x, which puts products where GCM's order of bits wants
/// them; reduction is Montgomery's, two products by the constant 0xC2 &lt;&lt; 56. See S. Gueron and M. E. Kounavis,
/// "Intel Carry-Less Multiplication Instruction and its Usage for Computing the GCM Mode", and S. Gueron, "AES-GCM for
/// efficient authenticated encryption" (2013). Several blocks are multiplied by falling powers of the key before one reduction.
/// </summary>
internal static class GhashAccelerated<T>
    where T : struct, IGcmInstructions
{
    /// <summary>The most powers of the hash key that are used together.</summary>
    public const int MaxPowers = GhashWide.GroupBlocks;

    /// <summary>Converts a block between memory and the form used here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Reverse(Vector128<byte> block)
        => Vector128.Shuffle(block, Vector128.Create((byte)15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));

    /// <summary>
    /// Writes the powers from <paramref name="count"/>, which is 1 or even, down to 1, ending at <paramref name="first"/>.
    /// The caller has room for them there. Leaks: the count.
    /// </summary>
    public static void ComputePowers(Vector128<byte> hashKey, ref Vector128<ulong> first, int count)
    {
        // Times x: shift left by one across both halves, and fold the bit that leaves.
        Vector128<ulong> h = Reverse(hashKey).AsUInt64();
        Vector128<ulong> carries = h >> 63;
        Vector128<ulong> carryIn = Vector128.Shuffle(carries, Vector128.Create(ulong.MaxValue, 0));
        Vector128<ulong> carryOut = Vector128<ulong>.Zero - Vector128.Shuffle(carries, Vector128.Create(1ul, 1ul));
        h = ((h << 1) | carryIn) ^ (carryOut & Vector128.Create(1ul, 0xC200000000000000));
        first = h;
        for (int i = 2; i <= count; i += 2)
        {
            // Squares need only half the previous power, which shortens the chain of dependent products.
            Vector128<ulong> half = Unsafe.Subtract(ref first, (i / 2) - 1);
            Vector128<ulong> even = Multiply(half, half);
            Unsafe.Subtract(ref first, i - 1) = even;
            if (i < count)
            {
                Unsafe.Subtract(ref first, i) = Multiply(even, h);
            }
        }
    }

    /// <summary>The product, reduced. Leaks: nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Multiply(Vector128<ulong> a, Vector128<ulong> b)
    {
        Vector128<ulong> low = T.MultiplyLow(a, b);
        Vector128<ulong> middle = T.MultiplyLowHigh(a, b) ^ T.MultiplyLowHigh(b, a);
        return Reduce(low, middle, T.MultiplyHigh(a, b));
    }

    /// <summary>Adds an unreduced product to three sums. Leaks: nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void MultiplyAdd(Vector128<ulong> a, Vector128<ulong> b, ref Vector128<ulong> low, ref Vector128<ulong> middle, ref Vector128<ulong> high)
    {
        low ^= T.MultiplyLow(a, b);
        middle ^= T.MultiplyLowHigh(a, b) ^ T.MultiplyLowHigh(b, a);
        high ^= T.MultiplyHigh(a, b);
    }

    /// <summary>low + middle x^64 + high x^128, divided by x^128 modulo the polynomial. Leaks: nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Reduce(Vector128<ulong> low, Vector128<ulong> middle, Vector128<ulong> high)
    {
        Vector128<ulong> polynomial = Vector128.Create(1ul, 0xC200000000000000);
        middle ^= Swap(low) ^ T.MultiplyLowHigh(low, polynomial);
        return high ^ Swap(middle) ^ T.MultiplyLowHigh(middle, polynomial);
    }

    /// <summary>
    /// Adds <paramref name="blocks"/> whole blocks that lie at <paramref name="data"/> to the sum, using the
    /// <paramref name="count"/> powers that end at <paramref name="first"/>. Leaks: the numbers.
    /// </summary>
    public static Vector128<ulong> Absorb(Vector128<ulong> sum, ref byte data, nuint blocks, ref Vector128<ulong> first, int count)
    {
        if (T.HasWideGhash && count == GhashWide.GroupBlocks)
        {
            nuint groups = blocks / GhashWide.GroupBlocks;
            sum = GhashWide.Absorb(sum, ref data, groups, ref Unsafe.Subtract(ref first, GhashWide.GroupBlocks - 1));
            data = ref Unsafe.Add(ref data, groups * (GhashWide.GroupBlocks * 16));
            blocks %= GhashWide.GroupBlocks;
        }

        nuint at = 0;
        while (blocks != 0)
        {
            int group = blocks < (nuint)count ? (int)blocks : count;
            Vector128<ulong> low = Vector128<ulong>.Zero, middle = low, high = low;
            for (int i = group - 1; i >= 0; i--)
            {
                Vector128<ulong> block = Reverse(Vector128.LoadUnsafe(ref data, at)).AsUInt64() ^ sum;
                MultiplyAdd(block, Unsafe.Subtract(ref first, i), ref low, ref middle, ref high);
                sum = Vector128<ulong>.Zero;
                at += 16;
            }

            sum = Reduce(low, middle, high);
            blocks -= (nuint)group;
        }

        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> Swap(Vector128<ulong> x) => Vector128.Shuffle(x, Vector128.Create(1ul, 0ul));
}
