using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>Additions of public points in Jacobian coordinates that are right for every input, by branches. Leaks: the points.</summary>
internal static class EcPublicAddition
{
    /// <summary>P = P ± Q for the affine Q = x, y at <paramref name="q"/>.</summary>
    public static void AddAffine<TField>(EcRegisters<TField> r, ref byte q, bool negative)
        where TField : struct, IField
    {
        if (r.IsZero(EcJacobian.Z) != 0)
        {
            r.SetOne(EcJacobian.Z);
            CopyAffine(r, ref q, negative);
            return;
        }

        EcJacobian.Difference(r, ref q);
        Finish(r, negative);
    }

    /// <summary>P = P ± Q for Q = X, Y, Z at <paramref name="q"/>, which is not infinity.</summary>
    public static void Add<TField>(EcRegisters<TField> r, ref byte q, bool negative)
        where TField : struct, IField
    {
        ref byte z = ref Unsafe.Add(ref q, 2 * TField.Bytes);
        if (r.IsZero(EcJacobian.Z) != 0)
        {
            r.Copy(EcJacobian.Z, MemoryMarshal.CreateSpan(ref z, TField.Bytes));
            CopyAffine(r, ref q, negative);
            return;
        }

        EcJacobian.ScaleToZ(r, ref z);
        EcJacobian.Difference(r, ref q);
        r.Multiply(EcJacobian.Z, EcJacobian.Z, ref z);
        Finish(r, negative);
    }

    /// <summary>The sum from the differences in T1 and T2, those of Q; for -Q, T2 becomes -(y of Q) - Y first.</summary>
    private static void Finish<TField>(EcRegisters<TField> r, bool negative)
        where TField : struct, IField
    {
        if (negative)
        {
            r.Add(EcJacobian.T2, EcJacobian.T2, EcJacobian.Y);
            r.Add(EcJacobian.T2, EcJacobian.T2, EcJacobian.Y);
            r.NegateMasked(EcJacobian.T2, EcJacobian.T0, uint.MaxValue);
        }

        if (r.IsZero(EcJacobian.T1) == 0)
        {
            EcJacobian.Finish(r);
        }
        else if (r.IsZero(EcJacobian.T2) != 0)
        {
            EcJacobian.Double(r);
        }
        else
        {
            r.SetZero(EcJacobian.Z);
        }
    }

    private static void CopyAffine<TField>(EcRegisters<TField> r, ref byte q, bool negative)
        where TField : struct, IField
    {
        r.Copy(EcJacobian.X, MemoryMarshal.CreateSpan(ref q, TField.Bytes));
        r.Copy(EcJacobian.Y, MemoryMarshal.CreateSpan(ref Unsafe.Add(ref q, TField.Bytes), TField.Bytes));
        r.NegateMasked(EcJacobian.Y, EcJacobian.T0, negative ? uint.MaxValue : 0);
    }
}
