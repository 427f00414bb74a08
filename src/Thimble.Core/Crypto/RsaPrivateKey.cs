using System;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// An RSA private key in the form of RFC 8017 §3.2 with two primes, where it lies in ROM: little-endian numbers padded
/// to a multiple of 8 bytes and aligned to 8. Sizes are public, the numbers other than n and e secret.
/// </summary>
public ref struct RsaPrivateKey
{
    /// <summary>The modulus' length in bits: a multiple of 128; each prime has half of it exactly (FIPS 186-5 §A.1.1).</summary>
    public int Bits { get; init; }

    /// <summary>e.</summary>
    public uint Exponent { get; init; }

    /// <summary>n.</summary>
    public ReadOnlySpan<byte> Modulus { get; init; }

    /// <summary>p.</summary>
    public ReadOnlySpan<byte> P { get; init; }

    /// <summary>q.</summary>
    public ReadOnlySpan<byte> Q { get; init; }

    /// <summary>dP = e^-1 mod (p - 1).</summary>
    public ReadOnlySpan<byte> Dp { get; init; }

    /// <summary>dQ = e^-1 mod (q - 1).</summary>
    public ReadOnlySpan<byte> Dq { get; init; }

    /// <summary>qInv = q^-1 mod p.</summary>
    public ReadOnlySpan<byte> QInv { get; init; }

    /// <summary>
    /// Whether all sizes are right, n and e are fit, p and q are odd and of exactly half n's length, and p·q = n.
    /// What it does not see, a wrong exponent or coefficient, the check of each signature does. Bounded: one product
    /// of the primes. Leaks: the sizes and the answer.
    /// </summary>
    public readonly bool IsConsistent()
    {
        int bytes = Bits >> 4;
        if (Bits < RsaSign.MinBits || (Bits & 127) != 0 || !RsaVerify.IsPublicKey(Modulus, Bits, Exponent)
            || P.Length != bytes || Q.Length != bytes || Dp.Length != bytes || Dq.Length != bytes || QInv.Length != bytes)
        {
            return false;
        }

        int areOdd = P[0] & Q[0] & 1;
        int areLong = (P[bytes - 1] & Q[bytes - 1]) >> 7;
        return (areOdd & areLong) != 0 && IsProduct(MemoryMarshal.Cast<byte, uint>(Modulus), MemoryMarshal.Cast<byte, uint>(P), MemoryMarshal.Cast<byte, uint>(Q));
    }

    /// <summary>Column by column, so that no memory is needed for the product. Leaks: whether they are equal.</summary>
    [ConstantTime(PublicBranches = 10)]
    private static bool IsProduct(ReadOnlySpan<uint> product, ReadOnlySpan<uint> p, ReadOnlySpan<uint> q)
    {
        uint difference = 0;
        ulong column = 0;
        for (int i = 0; i < product.Length; i++)
        {
            // The column's upper part is gathered apart: 128 products of 32 upper bits stay below 2^39.
            ulong above = column >> 32;
            column = (uint)column;
            int first = i < q.Length ? 0 : i - q.Length + 1;
            int last = i < p.Length ? i : p.Length - 1;
            for (int j = first; j <= last; j++)
            {
                ulong term = WideMultiply.Secret(p[j], q[i - j]);
                column += (uint)term;
                above += term >> 32;
            }

            difference |= product[i] ^ (uint)column;
            column = above + (column >> 32);
        }

        return (difference | (uint)column) == 0;
    }
}
