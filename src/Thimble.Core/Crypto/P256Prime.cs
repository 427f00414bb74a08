using System;

namespace Thimble.Crypto;

/// <summary>The prime of the field of P-256 (SP 800-186 §3.2.1), as words of 64 bits from the lowest.</summary>
internal readonly struct P256Prime : IFieldModulus
{
    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus =>
    [
        0xFFFFFFFFFFFFFFFF, 0x00000000FFFFFFFF, 0x0000000000000000, 0xFFFFFFFF00000001,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One =>
    [
        0x0000000000000001, 0xFFFFFFFF00000000, 0xFFFFFFFFFFFFFFFF, 0x00000000FFFFFFFE,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared =>
    [
        0x0000000000000003, 0xFFFFFFFBFFFFFFFF, 0xFFFFFFFFFFFFFFFE, 0x00000004FFFFFFFD,
    ];

    /// <inheritdoc/>
    public static ulong NegativeInverse => 0x0000000000000001;
}
