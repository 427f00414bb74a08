using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spectre.Console;
using Thimble.Memory;

namespace Thimble.Cli.Advise;

/// <summary>Advice for people, in 100 columns.</summary>
internal static class AdviseTables
{
    /// <summary>The regions of the phase that binds, the largest first.</summary>
    public static void Peak(IAnsiConsole console, Advice advice)
    {
        Table table = New("Region", "Bytes", "Share", "What it is for");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        int all = advice.Map.LiveBytes(advice.Map.PeakPhase);
        foreach (MapRegion region in advice.AtPeak)
        {
            _ = table.AddRow(region.Id.ToString(), Number(region.Bytes), $"{100.0 * region.Bytes / all:0} %", Markup.Escape(region.Purpose));
        }

        console.Write(table);
    }

    /// <summary>What helps: how much, how, why, and at what price.</summary>
    public static void Savings(IAnsiConsole console, IEnumerable<Saving> savings)
    {
        Table table = New("Saves", "Then", "Change");
        table.Columns[0].RightAligned();
        table.Columns[1].RightAligned();
        table.Columns[2].NoWrap = false;
        foreach (Saving saving in savings)
        {
            _ = table.AddRow(
                $"[bold]{Number(saving.Bytes)}[/]",
                Number(saving.After.PlannedBytes),
                Words(saving.Knob) + $"\n  {Markup.Escape(saving.Because)}\n  gives up: {Markup.Escape(saving.Knob.GivesUp)}");
        }

        console.Write(table);
    }

    /// <summary>What does not help, and why.</summary>
    public static void Useless(IAnsiConsole console, IEnumerable<Saving> savings)
    {
        Table table = New("Saves", "Change", "Why not more");
        table.Columns[0].RightAligned();
        table.Columns[1].NoWrap = false;
        table.Columns[2].NoWrap = false;
        foreach (Saving saving in savings)
        {
            _ = table.AddRow(Number(saving.Bytes), Markup.Escape(saving.Knob.Name), Markup.Escape(saving.Because));
        }

        console.Write(table);
    }

    /// <summary>The steps to a target.</summary>
    public static void Combination(IAnsiConsole console, Combination combination)
    {
        Table table = New("Saves", "Then", "Change");
        table.Columns[0].RightAligned();
        table.Columns[1].RightAligned();
        table.Columns[2].NoWrap = false;
        foreach (CombinationStep step in combination.Steps)
        {
            string together = step.Saves == 0 ? "\n  saves together with the next" : "";
            _ = table.AddRow($"[bold]{Number(step.Saves)}[/]", Number(step.Then), Words(step.Knob) + together + $"\n  gives up: {Markup.Escape(step.Knob.GivesUp)}");
        }

        console.Write(table);
    }

    /// <summary>The regions that make most of the phase that binds, in words.</summary>
    public static string Largest(MemoryMap map) => string.Join(
        ", ", map.Regions.Where(region => region.IsAlive(map.PeakPhase)).OrderByDescending(region => region.Bytes).Take(4).Select(region => $"{region.Id} ({Number(region.Bytes)})"));

    /// <summary>Two plans by phase and by region.</summary>
    public static void Comparison(IAnsiConsole console, Comparison comparison)
    {
        Table phases = New("Phase", "A", "B", "B - A");
        foreach (Phase phase in comparison.Phases)
        {
            AddRow(phases, phase.ToString(), Live(comparison.MapA, phase), Live(comparison.MapB, phase), phase == comparison.MapA.PeakPhase, phase == comparison.MapB.PeakPhase);
        }

        _ = phases.AddEmptyRow();
        AddRow(phases, "The whole plan", comparison.MapA.PlannedBytes, comparison.MapB.PlannedBytes, true, true);
        AlignNumbers(phases);
        console.Write(phases);
        Table regions = New("Region", "A", "B", "B - A", "What it is for");
        foreach (RegionId id in comparison.Regions)
        {
            AddRow(regions, id.ToString(), Advise.Comparison.Bytes(comparison.MapA, id), Advise.Comparison.Bytes(comparison.MapB, id), false, false, RegionPurpose.Of(id));
        }

        AlignNumbers(regions);
        console.Write(regions);
    }

    private static void AddRow(Table table, string name, int? a, int? b, bool peakA, bool peakB, params string[] more)
    {
        int difference = (b ?? 0) - (a ?? 0);
        string sign = difference == 0 ? "" : difference.ToString("+#,0;-#,0", CultureInfo.InvariantCulture);
        _ = table.AddRow([name, Emphasis(a, peakA), Emphasis(b, peakB), sign, .. more.Select(Markup.Escape)]);
    }

    private static string Emphasis(int? value, bool emphasised) => value is not { } number ? "-" : emphasised ? $"[bold]{Number(number)}[/]" : Number(number);

    private static int? Live(MemoryMap map, Phase phase) => map.Phases.Contains(phase) ? map.LiveBytes(phase) : null;

    private static void AlignNumbers(Table table)
    {
        foreach (TableColumn column in table.Columns.Skip(1).Take(3))
        {
            _ = column.RightAligned();
        }
    }

    private static string Words(Knob knob) => $"{Markup.Escape(knob.Name)} ({Markup.Escape(knob.Setting)})";

    private static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true };
        _ = table.AddColumns([.. columns.Select(column => new TableColumn(column).NoWrap())]);
        _ = table.Columns[0].PadLeft(0);
        return table;
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
