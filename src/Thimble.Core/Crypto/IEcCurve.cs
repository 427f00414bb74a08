using System;

namespace Thimble.Crypto;

/// <summary>What a curve y² = x³ - 3x + b contributes to the shared formulas. Elements and points of tables are in the form of its field.</summary>
internal interface IEcCurve
{
    /// <summary>Bytes of an encoded coordinate, and enough for a scalar.</summary>
    static abstract int Bytes { get; }

    /// <summary>b.</summary>
    static abstract ReadOnlySpan<ulong> B { get; }

    /// <summary>G, 3G, 5G ... 15G.</summary>
    static abstract ReadOnlySpan<ulong> OddMultiples { get; }
}
