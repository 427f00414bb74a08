using System;

namespace Thimble.Crypto;

/// <summary>The prime of the field of P-384 (SP 800-186 §3.2.1), as words of 64 bits from the lowest.</summary>
internal readonly struct P384Prime : IFieldModulus
{
    /// <inheritdoc/>
    public static int Bytes => 48;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus =>
    [
        0x00000000FFFFFFFF, 0xFFFFFFFF00000000, 0xFFFFFFFFFFFFFFFE, 0xFFFFFFFFFFFFFFFF,
        0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One =>
    [
        0xFFFFFFFF00000001, 0x00000000FFFFFFFF, 0x0000000000000001, 0x0000000000000000,
        0x0000000000000000, 0x0000000000000000,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared =>
    [
        0xFFFFFFFE00000001, 0x0000000200000000, 0xFFFFFFFE00000000, 0x0000000200000000,
        0x0000000000000001, 0x0000000000000000,
    ];

    /// <inheritdoc/>
    public static ulong NegativeInverse => 0x0000000100000001;
}
