using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Spectre.Console;
using Thimble.Memory;

namespace Thimble.Cli.Timeline;

/// <summary>A timeline for people, in 100 columns.</summary>
internal static class TimelineTables
{
    /// <summary>One line for each event.</summary>
    public static void Events(IAnsiConsole console, HandshakeTimeline timeline)
    {
        Table table = New("Phase", "", "Message or work", "Alive", "Read", "Written", "Calls", "Work", "ms");
        foreach (TableColumn column in table.Columns.Skip(3))
        {
            _ = column.RightAligned().PadLeft(1).PadRight(0);
        }

        Phase? phase = null;
        foreach (TimelineEvent item in timeline.Events)
        {
            bool begins = item.Phase != phase;
            phase = item.Phase;
            bool peak = begins && item.Phase == timeline.Map.PeakPhase;
            string live = begins ? Number(timeline.Map.LiveBytes(item.Phase)) : "";
            _ = table.AddRow(
                begins ? item.Phase.ToString() : "", Arrow(item.Kind), Markup.Escape(item.Name), peak ? $"[bold]{live}[/]" : live,
                NumberOrNothing(item.BytesRead), NumberOrNothing(item.BytesWritten), Number(item.Calls), NumberOrNothing(item.Work), item.Duration.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture));
        }

        _ = table.AddEmptyRow();
        _ = table.AddRow(
            "[bold]In all[/]", "", "", $"[bold]{Number(timeline.Map.PlannedBytes)}[/]", Number(timeline.Events.Sum(item => item.BytesRead)), Number(timeline.Events.Sum(item => item.BytesWritten)),
            Number(timeline.Events.Sum(item => item.Calls)), Number(timeline.Events.Sum(item => item.Work)), timeline.Engine.TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture));
        console.Write(table);
    }

    /// <summary>A full handshake beside the one that resumed its session.</summary>
    public static void Saving(IAnsiConsole console, IEnumerable<SavedFigure> figures)
    {
        Table table = New("", "Full", "Resumed", "Saved");
        foreach (TableColumn column in table.Columns.Skip(1))
        {
            _ = column.RightAligned();
        }

        foreach (SavedFigure figure in figures)
        {
            _ = table.AddRow(figure.Name, figure.Text(figure.Full), figure.Text(figure.Resumed), figure.Share);
        }

        console.Write(table);
    }

    /// <summary>One line for each region: where it lies, what was used of it, and with which it shares bytes.</summary>
    public static void Overlays(IAnsiConsole console, MemoryMap map)
    {
        Table table = New("Region", "From", "To", "Bytes", "Used", "Shares bytes, at other times, with");
        foreach (TableColumn column in table.Columns.Skip(1).Take(4))
        {
            _ = column.RightAligned().PadLeft(0);
        }

        table.Columns[5].NoWrap = false;
        foreach (MapRegion region in map.Regions)
        {
            string shared = string.Join(", ", Timeline.Overlays.Of(map, region).Select(other => other.Id));
            _ = table.AddRow(region.Id.ToString(), Number(region.Offset), Number(region.Offset + region.Bytes), Number(region.Bytes), region.UsedBytes is { } used ? Number(used) : "", shared);
        }

        console.Write(table);
    }

    private static string Arrow(EventKind kind) => kind switch
    {
        EventKind.Received => "<-",
        EventKind.Sent => "->",
        _ => "",
    };

    private static Table New(params string[] columns)
    {
        var table = new Table { Border = TableBorder.Simple, UseSafeBorder = true };
        _ = table.AddColumns([.. columns.Select(column => new TableColumn(column).NoWrap())]);
        _ = table.Columns[0].PadLeft(0);
        return table;
    }

    private static string NumberOrNothing(int value) => value == 0 ? "" : Number(value);

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
