using System;

namespace Thimble.Crypto;

/// <summary>The prime order of the group P-384 (SP 800-186 §3.2.1), as words of 64 bits from the lowest.</summary>
internal readonly struct P384Order : IFieldModulus
{
    /// <inheritdoc/>
    public static int Bytes => 48;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus =>
    [
        0xECEC196ACCC52973, 0x581A0DB248B0A77A, 0xC7634D81F4372DDF, 0xFFFFFFFFFFFFFFFF,
        0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One =>
    [
        0x1313E695333AD68D, 0xA7E5F24DB74F5885, 0x389CB27E0BC8D220, 0x0000000000000000,
        0x0000000000000000, 0x0000000000000000,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared =>
    [
        0x2D319B2419B409A9, 0xFF3D81E5DF1AA419, 0xBC3E483AFCB82947, 0xD40D49174AAB1CC5,
        0x3FB05B7A28266895, 0x0C84EE012B39BF21,
    ];

    /// <inheritdoc/>
    public static ulong NegativeInverse => 0x6ED46089E88FDC45;
}
