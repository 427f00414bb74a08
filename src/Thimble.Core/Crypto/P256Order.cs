using System;

namespace Thimble.Crypto;

/// <summary>The prime order of the group P-256 (SP 800-186 §3.2.1), as words of 64 bits from the lowest.</summary>
internal readonly struct P256Order : IFieldModulus
{
    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus =>
    [
        0xF3B9CAC2FC632551, 0xBCE6FAADA7179E84, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFF00000000,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One =>
    [
        0x0C46353D039CDAAF, 0x4319055258E8617B, 0x0000000000000000, 0x00000000FFFFFFFF,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared =>
    [
        0x83244C95BE79EEA2, 0x4699799C49BD6FA6, 0x2845B2392B6BEC59, 0x66E12D94F3D95620,
    ];

    /// <inheritdoc/>
    public static ulong NegativeInverse => 0xCCD1C8AAEE00BC4F;
}
