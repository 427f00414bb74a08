using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// The field of P-384 with products in words of 64 bits and their reduction in words of 32, where it takes no multiplication
/// (<see cref="P384Reduction32"/>): little-endian memory holds both alike. Leaks: nothing.
/// </summary>
internal readonly struct P384Field64 : IField
{
    private const int Words = 6;

    /// <inheritdoc/>
    public static int Bytes => P384Prime.Bytes;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> Modulus => P384Prime.Modulus;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> One => P384Prime.One;

    /// <inheritdoc/>
    public static ReadOnlySpan<ulong> RSquared => P384Prime.RSquared;

    /// <inheritdoc/>
    public static ulong NegativeInverse => P384Prime.NegativeInverse;

    /// <inheritdoc/>
    public static int ScratchBytes => 2 * Bytes;

    /// <inheritdoc/>
    [ConstantTime(PublicBranches = 1)]
    public static void Multiply(ref byte result, ref byte a, ref byte b, ref byte scratch)
    {
        ref ulong product = ref Unsafe.As<byte, ulong>(ref scratch);
        ref ulong factors = ref Unsafe.As<byte, ulong>(ref a);
        ref ulong other = ref Unsafe.As<byte, ulong>(ref b);
        FieldWords64.Multiply6(ref product, factors, ref other);
        for (int i = 1; i < Words; i++)
        {
            FieldWords64.MultiplyAdd6(ref Unsafe.Add(ref product, i), Unsafe.Add(ref factors, i), ref other);
        }

        P384Reduction32.Reduce(ref result, ref Unsafe.As<byte, uint>(ref scratch));
    }

    /// <inheritdoc/>
    public static void Square(ref byte result, ref byte a, ref byte scratch) => Multiply(ref result, ref a, ref a, ref scratch);

    /// <inheritdoc/>
    public static void Add(ref byte result, ref byte a, ref byte b) =>
        FieldWords64.Add(ref result, ref a, ref b, ref MemoryMarshal.GetReference(P384Prime.Modulus), Words);

    /// <inheritdoc/>
    public static void Subtract(ref byte result, ref byte a, ref byte b) =>
        FieldWords64.Subtract(ref result, ref a, ref b, ref MemoryMarshal.GetReference(P384Prime.Modulus), Words);
}
