using System;

namespace Thimble.Crypto;

/// <summary>
/// The prime of the field of P-521, 2^521 - 1 (SP 800-186 §3.2.1), as words of 64 bits from the lowest. Reduction needs no Montgomery
/// form, so R is 1 here. Elements fill words of 64 bits on every machine, so that both read the same tables.
/// </summary>
internal readonly struct P521Prime : IFieldModulus
{
    /// <inheritdoc/>
    public static int Bytes => 72;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus =>
    [
        0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF,
        0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF,
        0x00000000000001FF,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One =>
    [
        0x0000000000000001, 0x0000000000000000, 0x0000000000000000, 0x0000000000000000,
        0x0000000000000000, 0x0000000000000000, 0x0000000000000000, 0x0000000000000000,
        0x0000000000000000,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared =>
    [
        0x0000000000000001, 0x0000000000000000, 0x0000000000000000, 0x0000000000000000,
        0x0000000000000000, 0x0000000000000000, 0x0000000000000000, 0x0000000000000000,
        0x0000000000000000,
    ];

    /// <inheritdoc/>
    public static ulong NegativeInverse => 0x0000000000000001;
}
