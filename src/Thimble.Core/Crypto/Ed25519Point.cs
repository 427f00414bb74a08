namespace Thimble.Crypto;

/// <summary>
/// Points of edwards25519 in extended homogeneous coordinates (RFC 8032 §5.1.4), whose T is kept as its factors E and H, since a doubling
/// needs none. The formulas are complete: right for every pair of points. Leaks: nothing.
/// </summary>
/// <remarks>
/// Limbs of 51 bits: a sum or difference of two products stays below 2^53, one of a sum and another sum below 2^54, and the
/// factors of a product may have as much: five columns of 19 · 2^108 leave a carry below 2^64.
/// </remarks>
internal static class Ed25519Point
{
    /// <summary>The point: x = X / Z, y = Y / Z, xy = E H / Z.</summary>
    public const int X = 0, Y = 1, Z = 2, E = 3, H = 4;

    /// <summary>Three registers of scratch, side by side.</summary>
    public const int T0 = 5, T1 = 6, T2 = 7;

    /// <summary>The addend: y + x, y - x and 2dxy.</summary>
    public const int Sum = 8, Difference = 9, Product = 10;

    /// <summary>Registers in all.</summary>
    public const int Registers = 11;

    /// <summary>Multiplications of a doubling, and of an addition.</summary>
    public const int Cost = 7;

    /// <summary>The neutral point (0, 1).</summary>
    public static void SetNeutral<TField>(Ed25519Registers<TField> r)
        where TField : struct, IField25519
    {
        r.Set(X, 0);
        r.Set(Y, 1);
        r.Set(Z, 1);
        r.Set(E, 0);
        r.Set(H, 1);
    }

    /// <summary>P = 2 P, the letters being those of RFC 8032.</summary>
    public static void Double<TField>(Ed25519Registers<TField> r)
        where TField : struct, IField25519
    {
        r.Add(T2, X, Y);
        r.Multiply(T0, X, X);    // A
        r.Multiply(T1, Y, Y);    // B
        r.Multiply(Z, Z, Z);
        r.Multiply(T2, T2, T2);
        r.Add(H, T0, T1);
        r.Subtract(E, H, T2);
        r.Subtract(T1, T0, T1);  // G
        r.Add(Z, Z, Z);          // C
        r.Add(T0, Z, T1);        // F
        Finish(r);
    }

    /// <summary>P = P + the addend, or less the addend where the mask is all ones. The addend is overwritten.</summary>
    public static void Add<TField>(Ed25519Registers<TField> r, uint negative)
        where TField : struct, IField25519
    {
        r.SwapMasked(Sum, Difference, negative);
        r.Multiply(T2, E, H);
        r.Multiply(T2, T2, Product);     // C
        r.Subtract(T0, Y, X);
        r.Multiply(T0, T0, Difference);  // A
        r.Add(T1, Y, X);
        r.Multiply(T1, T1, Sum);         // B
        r.Subtract(E, T1, T0);
        r.Add(H, T1, T0);
        r.Add(Z, Z, Z);                  // D
        r.Subtract(T0, Z, T2);           // F
        r.Add(T1, Z, T2);                // G
        r.SwapMasked(T0, T1, negative);
        Finish(r);
    }

    private static void Finish<TField>(Ed25519Registers<TField> r)
        where TField : struct, IField25519
    {
        r.Multiply(X, E, T0);
        r.Multiply(Y, T1, H);
        r.Multiply(Z, T0, T1);
    }
}
