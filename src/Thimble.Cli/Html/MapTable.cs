using System.Collections.Generic;
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

            using (html.Begin("li"))
            {
                html.Element("i", "", ("class", "free"), ("aria-hidden", "true"));
                html.Text("wiped and free");
            }
        }
    }

    /// <summary>One row for each region.</summary>
    public static void Regions(HtmlWriter html, MemoryMap map, string name)
    {
        bool used = map.UsedBytes is not null;
        using (html.Begin("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", name + ": its regions")))
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
                html.Element("th", "Kind", ("scope", "col"));
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

    /// <summary>The phases in which a region is alive, those that follow one another as from and to.</summary>
    public static string Life(MemoryMap map, MapRegion region)
    {
        if (map.Phases.All(region.IsAlive))
        {
            return "all phases";
        }

        var runs = new List<string>();
        for (int i = 0; i < map.Phases.Count; i++)
        {
            int first = i;
            while (i < map.Phases.Count && region.IsAlive(map.Phases[i]))
            {
                i++;
            }

            if (i > first)
            {
                runs.Add(i - first == 1 ? map.Phases[first].ToString() : $"{map.Phases[first]}{(i - first == 2 ? ", " : " to ")}{map.Phases[i - 1]}");
            }
        }

        return string.Join(", ", runs);
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

            html.Element("td", Life(map, region));
            html.Element("td", region.Purpose);
            html.Element("td", RegionKinds.Words(RegionKinds.Of(region.Id)));
            html.Element("td", string.Join(", ", Overlays.Of(map, region).Select(other => other.Id)), ("class", "wide"));
        }
    }
}
