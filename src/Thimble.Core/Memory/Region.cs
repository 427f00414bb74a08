namespace Thimble.Memory;

/// <summary>
/// A named run of bytes, packed into 32 bits as it stands in the buffer; its lifetime stands in <see cref="Lifetimes"/>.
/// <code>
///  31       26 25              13 12               0
/// +-----------+------------------+------------------+
/// | rank      | bytes / 8        | offset / 8       |
/// +-----------+------------------+------------------+
/// </code>
/// A region of no bytes is not part of the plan. The rank serves the packing alone; it is 0 in every plan.
/// </summary>
public readonly struct Region
{
    /// <summary>Every offset and size is a multiple of this many bytes.</summary>
    public const int Alignment = 8;

    /// <summary>The largest offset or size, in bytes.</summary>
    public const int MaxBytes = 0x1FFF * Alignment;

    private readonly uint _packed;

    /// <summary>A region of <paramref name="bytes"/> bytes, rounded up to the alignment, at <paramref name="offset"/>.</summary>
    /// <remarks>What is beyond <see cref="MaxBytes"/> becomes that: no plan with such a region is used, because its total is larger.</remarks>
    public Region(int offset, int bytes)
    {
        uint units = ((uint)int.Min(bytes, MaxBytes) + Alignment - 1) / Alignment;
        _packed = (units << 13) | ((uint)int.Min(offset, MaxBytes) / Alignment);
    }

    /// <summary>A region as <see cref="Packed"/> gave it.</summary>
    internal Region(uint packed) => _packed = packed;

    /// <summary>The 32 bits that hold the region.</summary>
    internal uint Packed => _packed;

    /// <summary>The distance from the start of the buffer, in bytes.</summary>
    public int Offset => (int)(_packed & 0x1FFF) * Alignment;

    /// <summary>The size in bytes, a multiple of <see cref="Alignment"/>.</summary>
    public int Bytes => (int)((_packed >> 13) & 0x1FFF) * Alignment;

    /// <summary>The same region at another place.</summary>
    public Region At(int offset) => new((_packed & ~0x1FFFu) | ((uint)int.Min(offset, MaxBytes) / Alignment));

    /// <summary>How often the packing has found this region on top of all others.</summary>
    internal int Rank => (int)(_packed >> 26);

    /// <summary>The same region with that rank, of 0 to 63.</summary>
    internal Region Ranked(int rank) => new((_packed & 0x3FFFFFF) | ((uint)rank << 26));
}
