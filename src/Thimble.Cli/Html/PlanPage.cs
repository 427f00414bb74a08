using System.IO;
using System.Linq;
using static Thimble.Cli.Html.HtmlWriter;

namespace Thimble.Cli.Html;

/// <summary>The page of <c>plan</c>: the map before anything runs.</summary>
internal static class PlanPage
{
    public static void Write(TextWriter output, string profileName, MemoryMap map) =>
        HtmlPage.Write(output, $"{Words(map.PlannedBytes)} bytes for one connection", html =>
        {
            html.Element("p", $"The plan of the profile {profileName} on a {map.WordBits}-bit machine, computed before anything runs. The server cannot change any of it.", ("class", "lead"));
            Facts.Write(
                html,
                (Words(map.PlannedBytes), "bytes planned"),
                (map.PeakPhase.ToString(), $"binds: {Words(map.LiveBytes(map.PeakPhase))} B alive"),
                (Words(map.ConnectionBytes), "kept while idle"),
                (Words(map.WindowBytes), "record windows"),
                (Words(map.ParkedBytes), "parked, at most"));
            Map(html, map, new MapHeading("The map", "h2", "plan"));
            PublishedChart.Write(html);
        });

    /// <summary>A map by phases, with its legend and its table.</summary>
    public static void Map(HtmlWriter html, MemoryMap map, MapHeading heading, int largestBytes = 0)
    {
        heading.Write(html, map);
        using (html.Begin("figure"))
        {
            MapTable.Legend(html);
            new MapPicture(html, new MapLayout(map, [.. map.Phases.Select(phase => new MapColumn(phase))], largestBytes), heading.Id).Write(
                $"{heading.Name}: which region has which bytes of the buffer, in which phase",
                $"{map.Phases.Count} phases from left to right, {Words(map.PlannedBytes)} bytes from top to bottom. {MapHeading.Finding(map)}. The table beneath has the same data.");
            html.Element("figcaption", "Phases from left to right, bytes of the buffer from top to bottom; the figure over each phase is what is alive in it. Where one rectangle ends and another begins in the same bytes, the first was wiped.");
        }

        using (html.Begin("details"))
        {
            html.Element("summary", "The same as a table");
            MapTable.Regions(html, map, heading.Name);
        }
    }
}
