using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Advise;

/// <summary>What a knob came to when the memory was planned again with it.</summary>
internal sealed record Saving(Knob Knob, MemoryMap Before, MemoryMap After)
{
    /// <summary>How many bytes fewer the buffer has; negative where it has more.</summary>
    public int Bytes => Before.PlannedBytes - After.PlannedBytes;

    /// <summary>The regions that change, the most saved first.</summary>
    public IReadOnlyList<RegionChange> Changes => RegionChange.Between(Before, After);

    /// <summary>What makes the saving, or why there is none.</summary>
    public string Because
    {
        get
        {
            IReadOnlyList<RegionChange> changes = Changes;
            if (changes.Count == 0)
            {
                return "no region gets smaller: what is left in the profile needs as much";
            }

            RegionChange most = changes[0];
            if (Bytes < 0)
            {
                RegionChange grown = changes[^1];
                return $"{grown.Id} needs {Number(-grown.Saved)} B more";
            }

            return Bytes > 0 ? $"{Shortened(changes)}{Unused()}{Binds()}" : WhyNothing(most);
        }
    }

    private string WhyNothing(RegionChange most)
    {
        Phase peak = Before.PeakPhase;
        string what = most.Saved > 0 ? $"{most.Id} gets {Number(most.Saved)} B smaller" : $"{most.Id} changes";
        bool atPeak = Changes.Any(change => change.Saved > 0 && Lives(change.Id, peak));
        if (!atPeak)
        {
            return $"{what}, but does not live in {peak}, which binds";
        }

        return After.PeakPhase != peak
            ? $"{what}, but then {After.PeakPhase} binds with {Number(After.LiveBytes(After.PeakPhase))} B"
            : $"{what}, and the packing leaves those bytes unused";
    }

    private string Shortened(IReadOnlyList<RegionChange> changes)
    {
        Phase peak = Before.PeakPhase;
        if (!After.Phases.Contains(peak))
        {
            return $"{peak} is not passed through";
        }

        RegionChange[] there = [.. changes.Where(change => change.Saved > 0 && Lives(change.Id, peak))];
        RegionChange[] named = there.Length > 0 ? there : [.. changes.Where(change => change.Saved > 0)];
        string list = string.Join(", ", named.Take(3).Select(change => $"{change.Id} -{Number(change.Saved)}"));
        string more = named.Length > 3 ? " and more" : "";
        return list + more;
    }

    /// <summary>Bytes between regions are part of a plan: a change can fill them, or make more.</summary>
    private string Unused()
    {
        int fewer = Between(Before) - Between(After);
        return fewer == 0 ? "" : $"; {Number(int.Abs(fewer))} B {(fewer > 0 ? "fewer" : "more")} lie unused between regions";
    }

    private static int Between(MemoryMap map) => map.PlannedBytes - map.LiveBytes(map.PeakPhase);

    private string Binds() => After.PeakPhase == Before.PeakPhase ? "" : $"; then {After.PeakPhase} binds";

    private bool Lives(RegionId id, Phase phase) => Before.Regions.Any(region => region.Id == id && region.IsAlive(phase));

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
