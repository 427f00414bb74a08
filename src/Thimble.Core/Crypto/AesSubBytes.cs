using System;

namespace Thimble.Crypto;

/// <summary>
/// The S-box of AES (FIPS 197 §5.1.1) as a circuit of XOR and AND, so that no table is indexed by a secret:
/// the straight-line program of J. Boyar and R. Peralta, "A new combinational logic minimization technique with
/// applications to cryptology", SEA 2010 (eprint 2009/191), 115 gates. The names t, y, z, x and s are the paper's,
/// whose bit 0 is the most significant one.
/// </summary>
internal static class AesSubBytes
{
    /// <summary>
    /// Substitutes 32 bytes at once. Bit j of word i of <paramref name="slices"/> is bit i of byte j.
    /// The method is long because the circuit is. Leaks: nothing.
    /// </summary>
    [ConstantTime(PublicBranches = 0)]
    public static void Apply(Span<uint> slices)
    {
        slices = slices[..8];
        uint x0 = slices[7], x1 = slices[6], x2 = slices[5], x3 = slices[4];
        uint x4 = slices[3], x5 = slices[2], x6 = slices[1], x7 = slices[0];

        // The first linear layer maps GF(2^8) to a tower of fields.
        uint y14 = x3 ^ x5, y13 = x0 ^ x6, y9 = x0 ^ x3, y8 = x0 ^ x5;
        uint t0 = x1 ^ x2;
        uint y1 = t0 ^ x7, y4 = y1 ^ x3, y12 = y13 ^ y14, y2 = y1 ^ x0, y5 = y1 ^ x6, y3 = y5 ^ y8;
        uint t1 = x4 ^ y12;
        uint y15 = t1 ^ x5, y20 = t1 ^ x1, y6 = y15 ^ x7, y10 = y15 ^ t0, y11 = y20 ^ y9, y7 = x7 ^ y11;
        uint y17 = y10 ^ y11, y19 = y10 ^ y8, y16 = t0 ^ y11, y21 = y13 ^ y16, y18 = x0 ^ y16;

        // The inversion: products shared among the subfield elements, ...
        uint t2 = y12 & y15, t4 = (y3 & y6) ^ t2, t6 = (y4 & x7) ^ t2;
        uint t7 = y13 & y16, t9 = (y5 & y1) ^ t7, t11 = (y2 & y7) ^ t7;
        uint t12 = y9 & y11, t14 = (y14 & y17) ^ t12, t16 = (y8 & y10) ^ t12;
        uint t21 = t4 ^ t14 ^ y20, t22 = t6 ^ t16 ^ y19, t23 = t9 ^ t14 ^ y21, t24 = t11 ^ t16 ^ y18;

        // ... the inverse in GF(2^4), ...
        uint t25 = t21 ^ t22, t26 = t21 & t23, t27 = t24 ^ t26, t29 = (t25 & t27) ^ t22;
        uint t30 = t23 ^ t24, t31 = t22 ^ t26, t33 = (t31 & t30) ^ t24;
        uint t34 = t23 ^ t33, t35 = t27 ^ t33, t36 = t24 & t35, t37 = t36 ^ t34;
        uint t38 = t27 ^ t36, t40 = t25 ^ (t29 & t38);
        uint t41 = t40 ^ t37, t42 = t29 ^ t33, t43 = t29 ^ t40, t44 = t33 ^ t37, t45 = t42 ^ t41;

        // ... and the products with it.
        uint z0 = t44 & y15, z1 = t37 & y6, z2 = t33 & x7, z3 = t43 & y16, z4 = t40 & y1, z5 = t29 & y7;
        uint z6 = t42 & y11, z7 = t45 & y17, z8 = t41 & y10, z9 = t44 & y12, z10 = t37 & y3, z11 = t33 & y4;
        uint z12 = t43 & y13, z13 = t40 & y5, z14 = t29 & y2, z15 = t42 & y9, z16 = t45 & y14, z17 = t41 & y8;

        // The last linear layer returns from the tower and applies the affine map.
        uint t46 = z15 ^ z16, t47 = z10 ^ z11, t48 = z5 ^ z13, t49 = z9 ^ z10, t50 = z2 ^ z12, t51 = z2 ^ z5;
        uint t52 = z7 ^ z8, t53 = z0 ^ z3, t54 = z6 ^ z7, t55 = z16 ^ z17, t56 = z12 ^ t48, t57 = t50 ^ t53;
        uint t58 = z4 ^ t46, t59 = z3 ^ t54, t60 = t46 ^ t57, t61 = z14 ^ t57, t62 = t52 ^ t58, t63 = t49 ^ t58;
        uint t64 = z4 ^ t59, t65 = t61 ^ t62, t66 = z1 ^ t63, t67 = t64 ^ t65;
        uint s3 = t53 ^ t66;
        slices[7] = t59 ^ t63;
        slices[6] = t64 ^ ~s3;
        slices[5] = t55 ^ ~t67;
        slices[4] = s3;
        slices[3] = t51 ^ t66;
        slices[2] = t47 ^ t65;
        slices[1] = t56 ^ ~t62;
        slices[0] = t48 ^ ~t60;
    }
}
