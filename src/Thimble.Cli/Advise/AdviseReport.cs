using System.Collections.Generic;

namespace Thimble.Cli.Advise;

/// <summary>What <c>advise</c> prints with <c>--json</c>.</summary>
/// <param name="Ok">Whether there is a plan, and the target is reached where one was given.</param>
/// <param name="Memory">The plan.</param>
/// <param name="AtPeak">The regions that are alive in the phase that binds, the largest first.</param>
/// <param name="Savings">Every knob: those that save, the most first, and then those that do not.</param>
/// <param name="Combination">How to reach the target, where one was given.</param>
/// <param name="Comparison">Two plans side by side, where that was asked for; then the others are null.</param>
internal sealed record AdviseReport(
    bool Ok, MemoryReport? Memory, IReadOnlyList<PeakLine>? AtPeak, IReadOnlyList<SavingLine>? Savings, CombinationReport? Combination, ComparisonReport? Comparison);

/// <summary>A region in the phase that binds.</summary>
internal sealed record PeakLine(string Region, int Bytes, string Purpose);

/// <summary>One knob.</summary>
/// <param name="Change">What is changed.</param>
/// <param name="Setting">The option on the command line, or the member of Profile.</param>
/// <param name="GivesUp">What is lost with it.</param>
/// <param name="Price">Who has to agree: <c>Ours</c>, <c>Peers</c> or <c>Sacrifice</c>.</param>
/// <param name="SavedBytes">How many bytes fewer the buffer has; negative where it has more.</param>
/// <param name="PlannedBytes">The size of the buffer then.</param>
/// <param name="PeakPhase">The phase that binds then.</param>
/// <param name="Because">What makes the saving, or why there is none.</param>
/// <param name="Regions">The regions that differ.</param>
internal sealed record SavingLine(
    string Change, string Setting, string GivesUp, string Price, int SavedBytes, int PlannedBytes, string PeakPhase, string Because, IReadOnlyList<RegionChangeLine> Regions);

/// <summary>A region that differs.</summary>
internal sealed record RegionChangeLine(string Region, int Before, int After);

/// <summary>The way to a target.</summary>
internal sealed record CombinationReport(int TargetBytes, bool Reached, int PlannedBytes, string PeakPhase, IReadOnlyList<CombinationLine> Steps);

/// <summary>One step of it.</summary>
internal sealed record CombinationLine(string Change, string Setting, string GivesUp, string Price, int SavedBytes, int PlannedBytes);

/// <summary>Two plans.</summary>
internal sealed record ComparisonReport(ComparedPlan A, ComparedPlan B, IReadOnlyList<ComparedPhase> Phases, IReadOnlyList<ComparedRegion> Regions, string Conclusion);

/// <summary>One of them.</summary>
internal sealed record ComparedPlan(string Plan, string Profile, int PlannedBytes, string PeakPhase, int PeakBytes);

/// <summary>The bytes alive in one phase; null where that plan does not pass through it.</summary>
internal sealed record ComparedPhase(string Phase, int? A, int? B);

/// <summary>The bytes of one region, 0 where that plan has none.</summary>
internal sealed record ComparedRegion(string Region, int A, int B, string Purpose);
