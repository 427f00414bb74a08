using Thimble.Memory;

namespace Thimble;

/// <summary>One region of a memory map.</summary>
/// <param name="Id">The region's name.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Offset">Its place in the buffer.</param>
/// <param name="Lifetime">The phases in which it is alive.</param>
/// <param name="Placement">Where a host may keep it.</param>
/// <param name="UsedBytes">How many of its bytes were really written, or null before anything ran.</param>
public sealed record MapRegion(RegionId Id, int Bytes, int Offset, PhaseSet Lifetime, Placement Placement, int? UsedBytes)
{
    /// <summary>What it is for.</summary>
    public string Purpose => RegionPurpose.Of(Id);

    /// <summary>Whether it is alive in <paramref name="phase"/>.</summary>
    public bool IsAlive(Phase phase) => Lifetime.Contains(phase);
}
