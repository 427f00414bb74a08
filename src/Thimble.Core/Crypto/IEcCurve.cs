using System;

namespace Thimble.Crypto;

/// <summary>What a curve y² = x³ - 3x + b contributes to the shared formulas. Points of tables are X, Y in Montgomery form.</summary>
internal interface IEcCurve
{
    /// <summary>Bytes of a coordinate and of a scalar.</summary>
    static abstract int Bytes { get; }

    /// <summary>d: the comb's five teeth are d bits apart and its two tables d / 2; 5 d bits hold a scalar.</summary>
    static abstract int CombSpacing { get; }

    /// <summary>b in Montgomery form.</summary>
    static abstract ReadOnlySpan<ulong> B { get; }

    /// <summary>G, 3G, 5G ... 15G.</summary>
    static abstract ReadOnlySpan<ulong> OddMultiples { get; }

    /// <summary>
    /// Two tables of 16 points: entry i of table t is 2^(t d / 2) (2^(4 d) ± 2^(3 d) ± 2^(2 d) ± 2^d ± 1) G with a plus where
    /// the bit of i (bit 3 for 2^(3 d)) is set.
    /// </summary>
    static abstract ReadOnlySpan<ulong> Comb { get; }
}
