using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// The field of P-521 with products in words of 64 bits and their reduction in words of 32 (<see cref="P521Reduction32"/>):
/// little-endian memory holds both alike. For public numbers.
/// </summary>
internal readonly struct P521Field64 : IField
{
    private const int Words = 9;

    private static ref ulong Prime => ref MemoryMarshal.GetReference(P521Prime.Modulus);

    /// <inheritdoc/>
    public static int Bytes => P521Prime.Bytes;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus => P521Prime.Modulus;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One => P521Prime.One;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared => P521Prime.RSquared;

    /// <inheritdoc/>
    public static ulong NegativeInverse => P521Prime.NegativeInverse;

    /// <inheritdoc/>
    public static int ScratchBytes => 2 * Bytes;

    /// <inheritdoc/>
    public static void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch)
    {
        FieldWords64.Multiply(ref Unsafe.As<byte, ulong>(ref scratch), ref a, ref b, Words);
        P521Reduction32.Reduce(ref result, ref Unsafe.As<byte, uint>(ref scratch));
    }

    /// <inheritdoc/>
    public static void Square(ref byte result, ref byte a, ref byte scratch) => Multiply(ref result, ref a, ref a, ref scratch);

    /// <inheritdoc/>
    public static void Add(ref byte result, ref byte a, ref byte b) => FieldWords64.Add(ref result, ref a, ref b, ref Prime, Words);

    /// <inheritdoc/>
    public static void Subtract(ref byte result, ref byte a, ref byte b) => FieldWords64.Subtract(ref result, ref a, ref b, ref Prime, Words);
}
