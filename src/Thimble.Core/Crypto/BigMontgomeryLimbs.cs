using System;

namespace Thimble.Crypto;

/// <summary>
/// The inner loops of modular arithmetic for one size of limb. Numbers are little-endian bytes, so both sizes read the
/// same memory; their lengths are multiples of 8 and their bases are aligned to 8. Every method but
/// <see cref="ShiftLimb"/> and <see cref="Reciprocal"/> takes the same path for all values: only lengths show.
/// </summary>
internal interface IBigMontgomeryLimbs
{
    /// <summary>Bytes of a limb.</summary>
    static abstract int Bytes { get; }

    /// <summary>How many units of work a row costs for a modulus of that many bytes.</summary>
    static abstract int RowWork(int modulusBytes);

    /// <summary>The limb at a position of a little-endian number.</summary>
    static abstract nuint Read(ReadOnlySpan<byte> number, int index);

    /// <summary>-1/n modulo the limb's size, n odd.</summary>
    static abstract nuint NegatedInverse(ReadOnlySpan<byte> modulus);

    /// <summary>
    /// One row of a Montgomery product: t = (t + a·b + m·n) / 2^w, where m makes the sum divisible. With
    /// <paramref name="inverse"/> 0, m is 0, so the lowest limb of t + a·b is dropped.
    /// All spans are as long as t. Returns the carry above t; given a &lt; n, top:t stays below 2n.
    /// </summary>
    static abstract uint Row(Span<byte> t, ReadOnlySpan<byte> a, nuint b, ReadOnlySpan<byte> n, nuint inverse, uint top);

    /// <summary>What <see cref="ShiftLimb"/> divides by: 1/n to the precision of a limb. Leaks: n, which is public.</summary>
    static abstract nuint Reciprocal(ReadOnlySpan<byte> n, int bits);

    /// <summary>
    /// x = x·2^w mod n, for public x below a public n of exactly that many bits. Leaks: both. A row's work or less.
    /// </summary>
    static abstract void ShiftLimb(Span<byte> x, ReadOnlySpan<byte> n, int bits, nuint reciprocal);

    /// <summary>t += y, or nothing where <paramref name="mask"/> is 0 rather than all ones. Returns the carry.</summary>
    static abstract uint Add(Span<byte> t, ReadOnlySpan<byte> y, nuint mask);

    /// <summary>t -= y, or nothing where <paramref name="mask"/> is 0 rather than all ones. Returns the borrow.</summary>
    static abstract uint Subtract(Span<byte> t, ReadOnlySpan<byte> y, nuint mask);

    /// <summary>The borrow of t - y: 1 where t is smaller.</summary>
    static abstract uint IsBelow(ReadOnlySpan<byte> t, ReadOnlySpan<byte> y);
}
