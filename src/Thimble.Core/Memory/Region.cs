namespace Thimble.Memory;

/// <summary>
/// A named run of bytes with a lifetime, packed into 32 bits as it stands in the buffer:
/// <code>
///  31    29 28    26 25              13 12               0
/// +--------+--------+------------------+------------------+
/// | first  | last   | bytes / 8        | offset / 8       |
/// +--------+--------+------------------+------------------+
/// </code>
/// A region of no bytes is not part of the plan.
/// </summary>
public readonly struct Region
{
    /// <summary>Every offset and size is a multiple of this many bytes.</summary>
    public const int Alignment = 8;

    /// <summary>The largest offset or size, in bytes.</summary>
    public const int MaxBytes = 0x1FFF * Alignment;

    private readonly uint _packed;

    /// <summary>A region of <paramref name="bytes"/> bytes, rounded up to the alignment, at <paramref name="offset"/>.</summary>
    public Region(int offset, int bytes, Phase first, Phase last)
    {
        uint units = ((uint)bytes + Alignment - 1) / Alignment;
        _packed = ((uint)first << 29) | ((uint)last << 26) | (units << 13) | ((uint)offset / Alignment);
    }

    /// <summary>A region as <see cref="Packed"/> gave it.</summary>
    internal Region(uint packed) => _packed = packed;

    /// <summary>The 32 bits that hold the region.</summary>
    internal uint Packed => _packed;

    /// <summary>The distance from the start of the buffer, in bytes.</summary>
    public int Offset => (int)(_packed & 0x1FFF) * Alignment;

    /// <summary>The size in bytes, a multiple of <see cref="Alignment"/>.</summary>
    public int Bytes => (int)((_packed >> 13) & 0x1FFF) * Alignment;

    /// <summary>The first phase in which the region is alive.</summary>
    public Phase FirstPhase => (Phase)(_packed >> 29);

    /// <summary>The last phase in which the region is alive.</summary>
    public Phase LastPhase => (Phase)((_packed >> 26) & 7);

    /// <summary>Whether the region is alive in <paramref name="phase"/>.</summary>
    public bool IsAlive(Phase phase) => Bytes != 0 && FirstPhase <= phase && phase <= LastPhase;

    /// <summary>Whether there is a phase in which both regions are alive.</summary>
    public bool LivesWith(Region other) => FirstPhase <= other.LastPhase && other.FirstPhase <= LastPhase;

    /// <summary>The same region at another place.</summary>
    public Region At(int offset) => new(offset, Bytes, FirstPhase, LastPhase);
}
