using System.Collections.Generic;
using System.Linq;

namespace Thimble.Cli.Timeline;

/// <summary>Which regions share bytes: never at the same time.</summary>
internal static class Overlays
{
    /// <summary>The regions that have bytes in common with <paramref name="region"/>, in the order of their places.</summary>
    public static IEnumerable<MapRegion> Of(MemoryMap map, MapRegion region) =>
        map.Regions.Where(other => other.Id != region.Id && other.Offset < region.Offset + region.Bytes && region.Offset < other.Offset + other.Bytes);
}
