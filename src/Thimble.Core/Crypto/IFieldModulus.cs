using System;

namespace Thimble.Crypto;

/// <summary>A prime modulus m with what Montgomery arithmetic needs to know of it, R being 2^(8 · <see cref="Bytes"/>), or 1 where products are reduced otherwise.</summary>
internal interface IFieldModulus
{
    /// <summary>Bytes of an element.</summary>
    static abstract int Bytes { get; }

    /// <summary>The modulus, words of 64 bits from the lowest.</summary>
    static abstract ReadOnlySpan<ulong> Modulus { get; }

    /// <summary>R mod m: one in Montgomery form.</summary>
    static abstract ReadOnlySpan<ulong> One { get; }

    /// <summary>R² mod m: multiplying by it enters Montgomery form.</summary>
    static abstract ReadOnlySpan<ulong> RSquared { get; }

    /// <summary>-1/m modulo 2^64; its low half is -1/m modulo 2^32.</summary>
    static abstract ulong NegativeInverse { get; }
}
