using System.Collections.Generic;
using System.IO;
using System.Linq;
using Thimble.Cli.Advise;
using Thimble.Memory;
using static Thimble.Cli.Html.HtmlWriter;

namespace Thimble.Cli.Html;

/// <summary>The pages of <c>advise</c>: what binds a plan, and what would make it smaller.</summary>
internal static class AdvisePage
{
    public static void Write(TextWriter output, string profileName, Advice advice, Combination? combination) =>
        HtmlPage.Write(output, Title(advice, combination), html =>
        {
            MemoryMap map = advice.Map;
            html.Element("p", $"The plan of the profile {profileName} on a {map.WordBits}-bit machine. {map.PeakPhase} binds: {Words(map.LiveBytes(map.PeakPhase))} bytes are alive there at once, and only what lives there can make the plan smaller. Each figure is that of a new plan; none is guessed.", ("class", "lead"));
            if (combination is not null)
            {
                Steps(html, map, combination);
            }

            html.Element("h2", "What would help");
            BarTable.Write(html, "Each change by itself: how many bytes it saves, why, and what it gives up.", "Change", "Saves", [.. advice.Helpful.Select(Row)]);
            html.Element("h2", "What would not help, or cost");
            BarTable.Write(html, "Each change by itself, and why it saves nothing.", "Change", "Saves", [.. advice.Useless.Select(saving => new Bar(saving.Knob.Name, saving.Because, [], Words(saving.Bytes)))]);
            html.Element("h2", $"What is alive in {map.PeakPhase}");
            BarTable.Write(html, "The regions of the phase that binds, the largest first.", "Region", "Bytes", [.. advice.AtPeak.Select(region =>
                new Bar(region.Id.ToString(), region.Purpose, [new BarPart(region.Bytes, RegionKinds.Style(RegionKinds.Of(region.Id)))], Words(region.Bytes)))]);
            PlanPage.Map(html, map, new MapHeading("The map", "h2", "plan"));
        });

    public static void Write(TextWriter output, Comparison comparison) =>
        HtmlPage.Write(output, Title(comparison), html =>
        {
            foreach (string sentence in comparison.Conclusion)
            {
                html.Element("p", sentence, ("class", "lead"));
            }

            Facts.Write(html, (Words(comparison.MapA.PlannedBytes), $"bytes for A: {comparison.A.Text}"), (Words(comparison.MapB.PlannedBytes), $"bytes for B: {comparison.B.Text}"));
            html.Element("h2", "Phase by phase");
            PairTable.Write(html, "The bytes that are alive in each phase: A above, B beneath.", "Phase", [.. comparison.Phases.Select(phase => (
                phase.ToString(), phase == comparison.MapA.PeakPhase ? phase == comparison.MapB.PeakPhase ? "binds A and B" : "binds A" : phase == comparison.MapB.PeakPhase ? "binds B" : "", Live(comparison.MapA, phase), Live(comparison.MapB, phase)))]);
            html.Element("h2", "The regions that differ");
            PairTable.Write(html, "The bytes of each region: A above, B beneath.", "Region", [.. RegionChange.Between(comparison.MapA, comparison.MapB).Select(change => (
                change.Id.ToString(), RegionPurpose.Of(change.Id), change.Before, change.After))]);
            int largest = int.Max(comparison.MapA.PlannedBytes, comparison.MapB.PlannedBytes);
            PlanPage.Map(html, comparison.MapA, new MapHeading($"The map of A, {comparison.A.Text}", "h2", "a"), largest);
            PlanPage.Map(html, comparison.MapB, new MapHeading($"The map of B, {comparison.B.Text}", "h2", "b"), largest);
        });

    private static string Title(Advice advice, Combination? combination) => combination is { IsReached: true, Steps.Count: > 0 }
        ? $"From {Words(advice.Map.PlannedBytes)} to {Words(combination.Map.PlannedBytes)} bytes"
        : $"{Words(advice.Map.PlannedBytes)} bytes, and what would make them fewer";

    private static string Title(Comparison comparison)
    {
        int difference = comparison.MapA.PlannedBytes - comparison.MapB.PlannedBytes;
        return difference == 0
            ? $"{comparison.A.Text} and {comparison.B.Text} take the same {Words(comparison.MapA.PlannedBytes)} bytes"
            : $"{comparison.A.Text} takes {Words(int.Abs(difference))} bytes {(difference > 0 ? "more" : "fewer")} than {comparison.B.Text}";
    }

    private static void Steps(HtmlWriter html, MemoryMap map, Combination combination)
    {
        html.Element("h2", $"To {Words(combination.Target)} bytes: {(combination.IsReached ? "reached" : "not reached")} with {Words(combination.Map.PlannedBytes)}");
        IEnumerable<Bar> begin = [new Bar("As it is", "", [new BarPart(map.PlannedBytes, "theirs")], Words(map.PlannedBytes))];
        BarTable.Write(html, "One step after the other: what is planned then, and what each step gives up.", "Step", "Then", [.. begin, .. combination.Steps.Select(step =>
            new Bar($"{step.Knob.Name} ({step.Knob.Setting})", $"saves {Words(step.Saves)}; gives up: {step.Knob.GivesUp}", [new BarPart(step.Then, "ours")], Words(step.Then)))]);
    }

    private static Bar Row(Saving saving) => new(
        $"{saving.Knob.Name} ({saving.Knob.Setting})", $"{saving.Because}. Gives up: {saving.Knob.GivesUp}.", [new BarPart(saving.Bytes, "less")], Words(saving.Bytes));

    private static int Live(MemoryMap map, Phase phase) => map.Phases.Contains(phase) ? map.LiveBytes(phase) : 0;
}
