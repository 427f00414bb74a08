using System.Linq;
using Thimble.Memory;

namespace Thimble.Cli.Advise;

/// <summary>Turns advice into its report for programs.</summary>
internal static class AdviseReportMaker
{
    public static AdviseReport Of(string profileName, Advice advice, Combination? combination) => new(
        combination?.IsReached ?? true,
        ReportMaker.Memory(profileName, advice.Map, gcAllocatedBytes: null),
        [.. advice.AtPeak.Select(region => new PeakLine(region.Id.ToString(), region.Bytes, region.Purpose))],
        [.. advice.Savings.Select(Line)],
        combination is null ? null : Of(combination),
        null);

    public static AdviseReport Of(Comparison comparison) => new(true, null, null, null, null, new ComparisonReport(
        Plan(comparison.A, comparison.MapA),
        Plan(comparison.B, comparison.MapB),
        [.. comparison.Phases.Select(phase => new ComparedPhase(phase.ToString(), Live(comparison.MapA, phase), Live(comparison.MapB, phase)))],
        [.. comparison.Regions.Select(id => new ComparedRegion(id.ToString(), Comparison.Bytes(comparison.MapA, id), Comparison.Bytes(comparison.MapB, id), RegionPurpose.Of(id)))],
        string.Join(" ", comparison.Conclusion)));

    private static SavingLine Line(Saving saving) => new(
        saving.Knob.Name,
        saving.Knob.Setting,
        saving.Knob.GivesUp,
        saving.Knob.Price.ToString(),
        saving.Bytes,
        saving.After.PlannedBytes,
        saving.After.PeakPhase.ToString(),
        saving.Because,
        [.. saving.Changes.Select(change => new RegionChangeLine(change.Id.ToString(), change.Before, change.After))]);

    private static CombinationReport Of(Combination combination) => new(
        combination.Target,
        combination.IsReached,
        combination.Map.PlannedBytes,
        combination.Map.PeakPhase.ToString(),
        [.. combination.Steps.Select(step => new CombinationLine(step.Knob.Name, step.Knob.Setting, step.Knob.GivesUp, step.Knob.Price.ToString(), step.Saves, step.Then))]);

    private static ComparedPlan Plan(PlanSpecification plan, MemoryMap map) =>
        new(plan.Text, plan.Name, map.PlannedBytes, map.PeakPhase.ToString(), map.LiveBytes(map.PeakPhase));

    private static int? Live(MemoryMap map, Phase phase) => map.Phases.Contains(phase) ? map.LiveBytes(phase) : null;
}
