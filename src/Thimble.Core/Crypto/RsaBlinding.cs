using System;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// The limbs of k·prime + addend, lowest first, for a random k of 64 bits: blinded numbers are computed where they are
/// needed rather than stored. Always 32-bit limbs: it is done a few dozen times per signature. Leaks: the lengths.
/// </summary>
internal ref struct RsaBlinding
{
    private readonly uint _k0;
    private readonly uint _k1;
    private uint _carry0;
    private uint _carry1;
    private uint _previous;

    private RsaBlinding(ReadOnlySpan<byte> k)
    {
        ReadOnlySpan<uint> limbs = MemoryMarshal.Cast<byte, uint>(k);
        _k0 = limbs[0];
        _k1 = limbs[1];
    }

    /// <summary>product = k·prime, 8 bytes longer than the prime.</summary>
    public static void Multiply(Span<byte> product, ReadOnlySpan<byte> prime, ReadOnlySpan<byte> k)
    {
        Span<uint> limbs = MemoryMarshal.Cast<byte, uint>(product);
        ReadOnlySpan<uint> factor = MemoryMarshal.Cast<byte, uint>(prime);
        var blinding = new RsaBlinding(k);
        for (int i = 0; i < factor.Length; i++)
        {
            limbs[i] = blinding.Next(factor[i], 0);
        }

        limbs[^2] = blinding.Next(0, 0);
        limbs[^1] = blinding.Next(0, 0);
    }

    /// <summary>Three limbs, from <paramref name="first"/> on, of exponent + k·(prime - 1); zeros above its end.</summary>
    public static void Window(Span<byte> window, int first, ReadOnlySpan<byte> exponent, ReadOnlySpan<byte> prime, ReadOnlySpan<byte> k)
    {
        Span<uint> limbs = MemoryMarshal.Cast<byte, uint>(window);
        ReadOnlySpan<uint> factor = MemoryMarshal.Cast<byte, uint>(prime), addend = MemoryMarshal.Cast<byte, uint>(exponent);
        var blinding = new RsaBlinding(k);
        uint isFirst = 1;
        for (int i = 0; i < first + 3; i++)
        {
            // The prime is odd: less one, its lowest bit is 0.
            uint limb = i < factor.Length ? blinding.Next(factor[i] ^ isFirst, addend[i]) : blinding.Next(0, 0);
            isFirst = 0;
            if (i >= first)
            {
                limbs[i - first] = limb;
            }
        }
    }

    [ConstantTime]
    private uint Next(uint limb, uint addend)
    {
        ulong low = WideMultiply.Secret(_k0, limb) + addend + _carry0;
        ulong high = WideMultiply.Secret(_k1, _previous) + (uint)low + _carry1;
        _previous = limb;
        _carry0 = (uint)(low >> 32);
        _carry1 = (uint)(high >> 32);
        return (uint)high;
    }
}
