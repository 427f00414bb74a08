using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spectre.Console;
using Thimble.Memory;

namespace Thimble.Cli;

/// <summary>Memory maps as tables, in 100 columns, and understandable without colours.</summary>
internal static class Tables
{
    /// <summary>One line for each phase: what is alive, and where the peak is.</summary>
    public static void Phases(IAnsiConsole console, MemoryMap map)
    {
        const int BarWidth = 40;
        Table table = New("Phase", "Live bytes", "");
        table.Columns[1].RightAligned();
        int peak = map.LiveBytes(map.PeakPhase);
        foreach (Phase phase in map.Phases)
        {
            int live = map.LiveBytes(phase);
            string bar = new('#', Math.Max(1, live * BarWidth / Math.Max(1, peak)));
            _ = table.AddRow($"{Digit(map, phase)} {phase}", Number(live), live == peak ? $"[bold]{bar} peak[/]" : bar);
        }

        console.Write(table);
    }

    /// <summary>One line for each region: size, place, life and purpose. Phases are the digits of <see cref="Phases"/>.</summary>
    public static void Regions(IAnsiConsole console, MemoryMap map)
    {
        Table table = New("Region", "Offset", "Bytes", "Alive in", "What it is for");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        table.Columns[4].NoWrap = false; // the phases of both versions leave less room for words
        foreach (MapRegion region in map.Regions)
        {
            string alive = string.Concat(map.Phases.Select(phase => region.IsAlive(phase) ? Digit(map, phase) : "."));
            _ = table.AddRow(
                Emphasis(region.Id.ToString(), region.IsAlive(map.PeakPhase)), Number(region.Offset), Number(region.Bytes), alive, Markup.Escape(region.Purpose));
        }

        console.Write(table);
    }

    /// <summary>
    /// One column for each phase, one line for each region; a region's bytes stand where it is alive. The last two
    /// columns compare plan and use.
    /// </summary>
    public static void PhasesAndRegions(IAnsiConsole console, MemoryMap map)
    {
        Table table = New(["Region", .. map.Phases.Select(Heading), "Planned", "Used"]);
        foreach (TableColumn column in table.Columns.Skip(1))
        {
            _ = column.RightAligned().PadLeft(1).PadRight(0);
        }

        IEnumerable<MapRegion> byLife = map.Regions.OrderBy(region => map.Phases.First(region.IsAlive)).ThenByDescending(region => map.Phases.Last(region.IsAlive)).ThenBy(region => region.Offset);
        foreach (MapRegion region in byLife)
        {
            IEnumerable<string> cells = map.Phases.Select(phase => region.IsAlive(phase) ? Number(region.Bytes) : "");
            _ = table.AddRow([region.Id.ToString(), .. cells, Number(region.Bytes), Used(region.UsedBytes)]);
        }

        Total(table, map, "Alive in all", map.LiveBytes, Number(map.PlannedBytes), Used(map.UsedBytes));
        if (map.UsedBytes is not null)
        {
            Total(table, map, "Used in all", map.UsedIn, "", "");
        }

        console.Write(table);
    }

    private static void Total(Table table, MemoryMap map, string name, Func<Phase, int> sum, string planned, string used)
    {
        IEnumerable<string> cells = map.Phases.Select(phase => Emphasis(Number(sum(phase)), phase == map.PeakPhase));
        if (sum == map.LiveBytes)
        {
            _ = table.AddEmptyRow();
        }

        _ = table.AddRow([$"[bold]{name}[/]", .. cells, $"[bold]{planned}[/]", $"[bold]{used}[/]"]);
    }

    private static string Heading(Phase phase) => phase switch
    {
        Phase.Certificates => "Certifi-\ncates",
        Phase.ServerKeyExchange => "Server-\nKey-Ex-\nchange",
        Phase.KeyExchange => "Key-Ex-\nchange",
        Phase.ClientAuth => "Client-\nAuth",
        Phase.Finished => "Fini-\nshed",
        Phase.KeyShare13 => "Key-\nShare",
        Phase.KeyAgreement13 => "Key-\nAgree-\nment",
        Phase.Certificates13 => "Certifi-\ncates",
        Phase.ServerVerify13 => "Server-\nVerify",
        Phase.ClientAuth13 => "Client-\nAuth",
        Phase.Finished13 => "Fini-\nshed",
        Phase.Connected => "Connec-\nted",
        _ => phase.ToString(),
    };

    /// <summary>The place of a phase among those of the map, in one character.</summary>
    private static string Digit(MemoryMap map, Phase phase) => (map.Phases.ToList().IndexOf(phase) + 1).ToString("x", CultureInfo.InvariantCulture);

    private static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true };
        _ = table.AddColumns([.. columns.Select(column => new TableColumn(column).NoWrap())]);
        _ = table.Columns[0].PadLeft(0).PadRight(0);
        return table;
    }

    private static string Emphasis(string text, bool emphasised) => emphasised ? $"[bold]{text}[/]" : text;

    private static string Used(int? bytes) => bytes is { } used ? Number(used) : "";

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
