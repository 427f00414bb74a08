using System.Collections.Generic;
using System.Linq;
using static Thimble.Cli.Html.HtmlWriter;

namespace Thimble.Cli.Html;

/// <summary>Our figures beside those of others.</summary>
internal static class PublishedChart
{
    public static void Write(HtmlWriter html)
    {
        html.Element("h2", "Beside other libraries");
        html.Element("p", PublishedFigures.Source, ("class", "note"));
        using (html.Begin("ul", ("class", "legend")))
        {
            Key(html, "ours", "Thimble's plan");
            Key(html, "theirs", "heap or contexts, and static memory");
            Key(html, "stack", "deepest stack");
        }

        foreach ((string scenario, IReadOnlyList<Published> figures) in PublishedFigures.All)
        {
            BarTable.Write(html, scenario, "Library", "Bytes", [.. figures.Select((figure, at) => Row(figure, at == 0))]);
        }
    }

    private static Bar Row(Published figure, bool ours) => new(
        figure.Library,
        figure.StackBytes == 0 ? figure.Note : $"{Words(figure.ArenaBytes)} + {Words(figure.StackBytes)}: {figure.Note}",
        [new BarPart(figure.ArenaBytes, ours ? "ours" : "theirs"), new BarPart(figure.StackBytes, "stack")],
        Words(figure.ArenaBytes + figure.StackBytes));

    private static void Key(HtmlWriter html, string style, string words)
    {
        using (html.Begin("li"))
        {
            html.Element("i", "", ("class", style), ("aria-hidden", "true"));
            html.Text(words);
        }
    }
}
