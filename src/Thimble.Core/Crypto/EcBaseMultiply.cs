using System;
using System.Runtime.InteropServices;
using System.Runtime.CompilerServices;

namespace Thimble.Crypto;

/// <summary>
/// Multiples k G of the generator by a comb with signed teeth (Hamburg, ePrint 2012/309 §3.3): an odd k below 2^L, L = 5 d, is the sum of
/// all ±2^i, i below L, with a plus at i where bit i + 1 of k is set or i = L - 1. So no digit is ever zero. Registers are those
/// of <see cref="EcComplete"/>. Leaks: nothing.
/// </summary>
internal static class EcBaseMultiply
{
    private const int Teeth = 5, Tables = 2, Entries = 16;

    /// <summary>
    /// One piece (one doubling, two additions) of (X : Y : Z) = k G for the odd k, as a number, in register <paramref name="scalar"/>.
    /// True once it is finished.
    /// </summary>
    [ConstantTime(PublicBranches = 3)]
    public static bool Step<TCurve, TField>(EcRegisters<TField> r, int scalar, ref ushort index, ref int work)
        where TCurve : struct, IEcKeyCurve
        where TField : struct, IField
    {
        int columns = TCurve.CombSpacing / Tables;
        if (index == 0)
        {
            r.SetZero(EcComplete.X);
            r.SetOne(EcComplete.Y);
            r.SetZero(EcComplete.Z);
        }
        else
        {
            EcComplete.Double<TCurve, TField>(r);
        }

        int column = columns - 1 - index;
        AddColumn<TCurve, TField>(r, scalar, 0, column);
        AddColumn<TCurve, TField>(r, scalar, 1, column + columns);
        work -= (1 + Tables) * EcComplete.Cost * EcRegisters<TField>.Cost;
        return ++index == columns;
    }

    /// <summary>
    /// Makes a number in [1, n - 1] odd by taking n - k where k is even, and returns the mask of that: all ones where it was. The x of
    /// the multiple is the same and y is negated. Leaks: nothing.
    /// </summary>
    public static uint MakeOdd<TScalars>(EcRegisters<TScalars> r, int scalar, int spare)
        where TScalars : struct, IField
    {
        uint even = (uint)(r.At(scalar) & 1) - 1;
        r.NegateMasked(scalar, spare, even);
        return even;
    }

    /// <summary>Adds the point that the bits at column, column + d ... column + 4 d choose; the fifth is the sign of all.</summary>
    [ConstantTime(PublicBranches = 6)]
    private static void AddColumn<TCurve, TField>(EcRegisters<TField> r, int scalar, int table, int column)
        where TCurve : struct, IEcKeyCurve
        where TField : struct, IField
    {
        uint choice = 0;
        for (int tooth = Teeth - 1; tooth >= 0; tooth--)
        {
            choice = (choice << 1) | Plus<TCurve, TField>(r, scalar, column + (tooth * TCurve.CombSpacing));
        }

        uint negative = (choice >> (Teeth - 1)) - 1;
        uint entry = (choice ^ negative) & (Entries - 1);
        ref byte points = ref MemoryMarshal.GetReference(MemoryMarshal.AsBytes(TCurve.Comb));
        r.Select(EcComplete.AddendX, ref Unsafe.Add(ref points, table * Entries * 2 * TCurve.Bytes), Entries, 2, entry);
        r.NegateMasked(EcComplete.AddendY, EcComplete.Spare, negative);
        EcComplete.Add<TCurve, TField>(r);
    }

    /// <summary>1 where 2^position comes with a plus. Branches on the public position alone.</summary>
    private static uint Plus<TCurve, TField>(EcRegisters<TField> r, int scalar, int position)
        where TCurve : struct, IEcKeyCurve
        where TField : struct, IField
    {
        if (position == (Teeth * TCurve.CombSpacing) - 1)
        {
            return 1;
        }

        int bit = position + 1;
        return bit < TCurve.Bytes * 8 ? (uint)(r.Bytes(scalar)[bit >> 3] >> (bit & 7)) & 1 : 0;
    }
}
