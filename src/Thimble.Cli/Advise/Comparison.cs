using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Advise;

/// <summary>Two plans side by side, and which phase and which regions make the difference.</summary>
internal sealed record Comparison(PlanSpecification A, MemoryMap MapA, PlanSpecification B, MemoryMap MapB)
{
    public static Comparison Of(PlanSpecification a, PlanSpecification b, int wordBits) => new(a, a.Map(wordBits), b, b.Map(wordBits));

    /// <summary>The phases that either passes through.</summary>
    public IReadOnlyList<Phase> Phases => [.. Enum.GetValues<Phase>().Where(phase => MapA.Phases.Contains(phase) || MapB.Phases.Contains(phase))];

    /// <summary>The regions that either has.</summary>
    public IReadOnlyList<RegionId> Regions => [.. Enum.GetValues<RegionId>().Where(id => Bytes(MapA, id) > 0 || Bytes(MapB, id) > 0)];

    /// <summary>The bytes of a region, 0 where the plan has none.</summary>
    public static int Bytes(MemoryMap map, RegionId id) => map.Regions.FirstOrDefault(region => region.Id == id)?.Bytes ?? 0;

    /// <summary>What makes the difference, in sentences.</summary>
    public IReadOnlyList<string> Conclusion
    {
        get
        {
            int difference = MapB.PlannedBytes - MapA.PlannedBytes;
            if (difference == 0)
            {
                return
                [
                    $"Both take {Number(MapA.PlannedBytes)} bytes: A binds in {Peak(MapA)}, B in {Peak(MapB)}.",
                    RegionChange.Between(MapA, MapB).Count == 0 ? "No region differs." : "The regions that differ live in phases that do not bind, or make up for one another.",
                ];
            }

            return difference > 0 ? Explain("A", MapA, "B", MapB) : Explain("B", MapB, "A", MapA);
        }
    }

    private static string[] Explain(string lesser, MemoryMap less, string greater, MemoryMap more)
    {
        Phase peak = more.PeakPhase;
        int there = less.LiveBytes(peak);
        string[] sentences =
        [
            $"{greater} needs {Number(more.PlannedBytes - less.PlannedBytes)} bytes more than {lesser}. {greater} binds in {Peak(more)}, {lesser} in {Peak(less)}.",
            less.Phases.Contains(peak)
                ? $"In {peak}, {lesser} has {Number(there)} bytes alive. There {Difference(less, more, peak)}."
                : $"{lesser} does not pass through {peak} at all.",
        ];
        int lost = more.PlannedBytes - more.LiveBytes(peak);
        return lost == 0 ? sentences : [.. sentences, $"{Number(lost)} bytes of {greater} lie unused between regions: lives overlap so that no packing was found that fills them."];
    }

    private static string Difference(MemoryMap less, MemoryMap more, Phase phase)
    {
        RegionChange[] changes = [.. RegionChange.Between(less, more).Where(change => Lives(less, change.Id, phase) || Lives(more, change.Id, phase)).OrderByDescending(change => Math.Abs(change.Saved))];
        if (changes.Length == 0)
        {
            return "no region differs";
        }

        IEnumerable<string> words = changes.Take(4).Select(change =>
            $"{change.Id} takes {Number(Math.Abs(change.Saved))} {(change.Saved < 0 ? "more" : "fewer")} ({RegionPurpose.Of(change.Id)})");
        return string.Join("; ", words) + (changes.Length > 4 ? $"; and {changes.Length - 4} more regions differ" : "");
    }

    private static bool Lives(MemoryMap map, RegionId id, Phase phase) => map.Regions.Any(region => region.Id == id && region.IsAlive(phase));

    private static string Peak(MemoryMap map) => $"{map.PeakPhase} ({Number(map.LiveBytes(map.PeakPhase))} bytes alive)";

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
