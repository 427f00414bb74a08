using System;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// X25519 (RFC 7748 §5): 32-byte scalars and u-coordinates, little-endian. The Montgomery ladder, then an inversion by
/// Fermat. <c>operation</c> lies at a multiple of 8; its first 8 bytes are cleared to begin; it is not wiped.
/// A call after the end fails.
/// </summary>
public static class X25519
{
    /// <summary>Bytes of a scalar, of a u-coordinate and of a shared secret.</summary>
    public const int KeyBytes = 32;

    private const byte Begin = 0;
    private const byte Ladder = 1;
    private const byte Invert = 2;
    private const byte Finish = 3;
    private const byte Ended = 4;
    private const int HeaderBytes = 8;
    private const int Registers = 6;

    /// <summary>Bytes of <c>operation</c>: 408 on a 32-bit machine, 248 on a 64-bit one.</summary>
    public static int OperationBytes => OperationBytesFor(nuint.Size);

    /// <summary>Bytes of <c>operation</c> on a machine whose words have 4 or 8 bytes.</summary>
    public static int OperationBytesFor(int wordBytes) =>
        HeaderBytes + (Registers * Field25519.Bytes) + (wordBytes == 8 ? 0 : Field25519Radix13.WideBytes);

    // z^(p - 2) by D. J. Bernstein's chain: target = source squared so many times, times factor (0: none); registers
    // are 1 z2, 2 x3, 3 z3, 4 t0. The exponent that each row reaches stands beside it.
    private static ReadOnlySpan<byte> InversionChain =>
    [
        1, 1, 0, 2,   // 2
        2, 2, 1, 3,   // 9
        2, 0, 3, 2,   // 11
        2, 1, 3, 3,   // 2^5 - 1
        3, 5, 3, 3,   // 2^10 - 1
        3, 10, 3, 4,  // 2^20 - 1
        4, 20, 4, 4,  // 2^40 - 1
        4, 10, 3, 3,  // 2^50 - 1
        3, 50, 3, 4,  // 2^100 - 1
        4, 100, 4, 4, // 2^200 - 1
        4, 50, 3, 3,  // 2^250 - 1
        3, 5, 2, 3,   // 2^255 - 21
    ];

    /// <summary>
    /// The u-coordinate of scalar times the point with that <paramref name="u"/>. Fails where the result is all zeros
    /// (RFC 7748 §6.1), as it is for points of small order. Resumable: a step of the ladder costs about 10 units of
    /// work and is not divided. Leaks: nothing; where it fails, that u has small order.
    /// </summary>
    public static StepStatus ScalarMultiply(Span<byte> operation, ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> u, Span<byte> result, ref int work) =>
        nuint.Size == 8
            ? ScalarMultiply<Field25519Radix51>(operation, scalar, u, result, ref work)
            : ScalarMultiply<Field25519Radix13>(operation, scalar, u, result, ref work);

    /// <summary>With limbs of a chosen form. Leaks: nothing.</summary>
    internal static StepStatus ScalarMultiply<TField>(Span<byte> operation, ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> u, Span<byte> result, ref int work)
        where TField : struct, IField25519
    {
        ref Progress progress = ref MemoryMarshal.AsRef<Progress>(operation);
        do
        {
            switch (progress.Phase)
            {
                case Begin:
                    Start<TField>(operation, u[..KeyBytes]);
                    progress.Bit = 254;
                    progress.Phase = Ladder;
                    break;
                case Ladder:
                    ConditionalSwap(operation, ScalarBit(scalar, progress.Bit) ^ ScalarBit(scalar, progress.Bit + 1));
                    StepLadder<TField>(operation, u);
                    work -= 10;
                    progress.Bit--;
                    progress.Phase = progress.Bit < 0 ? Invert : Ladder;
                    break;
                case Invert:
                    StepInversion<TField>(operation, ref progress);
                    work--;
                    progress.Phase = progress.Row == InversionChain.Length ? Finish : Invert;
                    break;
                case Finish:
                    // Bit 0 of a clamped scalar is 0: the ladder ends unswapped.
                    TField.Multiply(Register(operation, 0), Register(operation, 0), Register(operation, 3), Wide(operation));
                    TField.Encode(result[..KeyBytes], Register(operation, 0));
                    progress.Phase = Ended;
                    return IsZero(result[..KeyBytes]) ? StepStatus.Failed : StepStatus.Done;
                default:
                    return StepStatus.Failed;
            }
        }
        while (work > 0);
        return StepStatus.More;
    }

    private static Span<byte> Register(Span<byte> operation, int index) =>
        operation.Slice(HeaderBytes + (index * Field25519.Bytes), Field25519.Bytes);

    private static Span<byte> Wide(Span<byte> operation) => operation[(HeaderBytes + (Registers * Field25519.Bytes))..];

    // x2 = 1, z2 = 0, x3 = u, z3 = 1. Zero and one have the same bytes in both forms.
    private static void Start<TField>(Span<byte> operation, ReadOnlySpan<byte> u)
        where TField : struct, IField25519
    {
        operation.Slice(HeaderBytes, 4 * Field25519.Bytes).Clear();
        Register(operation, 0)[0] = 1;
        TField.Decode(Register(operation, 2), u);
        Register(operation, 3)[0] = 1;
    }

    /// <summary>Clamped as decodeScalar25519 of RFC 7748 §5; the position is public, bit 255 reads as 0.</summary>
    private static uint ScalarBit(ReadOnlySpan<byte> scalar, int bit) => bit switch
    {
        < 3 or 255 => 0,
        254 => 1,
        _ => ((uint)scalar[bit >> 3] >> (bit & 7)) & 1,
    };

    /// <summary>Exchanges (x2, z2) with (x3, z3) where the bit is set. Leaks: nothing.</summary>
    [ConstantTime(PublicBranches = 1)]
    private static void ConditionalSwap(Span<byte> operation, uint bit)
    {
        uint mask = 0 - bit;
        Span<uint> left = MemoryMarshal.Cast<byte, uint>(operation.Slice(HeaderBytes, 2 * Field25519.Bytes));
        Span<uint> right = MemoryMarshal.Cast<byte, uint>(operation.Slice(HeaderBytes + (2 * Field25519.Bytes), 2 * Field25519.Bytes));
        for (int i = 0; i < left.Length; i++)
        {
            uint difference = (left[i] ^ right[i]) & mask;
            left[i] ^= difference;
            right[i] ^= difference;
        }
    }

    /// <summary>One step of the ladder (RFC 7748 §5), its letters in the comments. Leaks: nothing.</summary>
    private static void StepLadder<TField>(Span<byte> operation, ReadOnlySpan<byte> u)
        where TField : struct, IField25519
    {
        Span<byte> x2 = Register(operation, 0), z2 = Register(operation, 1), x3 = Register(operation, 2), z3 = Register(operation, 3);
        Span<byte> t0 = Register(operation, 4), t1 = Register(operation, 5), wide = Wide(operation);

        TField.Add(t0, x2, z2);                // A
        TField.Subtract(x2, x2, z2);           // B
        TField.Add(z2, x3, z3);                // C
        TField.Subtract(x3, x3, z3);           // D
        TField.Multiply(z3, x3, t0, wide);     // DA
        TField.Multiply(z2, z2, x2, wide);     // CB
        TField.Add(x3, z3, z2);
        TField.Subtract(z3, z3, z2);
        TField.Multiply(x3, x3, x3, wide);     // x3 = (DA + CB)^2
        TField.Multiply(z3, z3, z3, wide);
        TField.Decode(z2, u);
        TField.Multiply(z3, z3, z2, wide);     // z3 = x1 * (DA - CB)^2
        TField.Multiply(z2, t0, t0, wide);     // AA
        TField.Multiply(t0, x2, x2, wide);     // BB
        TField.Multiply(x2, z2, t0, wide);     // x2 = AA * BB
        TField.Subtract(t0, z2, t0);           // E
        TField.MultiplyByA24(t1, t0);
        TField.Add(t1, t1, z2);
        TField.Multiply(z2, t0, t1, wide);     // z2 = E * (AA + a24 * E)
    }

    /// <summary>One product of the inversion. The squarings of a row happen in t1. Leaks: nothing.</summary>
    private static void StepInversion<TField>(Span<byte> operation, ref Progress progress)
        where TField : struct, IField25519
    {
        ReadOnlySpan<byte> row = InversionChain.Slice(progress.Row, 4);
        Span<byte> source = Register(operation, progress.Squarings == 0 ? row[0] : 5);
        if (progress.Squarings < row[1])
        {
            TField.Multiply(Register(operation, 5), source, source, Wide(operation));
            progress.Squarings++;
            return;
        }

        if (row[2] == 0)
        {
            source.CopyTo(Register(operation, row[3]));
        }
        else
        {
            TField.Multiply(Register(operation, row[3]), source, Register(operation, row[2]), Wide(operation));
        }

        progress.Squarings = 0;
        progress.Row += 4;
    }

    private static bool IsZero(ReadOnlySpan<byte> bytes)
    {
        uint bits = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            bits |= bytes[i];
        }

        return bits == 0;
    }

    /// <summary>The header: cleared memory is the beginning.</summary>
    private struct Progress
    {
        public byte Phase;
        public byte Row;
        public byte Squarings;
        public byte Reserved;
        public int Bit;
    }
}
