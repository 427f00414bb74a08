using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AesInstructions = System.Runtime.Intrinsics.Arm.Aes;

namespace Thimble.Crypto;

/// <summary>
/// The cryptographic extension of 64-bit Arm processors. AESE adds its key before SubBytes and ShiftRows, so it gets
/// zeros, and the round key is added afterwards.
/// </summary>
internal readonly struct GcmInstructionsArm : IGcmInstructions
{
    /// <inheritdoc/>
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => AesInstructions.IsSupported;
    }

    /// <inheritdoc/>
    public static bool HasWideGhash => false;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> Round(Vector128<byte> state, Vector128<byte> roundKey)
        => AesInstructions.MixColumns(AesInstructions.Encrypt(state, Vector128<byte>.Zero)) ^ roundKey;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<byte> LastRound(Vector128<byte> state, Vector128<byte> roundKey)
        => AesInstructions.Encrypt(state, Vector128<byte>.Zero) ^ roundKey;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> MultiplyLow(Vector128<ulong> a, Vector128<ulong> b)
        => AesInstructions.PolynomialMultiplyWideningLower(a.GetLower(), b.GetLower());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> MultiplyHigh(Vector128<ulong> a, Vector128<ulong> b)
        => AesInstructions.PolynomialMultiplyWideningUpper(a, b);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> MultiplyLowHigh(Vector128<ulong> a, Vector128<ulong> b)
        => AesInstructions.PolynomialMultiplyWideningLower(a.GetLower(), b.GetUpper());
}
