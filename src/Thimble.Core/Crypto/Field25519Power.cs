using System;

namespace Thimble.Crypto;

/// <summary>
/// z^(p - 2) = 1 / z, and z^((p - 5) / 8) for square roots (RFC 8032 §5.1.3), p being 2^255 - 19, by D. J. Bernstein's chain.
/// z comes in register Z of <see cref="Ed25519Point"/>, and the power goes to register H. Leaks: nothing.
/// </summary>
internal static class Field25519Power
{
    /// <summary>The register of z.</summary>
    public const int Base = Ed25519Point.Z;

    /// <summary>The register of the power.</summary>
    public const int Result = C;

    private const int A = Base + 1, C = Base + 2, D = Base + 3, Working = Base + 4;
    private const byte None = 0xFF;
    private const int RowBytes = 4, InversionRow = 11, RootRow = 12;

    // Target = source squared so many times, times factor. The exponent that each row reaches stands beside it.
    private static ReadOnlySpan<byte> Chain =>
    [
        Base, 1, None, A,  // 2
        A, 2, Base, C,     // 9
        C, 0, A, A,        // 11
        A, 1, C, C,        // 2^5 - 1
        C, 5, C, C,        // 2^10 - 1
        C, 10, C, D,       // 2^20 - 1
        D, 20, D, D,       // 2^40 - 1
        D, 10, C, C,       // 2^50 - 1
        C, 50, C, D,       // 2^100 - 1
        D, 100, D, D,      // 2^200 - 1
        D, 50, C, C,       // 2^250 - 1
        C, 5, A, C,        // 2^255 - 21
        C, 2, Base, C,     // 2^252 - 3, instead of the last
    ];

    /// <summary>One multiplication of the chain; <paramref name="index"/> counts from 0. True once the power is there.</summary>
    public static bool Step<TField>(Ed25519Registers<TField> r, bool root, ref ushort index, ref int work)
        where TField : struct, IField25519
    {
        int number = index >> 8, squarings = index & 0xFF;
        ReadOnlySpan<byte> row = Chain.Slice((number == InversionRow && root ? RootRow : number) * RowBytes, RowBytes);
        int source = squarings == 0 ? row[0] : Working;
        work--;
        if (squarings < row[1])
        {
            r.Multiply(Working, source, source);
            index++;
            return false;
        }

        if (row[2] == None)
        {
            r.Copy(row[3], source);
        }
        else
        {
            r.Multiply(row[3], source, row[2]);
        }

        index = (ushort)((number + 1) << 8);
        return number == InversionRow;
    }
}
