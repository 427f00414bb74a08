using System;

namespace Thimble.Crypto;

/// <summary>
/// The factor of a Montgomery product that is read limb by limb, so that it may lie where and as it is: a signature
/// as it arrived, or one entry of a table whose choice is secret. Leaks: the form and the lengths.
/// </summary>
internal readonly ref struct BigMontgomeryFactor
{
    private readonly ReadOnlySpan<byte> _bytes;

    // 0: little-endian; -1: big-endian, of any length; else the bytes of a table's entry.
    private readonly int _form;
    private readonly uint _chosen;

    private BigMontgomeryFactor(ReadOnlySpan<byte> bytes, int form, uint chosen)
    {
        _bytes = bytes;
        _form = form;
        _chosen = chosen;
    }

    /// <summary>The number 1.</summary>
    public static BigMontgomeryFactor One => new([1], -1, 0);

    /// <summary>A little-endian number, a multiple of 8 bytes, no longer than the modulus.</summary>
    public static BigMontgomeryFactor LittleEndian(ReadOnlySpan<byte> number) => new(number, 0, 0);

    /// <summary>A big-endian number of any length and alignment.</summary>
    public static BigMontgomeryFactor BigEndian(ReadOnlySpan<byte> number) => new(number, -1, 0);

    /// <summary>One entry of a table; which one is secret.</summary>
    public static BigMontgomeryFactor Entry(ReadOnlySpan<byte> table, int entryBytes, uint chosen) => new(table, entryBytes, chosen);

    /// <summary>The limb at a position; 0 beyond the number's end.</summary>
    [ConstantTime(PublicBranches = 11)]
    public nuint Limb<TLimbs>(int index)
        where TLimbs : struct, IBigMontgomeryLimbs
    {
        if (_form < 0)
        {
            return BigEndianLimb(_bytes, TLimbs.Bytes, index);
        }

        if (_form == 0)
        {
            return index * TLimbs.Bytes < _bytes.Length ? TLimbs.Read(_bytes, index) : 0;
        }

        // Shifts, since a division is a call on ARM; which of the two is known when this is compiled.
        int limbs = TLimbs.Bytes == 8 ? _bytes.Length >> 3 : _bytes.Length >> 2;
        int entryLimbs = TLimbs.Bytes == 8 ? _form >> 3 : _form >> 2;
        nuint limb = 0;
        uint entry = 0;
        for (int at = index; at < limbs; at += entryLimbs, entry++)
        {
            // All ones where entry = chosen: both are small, so their difference less one borrows only from zero.
            nuint mask = 0 - (nuint)(((entry ^ _chosen) - 1) >> 31);
            limb |= TLimbs.Read(_bytes, at) & mask;
        }

        return limb;
    }

    private static nuint BigEndianLimb(ReadOnlySpan<byte> number, int limbBytes, int index)
    {
        int end = number.Length - (index * limbBytes);
        nuint limb = 0;
        for (int i = end < limbBytes ? 0 : end - limbBytes; i < end; i++)
        {
            limb = (limb << 8) | number[i];
        }

        return limb;
    }
}
