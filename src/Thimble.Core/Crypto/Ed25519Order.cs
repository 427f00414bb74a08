using System;

namespace Thimble.Crypto;

/// <summary>The prime order L = 2^252 + 27742317777372353535851937790883648493 of the base point (RFC 8032 §5.1), as words of 64 bits from the lowest.</summary>
internal readonly struct Ed25519Order : IFieldModulus
{
    /// <inheritdoc/>
    public static int Bytes => 32;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus =>
    [
        0x5812631A5CF5D3ED, 0x14DEF9DEA2F79CD6, 0x0000000000000000, 0x1000000000000000,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One =>
    [
        0xD6EC31748D98951D, 0xC6EF5BF4737DCF70, 0xFFFFFFFFFFFFFFFE, 0x0FFFFFFFFFFFFFFF,
    ];

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared =>
    [
        0xA40611E3449C0F01, 0xD00E1BA768859347, 0xCEEC73D217F5BE65, 0x0399411B7C309A3D,
    ];

    /// <inheritdoc/>
    public static ulong NegativeInverse => 0xD2B51DA312547E1B;
}
