using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// Inversion of a public number by the binary extended Euclidean algorithm (Handbook of Applied Cryptography, 14.61): a quarter of the work of
/// <see cref="EcInverse"/> on a machine without a fast multiplication. With x the number, u ≡ x a and v ≡ x b (mod m) throughout; v is
/// odd. Leaks: everything, in time and addresses.
/// </summary>
internal static class EcPublicInverse
{
    /// <summary>Registers from the first on: u, v and b.</summary>
    public const int Registers = 3;

    /// <summary>
    /// Halvings and subtractions of a piece, and the multiplications that they cost as much as. An inversion takes some 1.1 halvings and
    /// 0.7 subtractions for each bit of m, and never more than two halvings for each.
    /// </summary>
    private const int StepsOfPiece = 64, PieceCost = 16;

    /// <summary>
    /// One piece of result = 1 / x in Montgomery form. x, not zero, comes in register <paramref name="first"/>. True once it is finished.
    /// </summary>
    public static bool Step<TField>(EcRegisters<TField> r, int result, int first, ref ushort index, ref int work)
        where TField : struct, IField
    {
        int u = first, v = first + 1, b = first + 2;
        if (index == 0)
        {
            // x is the number times R, so that a = R² gives its inverse times R.
            r.Copy(v, MemoryMarshal.AsBytes(TField.Modulus));
            r.Copy(result, MemoryMarshal.AsBytes(TField.RSquared));
            r.SetZero(b);
            index = 1;
        }

        work -= PieceCost * EcRegisters<TField>.Cost;
        for (int i = 0; i < StepsOfPiece; i++)
        {
            if ((r.At(u) & 1) == 0)
            {
                Halve(r, u, false);
                Halve(r, result, true);
            }
            else if ((r.At(v) & 1) == 0)
            {
                Halve(r, v, false);
                Halve(r, b, true);
            }
            else if (IsBelow(r, u, v))
            {
                Take(r, v, u);
                r.Subtract(b, b, result);
            }
            else
            {
                Take(r, u, v);
                r.Subtract(result, result, b);
                if (r.IsZero(u) != 0)
                {
                    r.Copy(result, b);
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>x = x / 2, or (x + m) / 2 where x is odd and a number modulo m. The sum has one bit more than its words hold.</summary>
    private static void Halve<TField>(EcRegisters<TField> r, int register, bool isModular)
        where TField : struct, IField
    {
        ref uint word = ref Unsafe.As<byte, uint>(ref r.At(register));
        ref uint modulus = ref FieldWords32.First(TField.Modulus);
        uint mask = isModular ? 0 - (word & 1) : 0;
        ulong sum = (ulong)word + (modulus & mask);
        uint below = (uint)sum;
        for (int i = 1; i < TField.Bytes / sizeof(uint); i++)
        {
            sum = (sum >> 32) + Unsafe.Add(ref word, 1) + (Unsafe.Add(ref modulus, i) & mask);
            word = (below >> 1) | ((uint)sum << 31);
            below = (uint)sum;
            word = ref Unsafe.Add(ref word, 1);
        }

        word = (below >> 1) | ((uint)(sum >> 32) << 31);
    }

    /// <summary>x = x - y as numbers, y being at most x.</summary>
    private static void Take<TField>(EcRegisters<TField> r, int x, int y)
        where TField : struct, IField =>
        FieldWords32.SubtractMasked(
            ref Unsafe.As<byte, uint>(ref r.At(x)), ref Unsafe.As<byte, uint>(ref r.At(y)), uint.MaxValue, TField.Bytes / sizeof(uint));

    private static bool IsBelow<TField>(EcRegisters<TField> r, int x, int y)
        where TField : struct, IField
    {
        ReadOnlySpan<uint> left = MemoryMarshal.Cast<byte, uint>(r.Bytes(x)), right = MemoryMarshal.Cast<byte, uint>(r.Bytes(y))[..left.Length];
        for (int i = left.Length - 1; i >= 0; i--)
        {
            if (left[i] != right[i])
            {
                return left[i] < right[i];
            }
        }

        return false;
    }
}
