using System;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>Points as they come from a peer. Leaks: whether they are valid; they are public.</summary>
internal static class EcPoint
{
    /// <summary>
    /// Reads X || Y, big-endian, into registers 0 and 1 in Montgomery form. False unless both are below p and satisfy
    /// y² = x³ - 3x + b (SP 800-56A §5.6.2.3.4); infinity has no such form. Overwrites registers 3 and 4.
    /// </summary>
    public static bool Read<TCurve, TField>(EcRegisters<TField> r, ReadOnlySpan<byte> coordinates)
        where TCurve : struct, IEcCurve
        where TField : struct, IField
    {
        const int X = EcJacobian.X, Y = EcJacobian.Y, T0 = EcJacobian.T0, T1 = EcJacobian.T1;
        if (coordinates.Length != 2 * TCurve.Bytes)
        {
            return false;
        }

        r.Read(X, coordinates[..TCurve.Bytes]);
        r.Read(Y, coordinates[TCurve.Bytes..]);
        if ((r.IsReduced(X) & r.IsReduced(Y)) == 0)
        {
            return false;
        }

        r.ToMontgomery(X);
        r.ToMontgomery(Y);
        r.Square(T0, X);
        r.Multiply(T0, T0, X);
        r.Subtract(T0, T0, X);
        r.Subtract(T0, T0, X);
        r.Subtract(T0, T0, X);
        r.Copy(T1, MemoryMarshal.AsBytes(TCurve.B));
        r.Add(T0, T0, T1);
        r.Square(T1, Y);
        r.Subtract(T0, T0, T1);
        return r.IsZero(T0) != 0;
    }
}
