namespace Thimble.Memory;

/// <summary>
/// A named run of bytes, packed into 24 bits as it stands in the buffer; its lifetime stands in <see cref="Lifetimes"/>.
/// <code>
///  31    24 23        13 12               0
/// +--------+------------+------------------+
/// | rank   | size       | offset / 8       |
/// +--------+------------+------------------+
/// </code>
/// The size is ten bits, bytes / 8, and above them one that is set where it is bytes / 64: a region of more than 8,184 bytes rounds up
/// to a multiple of 64. A region of no bytes is not part of the plan. The rank serves the packing alone; it is 0 in every plan.
/// </summary>
public readonly struct Region
{
    /// <summary>Every offset and size is a multiple of this many bytes.</summary>
    public const int Alignment = 8;

    /// <summary>The largest offset or size, in bytes.</summary>
    public const int MaxBytes = 0x1FFF * Alignment;

    // What of the 32 bits is what.
    private const uint Offsets = 0x1FFF;
    private const int SizeAt = 13;
    private const uint Sizes = 0x3FF;
    private const uint Coarse = 0x400;
    private const int CoarserBits = 3;
    private const int RankAt = 24;

    private readonly uint _packed;

    /// <summary>A region of <paramref name="bytes"/> bytes, rounded up as said above, at <paramref name="offset"/>.</summary>
    /// <remarks>What is beyond <see cref="MaxBytes"/> becomes the largest: no plan with such a region is used, because its total is larger.</remarks>
    public Region(int offset, int bytes)
    {
        uint units = Units((uint)int.Min(bytes, MaxBytes), Alignment);
        uint size = units <= Sizes ? units : Coarse | uint.Min(Units(units, 1 << CoarserBits), Sizes);
        _packed = (size << SizeAt) | ((uint)int.Min(offset, MaxBytes) / Alignment);
    }

    /// <summary>A region as <see cref="Packed"/> gave it.</summary>
    internal Region(uint packed) => _packed = packed;

    /// <summary>The bits that hold the region: 24 in every plan.</summary>
    internal uint Packed => _packed;

    /// <summary>The distance from the start of the buffer, in bytes.</summary>
    public int Offset => (int)(_packed & Offsets) * Alignment;

    /// <summary>The size in bytes, a multiple of <see cref="Alignment"/>.</summary>
    public int Bytes => (int)((_packed >> SizeAt) & Sizes) * Alignment << (int)(((_packed >> SizeAt) & Coarse) / Coarse) * CoarserBits;

    /// <summary>The same region at another place.</summary>
    public Region At(int offset) => new((_packed & ~Offsets) | ((uint)int.Min(offset, MaxBytes) / Alignment));

    /// <summary>How often the packing has found this region on top of all others.</summary>
    internal int Rank => (int)(_packed >> RankAt);

    /// <summary>The same region with that rank, of 0 to 63.</summary>
    internal Region Ranked(int rank) => new((_packed & ((1u << RankAt) - 1)) | ((uint)rank << RankAt));

    private static uint Units(uint amount, uint unit) => (amount + unit - 1) / unit;
}
