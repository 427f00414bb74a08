using System;

namespace Thimble.Crypto;

/// <summary>The prime order of the group P-521 (SP 800-186 §3.2.1), as words of 64 bits from the lowest.</summary>
internal readonly struct P521Order : IFieldModulus
{
    /// <inheritdoc/>
    public static int Bytes => P521Prime.Bytes;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus =>
    [
        0xBB6FB71E91386409, 0x3BB5C9B8899C47AE, 0x7FCC0148F709A5D0, 0x51868783BF2F966B,
        0xFFFFFFFFFFFFFFFA, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF,
        0x00000000000001FF,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One =>
    [
        0xFB80000000000000, 0x28A2482470B763CD, 0x17E2251B23BB31DC, 0xCA4019FF5B847B2D,
        0x02D73CBC3E206834, 0x0000000000000000, 0x0000000000000000, 0x0000000000000000,
        0x0000000000000000,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared =>
    [
        0x137CD04DCF15DD04, 0xF707BADCE5547EA3, 0x12A78D38794573FF, 0xD3721EF557F75E06,
        0xDD6E23D82E49C7DB, 0xCFF3D142B7756E3E, 0x5BCC6D61A8E567BC, 0x2D8E03D1492D0D45,
        0x000000000000003D,
    ];

    /// <inheritdoc/>
    public static ulong NegativeInverse => 0x1D2F5CCD79A995C7;
}
