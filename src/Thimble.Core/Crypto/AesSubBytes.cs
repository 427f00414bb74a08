using System;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// The S-box of AES (FIPS 197 §5.1.1) as a circuit of XOR and AND, so that no table is indexed by a secret:
/// the straight-line program of J. Boyar and R. Peralta, "A new combinational logic minimization technique with
/// applications to cryptology", SEA 2010 (eprint 2009/191), 115 gates. The names t, y, z, x and s are the paper's,
/// whose bit 0 is the most significant one.
/// </summary>
internal static class AesSubBytes
{
    /// <summary>Substitutes 32 bytes at once. Bit j of word i of <paramref name="slices"/> is bit i of byte j. Leaks: nothing.</summary>
    /// <remarks>
    /// Two methods, each with the first layer that it needs, because a compiler gives each value that it spills a place of its own: on the
    /// device's stack, one frame for all of them takes half as much again.
    /// </remarks>
    [ConstantTime(PublicBranches = 0)]
    public static void Apply(Span<uint> slices)
    {
        ref uint x = ref slices[..8][0];
        Nibbles inverse = Invert(ref x);
        Multiply(ref x, in inverse);
    }

    /// <summary>The inversion in the tower of fields, up to that of GF(2^4). <paramref name="x"/> is the first of eight words. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 0)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Nibbles Invert(ref uint x)
    {
        uint x0 = Unsafe.Add(ref x, 7), x1 = Unsafe.Add(ref x, 6), x2 = Unsafe.Add(ref x, 5), x3 = Unsafe.Add(ref x, 4);
        uint x4 = Unsafe.Add(ref x, 3), x5 = Unsafe.Add(ref x, 2), x6 = Unsafe.Add(ref x, 1), x7 = x;

        // The first linear layer maps GF(2^8) to the tower.
        uint y14 = x3 ^ x5, y13 = x0 ^ x6, y9 = x0 ^ x3, y8 = x0 ^ x5;
        uint t0 = x1 ^ x2;
        uint y1 = t0 ^ x7, y4 = y1 ^ x3, y12 = y13 ^ y14, y2 = y1 ^ x0, y5 = y1 ^ x6, y3 = y5 ^ y8;
        uint t1 = x4 ^ y12;
        uint y15 = t1 ^ x5, y20 = t1 ^ x1, y6 = y15 ^ x7, y10 = y15 ^ t0, y11 = y20 ^ y9, y7 = x7 ^ y11;
        uint y17 = y10 ^ y11, y19 = y10 ^ y8, y16 = t0 ^ y11, y21 = y13 ^ y16, y18 = x0 ^ y16;

        // Products shared among the subfield elements, ...
        uint t2 = y12 & y15, t4 = (y3 & y6) ^ t2, t6 = (y4 & x7) ^ t2;
        uint t7 = y13 & y16, t9 = (y5 & y1) ^ t7, t11 = (y2 & y7) ^ t7;
        uint t12 = y9 & y11, t14 = (y14 & y17) ^ t12, t16 = (y8 & y10) ^ t12;
        uint t21 = t4 ^ t14 ^ y20, t22 = t6 ^ t16 ^ y19, t23 = t9 ^ t14 ^ y21, t24 = t11 ^ t16 ^ y18;

        // ... and the inverse in GF(2^4).
        uint t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26, t29 = (t25 & t27) ^ t22;
        uint t30 = t23 ^ t24, t31 = t22 ^ t26, t33 = (t31 & t30) ^ t24;
        uint t34 = t23 ^ t33, t35 = t27 ^ t33, t36 = t24 & t35, t37 = t36 ^ t34;
        uint t38 = t27 ^ t36, t40 = t25 ^ (t29 & t38);
        return new Nibbles(t29, t33, t37, t40);
    }

    /// <summary>The products with that inverse, and the way back from the tower. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 0)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Multiply(ref uint x, in Nibbles inverse)
    {
        uint x0 = Unsafe.Add(ref x, 7), x1 = Unsafe.Add(ref x, 6), x2 = Unsafe.Add(ref x, 5), x3 = Unsafe.Add(ref x, 4);
        uint x4 = Unsafe.Add(ref x, 3), x5 = Unsafe.Add(ref x, 2), x6 = Unsafe.Add(ref x, 1), x7 = x;
        uint t29 = inverse.T29, t33 = inverse.T33, t37 = inverse.T37, t40 = inverse.T40;

        uint t0 = x1 ^ x2, y1 = t0 ^ x7, y14 = x3 ^ x5, y13 = x0 ^ x6, y12 = y13 ^ y14, t1 = x4 ^ y12, y15 = t1 ^ x5, y10 = y15 ^ t0;
        uint y5 = y1 ^ x6, y9 = x0 ^ x3, y8 = x0 ^ x5, y11 = t1 ^ x1 ^ y9;
        uint t41 = t40 ^ t37, t42 = t29 ^ t33, t45 = t42 ^ t41, t43 = t29 ^ t40, t44 = t33 ^ t37;

        // The products and the last linear layer, which applies the affine map, in an order in which few values wait at once.
        uint z16 = t45 & y14, t46 = (t42 & y9) ^ z16, t55 = z16 ^ (t41 & y8);
        uint z7 = t45 & (y10 ^ y11), t52 = z7 ^ (t41 & y10), t54 = (t42 & y11) ^ z7;
        uint z10 = t37 & (y5 ^ y8), t47 = z10 ^ (t33 & (y1 ^ x3)), t49 = (t44 & y12) ^ z10;
        uint z3 = t43 & (t0 ^ y11), t53 = (t44 & y15) ^ z3, t59 = z3 ^ t54;
        uint z4 = t40 & y1, t58 = z4 ^ t46, t64 = z4 ^ t59, t62 = t52 ^ t58, t63 = t49 ^ t58;
        uint t66 = (t37 & (y15 ^ x7)) ^ t63, s3 = t53 ^ t66;
        Unsafe.Add(ref x, 7) = t59 ^ t63;
        Unsafe.Add(ref x, 6) = t64 ^ ~s3;
        Unsafe.Add(ref x, 4) = s3;
        uint z2 = t33 & x7, z5 = t29 & (x7 ^ y11), z12 = t43 & y13;
        uint t48 = z5 ^ (t40 & y5), t57 = z2 ^ z12 ^ t53, t65 = (t29 & (y1 ^ x0)) ^ t57 ^ t62;
        Unsafe.Add(ref x, 3) = z2 ^ z5 ^ t66;
        Unsafe.Add(ref x, 2) = t47 ^ t65;
        Unsafe.Add(ref x, 1) = z12 ^ t48 ^ ~t62;
        x = t48 ^ ~(t46 ^ t57);
        Unsafe.Add(ref x, 5) = t55 ^ ~(t64 ^ t65);
    }

    /// <summary>The inverse in GF(2^4), by the paper's names of its bits.</summary>
    private readonly struct Nibbles(uint t29, uint t33, uint t37, uint t40)
    {
        public readonly uint T29 = t29, T33 = t33, T37 = t37, T40 = t40;
    }
}
