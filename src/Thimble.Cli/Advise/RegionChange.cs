using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Advise;

/// <summary>A region whose size differs between two plans.</summary>
/// <param name="Id">The region.</param>
/// <param name="Before">Its bytes in the first plan, 0 where it has none.</param>
/// <param name="After">Its bytes in the second.</param>
internal sealed record RegionChange(RegionId Id, int Before, int After)
{
    /// <summary>How many bytes fewer the second has.</summary>
    public int Saved => Before - After;

    /// <summary>The regions that differ, those that shrink most first.</summary>
    public static IReadOnlyList<RegionChange> Between(MemoryMap before, MemoryMap after) =>
    [
        .. Enum.GetValues<RegionId>()
            .Select(id => new RegionChange(id, BytesOf(before, id), BytesOf(after, id)))
            .Where(change => change.Saved != 0)
            .OrderByDescending(change => change.Saved),
    ];

    private static int BytesOf(MemoryMap map, RegionId id) => map.Regions.FirstOrDefault(region => region.Id == id)?.Bytes ?? 0;
}
