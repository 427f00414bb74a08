using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Advise;

/// <summary>What binds a plan, and what each knob would save: all of it found by planning again.</summary>
internal sealed record Advice(Profile Profile, MemoryMap Map, IReadOnlyList<Saving> Savings)
{
    public static Advice Of(Profile profile, int wordBits)
    {
        MemoryMap map = MemoryMap.Of(profile, wordBits);
        IEnumerable<Saving> savings = Knobs.Of(profile).Select(knob => new Saving(knob, map, MemoryMap.Of(knob.Apply(profile), wordBits)));
        return new Advice(profile, map, [.. savings.OrderByDescending(saving => saving.Bytes).ThenBy(saving => saving.Knob.Price)]);
    }

    /// <summary>Those that save something, the most first.</summary>
    public IEnumerable<Saving> Helpful => Savings.Where(saving => saving.Bytes > 0);

    /// <summary>Those that save nothing, or cost.</summary>
    public IEnumerable<Saving> Useless => Savings.Where(saving => saving.Bytes <= 0);

    /// <summary>The regions that are alive in the phase that binds, the largest first.</summary>
    public IEnumerable<MapRegion> AtPeak => Map.Regions.Where(region => region.IsAlive(Map.PeakPhase)).OrderByDescending(region => region.Bytes).ThenBy(region => region.Offset);
}
