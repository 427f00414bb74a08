using System.Linq;
using static Thimble.Cli.Html.HtmlWriter;

namespace Thimble.Cli.Html;

/// <summary>What stands over a map: its name, and what it shows.</summary>
/// <param name="Name">Its name, which no other map of the page has.</param>
/// <param name="Element">The element of a heading of its level.</param>
/// <param name="Id">Where its identifiers begin.</param>
internal sealed record MapHeading(string Name, string Element, string Id)
{
    /// <summary>What a map shows at a glance: how much less the buffer is than what lies in it.</summary>
    public static string Finding(MemoryMap map) =>
        $"{map.Regions.Count} regions of {Words(map.Regions.Sum(region => region.Bytes))} bytes take turns in {Words(map.PlannedBytes)}";

    public void Write(HtmlWriter html, MemoryMap map) => html.Element(Element, $"{Name}: {Finding(map)}");
}
