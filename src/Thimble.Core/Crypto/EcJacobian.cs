using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// Points in Jacobian coordinates (x = X / Z², y = Y / Z³, infinity where Z = 0) of a curve with a = -3: X, Y, Z in registers
/// 0, 1, 2, with 3, 4, 5 for intermediate values. The formulas have no branches but are not complete: see each for what
/// the caller owes.
/// </summary>
internal static class EcJacobian
{
    /// <summary>X, Y, Z of the running point.</summary>
    public const int X = 0, Y = 1, Z = 2;

    /// <summary>Intermediate values; after an addition the last holds 0 if and only if both points had the same y / Z³.</summary>
    public const int T0 = 3, T1 = 4, T2 = 5;

    /// <summary>Multiplications that a doubling and an addition cost.</summary>
    public const int DoubleCost = 8, AddCost = 16;

    /// <summary>P = 2P with 4 multiplications and 4 squares (dbl-2001-b of the Explicit-Formulas Database). Infinity stays infinity. Leaks: nothing.</summary>
    public static void Double<TField>(EcRegisters<TField> r)
        where TField : struct, IField
    {
        r.Square(T0, Z);
        r.Square(T1, Y);
        r.Multiply(Z, Z, Y);
        r.Add(Z, Z, Z);
        r.Subtract(T2, X, T0);
        r.Add(T0, X, T0);
        r.Multiply(T2, T2, T0);
        r.Add(T0, T2, T2);
        r.Add(T2, T0, T2);
        r.Multiply(X, X, T1);
        r.Add(X, X, X);
        r.Add(X, X, X);
        r.Square(T1, T1);
        r.Add(T1, T1, T1);
        r.Add(T1, T1, T1);
        r.Add(T1, T1, T1);
        r.Square(T0, T2);
        r.Subtract(T0, T0, X);
        r.Subtract(T0, T0, X);
        r.Subtract(X, X, T0);
        r.Multiply(Y, X, T2);
        r.Subtract(Y, Y, T1);
        r.Copy(X, T0);
    }

    /// <summary>
    /// P = P + Q with 12 multiplications and 4 squares for Q = X, Y, Z at <paramref name="q"/> (Cohen, Miyaji, Ono, ASIACRYPT '98). Neither
    /// point may be infinity; where P = Q or P = -Q the result is Z = 0. Leaks: nothing.
    /// </summary>
    public static void Add<TField>(EcRegisters<TField> r, ref byte q)
        where TField : struct, IField
    {
        ScaleToZ(r, ref Unsafe.Add(ref q, 2 * TField.Bytes));
        Difference(r, ref q);
        r.Multiply(Z, Z, ref Unsafe.Add(ref q, 2 * TField.Bytes));
        Finish(r);
    }

    /// <summary>X = X z², Y = Y z³: what P's coordinates are over the product of both Z.</summary>
    public static void ScaleToZ<TField>(EcRegisters<TField> r, ref byte z)
        where TField : struct, IField
    {
        TField.Square(ref r.At(T0), ref z, ref r.Scratch);
        r.Multiply(X, X, T0);
        r.Multiply(T0, T0, ref z);
        r.Multiply(Y, Y, T0);
    }

    /// <summary>T1 = x of Q less X and T2 = y of Q less Y, both over the common Z.</summary>
    public static void Difference<TField>(EcRegisters<TField> r, ref byte q)
        where TField : struct, IField
    {
        r.Square(T0, Z);
        r.Multiply(T1, T0, ref q);
        r.Multiply(T0, T0, Z);
        r.Multiply(T2, T0, ref Unsafe.Add(ref q, TField.Bytes));
        r.Subtract(T1, T1, X);
        r.Subtract(T2, T2, Y);
    }

    /// <summary>The sum from the differences H in T1 and R in T2: X = R² - H³ - 2XH², Y = R (XH² - X) - YH³, Z = ZH.</summary>
    public static void Finish<TField>(EcRegisters<TField> r)
        where TField : struct, IField
    {
        r.Multiply(Z, Z, T1);
        r.Square(T0, T1);
        r.Multiply(T1, T0, T1);
        r.Multiply(T0, T0, X);
        r.Multiply(Y, Y, T1);
        r.Square(X, T2);
        r.Subtract(X, X, T1);
        r.Subtract(X, X, T0);
        r.Subtract(X, X, T0);
        r.Subtract(T0, T0, X);
        r.Multiply(T0, T0, T2);
        r.Subtract(Y, T0, Y);
    }
}
