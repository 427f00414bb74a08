namespace Thimble.Crypto;

/// <summary>
/// Points in homogeneous coordinates (x = X / Z, y = Y / Z, infinity (0 : 1 : 0)) with the complete formulas of Renes, Costello and
/// Batina (EUROCRYPT 2016) for a = -3: no input is exceptional, which the generator's comb needs, whose partial
/// sums may be anything. X, Y, Z are registers 0, 1, 2; 3 to 7 hold intermediate values; 8 and 9 are the affine point to add.
/// </summary>
internal static class EcComplete
{
    /// <summary>X, Y, Z of the running point.</summary>
    public const int X = 0, Y = 1, Z = 2;

    /// <summary>The affine point to add.</summary>
    public const int AddendX = 8, AddendY = 9;

    /// <summary>Registers in all.</summary>
    public const int Registers = 10;

    /// <summary>Multiplications that either operation costs.</summary>
    public const int Cost = 13;

    /// <summary>A register free between the operations.</summary>
    public const int Spare = T0;

    private const int T0 = 3, T1 = 4, T2 = 5, T3 = 6, T4 = 7;

    /// <summary>P = 2P: algorithm 6, with step 28 done early so that P may be overwritten. Leaks: nothing.</summary>
    public static void Double<TCurve, TField>(EcRegisters<TField> r)
        where TCurve : struct, IEcCurve
        where TField : struct, IField
    {
        r.Square(T0, X);
        r.Square(T1, Y);
        r.Square(T2, Z);
        r.Multiply(T3, X, Y);
        r.Add(T3, T3, T3);
        r.Multiply(T4, Y, Z);
        r.Add(T4, T4, T4);
        r.Multiply(Z, X, Z);
        r.Add(Z, Z, Z);
        r.Multiply(Y, T2, TCurve.B);
        r.Subtract(Y, Y, Z);
        r.Add(X, Y, Y);
        r.Add(Y, X, Y);
        r.Subtract(X, T1, Y);
        r.Add(Y, T1, Y);
        r.Multiply(Y, X, Y);
        r.Multiply(X, X, T3);
        r.Add(T3, T2, T2);
        r.Add(T2, T2, T3);
        r.Multiply(Z, Z, TCurve.B);
        r.Subtract(Z, Z, T2);
        r.Subtract(Z, Z, T0);
        r.Add(T3, Z, Z);
        r.Add(Z, Z, T3);
        r.Add(T3, T0, T0);
        r.Add(T0, T3, T0);
        r.Subtract(T0, T0, T2);
        r.Multiply(T0, T0, Z);
        r.Add(Y, Y, T0);
        r.Multiply(Z, T4, Z);
        r.Subtract(X, X, Z);
        r.Multiply(Z, T4, T1);
        r.Add(Z, Z, Z);
        r.Add(Z, Z, Z);
    }

    /// <summary>P = P + addend: algorithm 5, with steps 19 and 20 done early so that P may be overwritten. The addend is never infinity. Leaks: nothing.</summary>
    public static void Add<TCurve, TField>(EcRegisters<TField> r)
        where TCurve : struct, IEcCurve
        where TField : struct, IField
    {
        r.Multiply(T0, X, AddendX);
        r.Multiply(T1, Y, AddendY);
        r.Add(T3, AddendX, AddendY);
        r.Add(T4, X, Y);
        r.Multiply(T3, T3, T4);
        r.Add(T4, T0, T1);
        r.Subtract(T3, T3, T4);
        r.Multiply(T4, AddendY, Z);
        r.Add(T4, T4, Y);
        r.Multiply(Y, AddendX, Z);
        r.Add(Y, Y, X);
        r.Add(T2, Z, Z);
        r.Add(T2, T2, Z);
        r.Multiply(Z, Z, TCurve.B);
        r.Subtract(X, Y, Z);
        r.Add(Z, X, X);
        r.Add(X, X, Z);
        r.Subtract(Z, T1, X);
        r.Add(X, T1, X);
        r.Multiply(Y, Y, TCurve.B);
        r.Subtract(Y, Y, T2);
        r.Subtract(Y, Y, T0);
        r.Add(T1, Y, Y);
        r.Add(Y, T1, Y);
        r.Add(T1, T0, T0);
        r.Add(T0, T1, T0);
        r.Subtract(T0, T0, T2);
        r.Multiply(T1, T4, Y);
        r.Multiply(T2, T0, Y);
        r.Multiply(Y, X, Z);
        r.Add(Y, Y, T2);
        r.Multiply(X, T3, X);
        r.Subtract(X, X, T1);
        r.Multiply(Z, T4, Z);
        r.Multiply(T1, T3, T0);
        r.Add(Z, Z, T1);
    }
}
