using System.Runtime.Intrinsics;

namespace Thimble.Crypto;

/// <summary>The few instructions in which processors differ that compute AES and carry-less products themselves. All of them take constant time.</summary>
internal interface IGcmInstructions
{
    /// <summary>True where the processor has all that the members below use.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>True where long texts are better authenticated by <see cref="GhashWide"/>.</summary>
    static abstract bool HasWideGhash { get; }

    /// <summary>SubBytes, ShiftRows, MixColumns, AddRoundKey (FIPS 197 §5.1).</summary>
    static abstract Vector128<byte> Round(Vector128<byte> state, Vector128<byte> roundKey);

    /// <summary>SubBytes, ShiftRows, AddRoundKey: the last round.</summary>
    static abstract Vector128<byte> LastRound(Vector128<byte> state, Vector128<byte> roundKey);

    /// <summary>The carry-less product of the low halves.</summary>
    static abstract Vector128<ulong> MultiplyLow(Vector128<ulong> a, Vector128<ulong> b);

    /// <summary>The carry-less product of the high halves.</summary>
    static abstract Vector128<ulong> MultiplyHigh(Vector128<ulong> a, Vector128<ulong> b);

    /// <summary>The carry-less product of the low half of <paramref name="a"/> and the high half of <paramref name="b"/>.</summary>
    static abstract Vector128<ulong> MultiplyLowHigh(Vector128<ulong> a, Vector128<ulong> b);
}
