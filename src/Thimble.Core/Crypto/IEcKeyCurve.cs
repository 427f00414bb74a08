using System;

namespace Thimble.Crypto;

/// <summary>A curve that keys of our own may be on: what multiplies its generator by a secret.</summary>
internal interface IEcKeyCurve : IEcCurve
{
    /// <summary>d: the comb's five teeth are d bits apart and its two tables d / 2; 5 d bits hold a scalar.</summary>
    static abstract int CombSpacing { get; }

    /// <summary>
    /// Two tables of 16 points: entry i of table t is 2^(t d / 2) (2^(4 d) ± 2^(3 d) ± 2^(2 d) ± 2^d ± 1) G with a plus where
    /// the bit of i (bit 3 for 2^(3 d)) is set.
    /// </summary>
    static abstract ReadOnlySpan<ulong> Comb { get; }
}
