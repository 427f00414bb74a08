using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Thimble.Cli.Timeline;
using Thimble.Memory;
using static Thimble.Cli.Html.HtmlWriter;

namespace Thimble.Cli.Html;

/// <summary>The map of a buffer: who has which bytes, when. Offset by time.</summary>
internal sealed partial class MapPicture(HtmlWriter html, MapLayout layout, string id)
{
    private const double StripHeight = 40, StripGap = 26, NameHeight = 148, TipHeight = 74, TipLine = 16, CharacterWidth = 6.3;

    /// <summary>A line that a phone shows without moving the picture.</summary>
    private const int TipCharacters = 70;

    private static readonly (string Name, string Style, Func<MapColumn, double> Value)[] s_strips =
    [
        ("bytes read", "public", column => column.BytesRead),
        ("bytes written", "window", column => column.BytesWritten),
        ("work units", "scratch", column => column.Work),
        ("engine ms", "state", column => Math.Round(column.Milliseconds, 2)),
    ];

    private readonly bool _named = layout.Columns.Any(column => column.Name.Length > 0);

    /// <summary>Writes the picture. <paramref name="title"/> and <paramref name="description"/> are what a screen reader says of it.</summary>
    public void Write(string title, string description)
    {
        double tips = layout.Buffer.Bottom + 8;
        double names = tips + TipHeight;
        double strips = names + NameHeight;
        double height = _named ? strips + (s_strips.Length * (StripHeight + StripGap)) : names;
        html.Element("p", "The picture is wider than this screen: move it sideways.", ("class", "sideways"));
        using (html.Begin("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", title + ": the picture, to be moved sideways")))
        using (html.Begin("svg", ("viewBox", $"0 0 {Number(MapLayout.Width)} {Number(height)}"), ("role", "group"), ("aria-labelledby", id + "-title"), ("aria-describedby", id + "-desc")))
        {
            html.Element("title", title, ("id", id + "-title"));
            html.Element("desc", description, ("id", id + "-desc"));
            Ground();
            Versions();
            PhaseEdges();
            Label(layout.Buffer.X, tips + 14, "Point at a region, touch it, or go to it with Tab: here it tells what it is.", "start", "quiet");
            Regions(tips);
            Peak();
            if (_named)
            {
                Names(names);
                foreach ((int at, (string name, string style, Func<MapColumn, double> value)) in s_strips.Index())
                {
                    Strip(strips + (at * (StripHeight + StripGap)), name, value, style);
                }
            }
        }
    }

    private void Ground()
    {
        Rectangle(layout.Buffer, "ground");
        int step = layout.Map.PlannedBytes > 16_384 ? 4096 : layout.Map.PlannedBytes > 6144 ? 1024 : 512;
        for (int offset = 0; offset < layout.Map.PlannedBytes - (step / 4); offset += step)
        {
            Label(layout.Buffer.X - 6, layout.Y(offset) + 4, Words(offset), "end", "quiet number");
            Line(layout.Buffer.X, layout.Y(offset), layout.Buffer.Right, layout.Y(offset), "rule");
        }

        Label(layout.Buffer.X - 6, layout.Buffer.Bottom + 4, Words(layout.Map.PlannedBytes), "end", "strong number");
        foreach (Phase phase in layout.Phases)
        {
            Box box = layout.Of(phase);
            bool peak = phase == layout.Map.PeakPhase;
            string[] words = PhaseWords(phase);
            double at = MapLayout.Top - 23 - (13 * (words.Length - 1));
            foreach (string word in words)
            {
                Label(box.X + (box.Width / 2), at, word, "middle", peak ? "strong" : "");
                at += 13;
            }

            Label(box.X + (box.Width / 2), MapLayout.Top - 8, Words(layout.Map.LiveBytes(phase)) + (peak ? " peak" : ""), "middle", peak ? "strong number" : "quiet number");
        }
    }

    /// <summary>Both versions have a phase of certificates: which is whose stands over them.</summary>
    private void Versions()
    {
        foreach ((TlsVersions version, string name) in (ReadOnlySpan<(TlsVersions, string)>)[(TlsVersions.Tls12, "TLS 1.2"), (TlsVersions.Tls13, "TLS 1.3")])
        {
            if (layout.Of(version) is { } box)
            {
                Label(box.X + (box.Width / 2), 14, name, "middle", "strong");
                Line(box.X + 3, 20, box.Right - 3, 20, "bracket");
            }
        }
    }

    private void Regions(double tips)
    {
        foreach (MapRegion region in layout.Map.Regions)
        {
            Box[] boxes = [.. layout.Of(region)];
            if (boxes.Length == 0)
            {
                continue;
            }

            string place = $"{region.Id}: {Words(region.Bytes)} bytes, at {Words(region.Offset)} to {Words(region.Offset + region.Bytes)}{Used(region)}";
            using (html.Begin("g", ("class", "region"), ("tabindex", "0"), ("role", "img")))
            {
                html.Element("title", $"{place}; {region.Purpose} ({RegionKinds.Words(RegionKinds.Of(region.Id))}); alive in {MapTable.Life(layout.Map, region)}.");
                foreach (Box box in boxes)
                {
                    Rectangle(box, "place " + RegionKinds.Style(RegionKinds.Of(region.Id)));
                    NameIn(box, region);
                }

                Tip(tips, boxes, [place, region.Purpose, .. Broken(Others(region))]);
            }
        }
    }

    /// <summary>What is said of a region beneath the buffer, on each side on which it lies: a phone shows a part of the picture only.</summary>
    private void Tip(double top, Box[] boxes, string[] lines)
    {
        double middle = layout.Buffer.X + (layout.Buffer.Width / 2);
        Rectangle(new Box(layout.Buffer.X, top, layout.Buffer.Width, TipHeight - 6), "tip cover");
        foreach ((int at, string line) in lines.Index())
        {
            string style = at == 0 ? "tip strong" : "tip";
            if (boxes.Any(box => box.X < middle))
            {
                Label(layout.Buffer.X, top + 13 + (at * TipLine), line, "start", style);
            }

            if (boxes.Any(box => box.Right > middle))
            {
                Label(layout.Buffer.Right, top + 13 + (at * TipLine), line, "end", style);
            }
        }
    }

    private string Others(MapRegion region)
    {
        string shares = string.Join(", ", Overlays.Of(layout.Map, region).Select(other => other.Id));
        return shares.Length > 0 ? $"At other times its bytes are those of {shares}." : "Nothing else ever has its bytes.";
    }

    /// <summary>Two lines at most: the table has the rest.</summary>
    private static string[] Broken(string text)
    {
        if (text.Length <= TipCharacters)
        {
            return [text];
        }

        int at = text.LastIndexOf(' ', TipCharacters);
        string rest = text[(at + 1)..];
        return [text[..at], rest.Length <= TipCharacters ? rest : rest[..rest.LastIndexOf(' ', TipCharacters)] + " \u2026"];
    }

    /// <summary>The name where there is room for it, and the bytes behind or beneath.</summary>
    private void NameIn(Box box, MapRegion region)
    {
        string name = region.Id.ToString();
        string bytes = Words(region.Bytes);
        double room = (box.Width - 8) / CharacterWidth;
        if (room < name.Length)
        {
            NameUpwards(box, $"{name} {bytes}");
            return;
        }

        if (box.Height < 12)
        {
            return;
        }

        bool beside = room >= name.Length + bytes.Length + 2;
        bool beneath = !beside && box.Height >= 30;
        double y = box.Height < 30 ? box.Y + (box.Height / 2) + 4 : box.Y + 15;
        Label(box.X + 5, y, beside ? $"{name} {bytes}" : name, "start", "number");
        if (beneath)
        {
            Label(box.X + 5, y + 14, bytes, "start", "number");
        }
    }

    /// <summary>The name along the height, where the width has no room for it.</summary>
    private void NameUpwards(Box box, string name)
    {
        if (box.Width >= 14 && (box.Height - 8) / CharacterWidth >= name.Length)
        {
            double x = box.X + (box.Width / 2) + 4;
            double y = box.Bottom - 6;
            html.Element("text", name, ("x", Number(x)), ("y", Number(y)), ("transform", $"rotate(-90 {Number(x)} {Number(y)})"), ("class", "number"));
        }
    }

    private void PhaseEdges()
    {
        foreach (Phase phase in layout.Phases)
        {
            Box box = layout.Of(phase);
            Line(box.X, MapLayout.Top, box.X, box.Bottom, "edge");
        }
    }

    /// <summary>Thick lines above and beneath, where no text is.</summary>
    private void Peak()
    {
        if (layout.Phases.Contains(layout.Map.PeakPhase))
        {
            Box box = layout.Of(layout.Map.PeakPhase);
            Line(box.X, box.Y - 1.5, box.Right, box.Y - 1.5, "peak");
            Line(box.X, box.Bottom + 1.5, box.Right, box.Bottom + 1.5, "peak");
        }
    }

    private void Names(double top)
    {
        for (int i = 0; i < layout.Columns.Count; i++)
        {
            Box box = layout.Column(i);
            double x = box.X + (box.Width / 2) + 4;
            double y = top + NameHeight - 12;
            using (html.Begin("text", ("x", Number(x)), ("y", Number(y)), ("transform", $"rotate(-62 {Number(x)} {Number(y)})"), ("class", layout.Columns[i].Style == "scratch" ? "quiet" : "")))
            {
                html.Text(layout.Columns[i].Name);
            }
        }
    }

    /// <summary>One row of small columns beneath the map, at the same times.</summary>
    private void Strip(double top, string name, Func<MapColumn, double> value, string style)
    {
        double most = layout.Columns.Max(value);
        double bottom = top + StripGap + StripHeight - 8;
        Label(layout.Buffer.X - 6, bottom - 12, name.Split(' ')[0], "end", "quiet");
        Label(layout.Buffer.X - 6, bottom, name.Split(' ')[1], "end", "quiet");
        Line(layout.Buffer.X, bottom, layout.Buffer.Right, bottom, "rule");
        for (int i = 0; i < layout.Columns.Count; i++)
        {
            double amount = value(layout.Columns[i]);
            if (amount > 0)
            {
                Box column = layout.Column(i);
                double height = Math.Max(1.5, StripHeight * amount / most);
                double width = Math.Min(26, column.Width - 8);
                Rectangle(new Box(column.X + ((column.Width - width) / 2), bottom - height, width, height), style + " column");
                Label(column.X + (column.Width / 2), bottom - height - 4, amount.ToString("#,0.##", CultureInfo.InvariantCulture), "middle", "quiet number");
            }
        }
    }

    private void Rectangle(Box box, string style) => html.Element(
        "rect", "", ("x", Number(box.X)), ("y", Number(box.Y)), ("width", Number(box.Width)), ("height", Number(box.Height)), ("class", style));

    private void Line(double x1, double y1, double x2, double y2, string style) => html.Element(
        "line", "", ("x1", Number(x1)), ("y1", Number(y1)), ("x2", Number(x2)), ("y2", Number(y2)), ("class", style));

    private void Label(double x, double y, string text, string anchor, string style) => html.Element(
        "text", text, ("x", Number(x)), ("y", Number(y)), ("text-anchor", anchor), ("class", style));

    private static string Used(MapRegion region) => region.UsedBytes is { } used ? $", {Words(used)} of them written" : "";

    /// <summary>A phase's name in words, for narrow columns; the version it belongs to is clear from its place.</summary>
    private static string[] PhaseWords(Phase phase) => [.. Capitals().Split(phase.ToString().Replace("13", "", StringComparison.Ordinal)).Where(word => word.Length > 0)];

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])")]
    private static partial Regex Capitals();
}
