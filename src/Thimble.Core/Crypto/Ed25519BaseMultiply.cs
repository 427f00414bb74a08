using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Thimble.Crypto;

/// <summary>
/// Multiples k B of the base point by a comb with signed teeth (Hamburg, ePrint 2012/309 §3.3), as in <see cref="EcBaseMultiply"/>: an
/// odd k below 2^260 is the sum of all ±2^i, i below 260, with a plus at i where bit i + 1 of k is set or i = 259. So no digit is ever
/// zero. Leaks: nothing.
/// </summary>
internal static class Ed25519BaseMultiply
{
    private const int Teeth = 5, Spacing = 52, Columns = 26, Entries = 16;
    private const int EntryWords32 = 2 * Ed25519Tables.EntryWords, NumberBytes = 32;

    /// <summary>One piece (one doubling, two additions) of k B for the odd k in 32 little-endian bytes. True once it is finished.</summary>
    [ConstantTime(PublicBranches = 2)]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Step<TField>(Ed25519Registers<TField> r, ReadOnlySpan<byte> scalar, ref ushort index, ref int work)
        where TField : struct, IField25519
    {
        if (index == 0)
        {
            Ed25519Point.SetNeutral(r);
        }
        else
        {
            Ed25519Point.Double(r);
        }

        int column = Columns - 1 - index;
        AddColumn(r, scalar, 0, column);
        AddColumn(r, scalar, 1, column + Columns);
        work -= 3 * Ed25519Point.Cost;
        return ++index == Columns;
    }

    /// <summary>Makes a scalar below 2^255 odd by adding L where it is even: its multiple of B is the same. Leaks: nothing.</summary>
    public static void MakeOdd(Span<byte> scalar)
    {
        uint even = (uint)(scalar[0] & 1) - 1;
        FieldWords32.AddMasked(ref MemoryMarshal.Cast<byte, uint>(scalar[..NumberBytes])[0], ref FieldWords32.First(Ed25519Order.Modulus), even, NumberBytes / sizeof(uint));
    }

    /// <summary>Adds the point that the bits at column, column + 52 ... column + 208 choose; the fifth is the sign of all.</summary>
    [ConstantTime(PublicBranches = 3)]
    private static void AddColumn<TField>(Ed25519Registers<TField> r, ReadOnlySpan<byte> scalar, int table, int column)
        where TField : struct, IField25519
    {
        uint choice = 0;
        for (int tooth = Teeth - 1; tooth >= 0; tooth--)
        {
            choice = (choice << 1) | Plus(scalar, column + (tooth * Spacing));
        }

        uint negative = (choice >> (Teeth - 1)) - 1;

        // The registers of scratch hold 120 bytes; the entry takes 96 of them until it is decoded.
        Span<byte> entry = MemoryMarshal.CreateSpan(ref r[Ed25519Point.T0][0], EntryWords32 * sizeof(uint));
        Select(entry, table, (choice ^ negative) & (Entries - 1));
        r.Decode(Ed25519Point.Sum, entry[..NumberBytes]);
        r.Decode(Ed25519Point.Difference, entry[NumberBytes..]);
        r.Decode(Ed25519Point.Product, entry[(2 * NumberBytes)..]);
        Ed25519Point.Add(r, negative);
    }

    /// <summary>
    /// Copies an entry: every entry of the table is read, a mask keeps one. The slice holds the table's entries, so reading them
    /// stays inside. Leaks: nothing of the index.
    /// </summary>
    [ConstantTime(PublicBranches = 2)]
    private static void Select(Span<byte> entry, int table, uint index)
    {
        Span<uint> target = MemoryMarshal.Cast<byte, uint>(entry)[..EntryWords32];
        ref uint source = ref FieldWords32.First(Ed25519Tables.Comb.Slice(table * Entries * Ed25519Tables.EntryWords, Entries * Ed25519Tables.EntryWords));
        for (int i = 0; i < EntryWords32; i++)
        {
            uint word = 0;
            for (int at = 0; at < Entries; at++)
            {
                uint mask = (uint)(((int)((uint)at ^ index) - 1) >> 31);
                word |= Unsafe.Add(ref source, (at * EntryWords32) + i) & mask;
            }

            target[i] = word;
        }
    }

    /// <summary>1 where 2^position comes with a plus. Branches on the public position alone.</summary>
    private static uint Plus(ReadOnlySpan<byte> scalar, int position)
    {
        if (position == (Teeth * Spacing) - 1)
        {
            return 1;
        }

        int bit = position + 1;
        return bit < NumberBytes * 8 ? (uint)(scalar[bit >> 3] >> (bit & 7)) & 1 : 0;
    }
}
