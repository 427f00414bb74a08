using System.Linq;
using Thimble.Cli.Timeline;
using static Thimble.Cli.Html.HtmlWriter;

namespace Thimble.Cli.Html;

/// <summary>A legend of a map, and its data as a table.</summary>
internal static class MapTable
{
    /// <summary>Which colour is what.</summary>
    public static void Legend(HtmlWriter html)
    {
        using (html.Begin("ul", ("class", "legend")))
        {
            foreach (RegionKind kind in RegionKinds.All)
            {
                using (html.Begin("li"))
                {
                    html.Element("i", "", ("class", RegionKinds.Style(kind)), ("aria-hidden", "true"));
                    html.Text(RegionKinds.Words(kind));
                }
            }

            html.Element("li", "grey ground: wiped and free");
        }
    }

    /// <summary>One row for each region.</summary>
    public static void Regions(HtmlWriter html, MemoryMap map)
    {
        bool used = map.UsedBytes is not null;
        using (html.Begin("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "The regions")))
        using (html.Begin("table"))
        {
            html.Element("caption", "The regions in the order of their places. Regions that share bytes never live at the same time.");
            using (html.Begin("thead"))
            using (html.Begin("tr"))
            {
                html.Element("th", "Region", ("scope", "col"));
                html.Element("th", "From", ("scope", "col"), ("class", "number"));
                html.Element("th", "Bytes", ("scope", "col"), ("class", "number"));
                if (used)
                {
                    html.Element("th", "Written", ("scope", "col"), ("class", "number"));
                }

                html.Element("th", "Alive in", ("scope", "col"));
                html.Element("th", "What it is for", ("scope", "col"));
                html.Element("th", "Shares bytes with", ("scope", "col"), ("class", "wide"));
            }

            using (html.Begin("tbody"))
            {
                foreach (MapRegion region in map.Regions)
                {
                    Row(html, map, region, used);
                }
            }
        }
    }

    private static void Row(HtmlWriter html, MemoryMap map, MapRegion region, bool used)
    {
        using (html.Begin("tr"))
        {
            html.Element("th", region.Id.ToString(), ("scope", "row"));
            html.Element("td", Words(region.Offset), ("class", "number"));
            html.Element("td", Words(region.Bytes), ("class", "number"));
            if (used)
            {
                html.Element("td", Words(region.UsedBytes ?? 0), ("class", "number"));
            }

            html.Element("td", map.Phases.All(region.IsAlive) ? "all phases" : string.Join(", ", map.Phases.Where(region.IsAlive)));
            html.Element("td", region.Purpose);
            html.Element("td", string.Join(", ", Overlays.Of(map, region).Select(other => other.Id)), ("class", "wide"));
        }
    }
}
