using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// Sums and differences modulo the prime of P-256 in words of 32 bits, as straight code. A word's sum has at most four terms of 32
/// bits, so its carry is between -2 and 1. Leaks: nothing.
/// </summary>
internal static class P256Sum32
{
    /// <summary>result = a + b mod p: the sum less p, and p back on where that fell below zero.</summary>
    [ConstantTime(PublicBranches = 0)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Add(ref byte result, ref byte a, ref byte b)
    {
        ref uint words = ref Unsafe.As<byte, uint>(ref result);
        ref uint x = ref Unsafe.As<byte, uint>(ref a);
        ref uint y = ref Unsafe.As<byte, uint>(ref b);
        long carry = 0;
        AddWord(ref words, ref x, ref y, 0, ref carry);
        AddWord(ref words, ref x, ref y, 1, ref carry);
        AddWord(ref words, ref x, ref y, 2, ref carry);
        AddWord(ref words, ref x, ref y, 3, ref carry);
        AddWord(ref words, ref x, ref y, 4, ref carry);
        AddWord(ref words, ref x, ref y, 5, ref carry);
        AddWord(ref words, ref x, ref y, 6, ref carry);
        AddWord(ref words, ref x, ref y, 7, ref carry);
        P256Reduction32.AddPrime(ref words, ref words, (uint)carry);
    }

    /// <summary>result = a - b mod p.</summary>
    [ConstantTime(PublicBranches = 0)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Subtract(ref byte result, ref byte a, ref byte b)
    {
        ref uint words = ref Unsafe.As<byte, uint>(ref result);
        ref uint x = ref Unsafe.As<byte, uint>(ref a);
        ref uint y = ref Unsafe.As<byte, uint>(ref b);
        long carry = 0;
        SubtractWord(ref words, ref x, ref y, 0, ref carry);
        SubtractWord(ref words, ref x, ref y, 1, ref carry);
        SubtractWord(ref words, ref x, ref y, 2, ref carry);
        SubtractWord(ref words, ref x, ref y, 3, ref carry);
        SubtractWord(ref words, ref x, ref y, 4, ref carry);
        SubtractWord(ref words, ref x, ref y, 5, ref carry);
        SubtractWord(ref words, ref x, ref y, 6, ref carry);
        SubtractWord(ref words, ref x, ref y, 7, ref carry);
        P256Reduction32.AddPrime(ref words, ref words, (uint)carry);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddWord(ref uint words, ref uint a, ref uint b, int index, ref long carry)
    {
        carry += Unsafe.Add(ref a, index);
        carry += Unsafe.Add(ref b, index);
        carry -= P256Reduction32.PrimeWord(index);
        Unsafe.Add(ref words, index) = (uint)carry;
        carry >>= 32;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SubtractWord(ref uint words, ref uint a, ref uint b, int index, ref long carry)
    {
        carry += Unsafe.Add(ref a, index);
        carry -= Unsafe.Add(ref b, index);
        Unsafe.Add(ref words, index) = (uint)carry;
        carry >>= 32;
    }
}
