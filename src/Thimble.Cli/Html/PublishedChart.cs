using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using static Thimble.Cli.Html.HtmlWriter;

namespace Thimble.Cli.Html;

/// <summary>Our figures beside those of others.</summary>
internal static class PublishedChart
{
    public static void Write(HtmlWriter html)
    {
        html.Element("h2", "Beside other libraries");
        IReadOnlyList<(string Scenario, IReadOnlyList<Published> Figures)> all = PublishedFigures.All;
        Published ours = all[0].Figures[0];
        html.Element("p", $"For the handshake of the first chart, {all[0].Figures[1].Library} takes {Times(all[0].Figures[1], ours)} times Thimble's memory, and {all[0].Figures[^1].Library} {Times(all[0].Figures[^1], ours)} times, stack included. The charts are of those handshakes, whatever is planned above, and have one scale.");
        html.Element("p", PublishedFigures.Source, ("class", "note"));
        using (html.Begin("ul", ("class", "legend")))
        {
            Key(html, "ours", "Thimble's plan");
            Key(html, "theirs", "heap or contexts, and static memory");
            Key(html, "stack", "deepest stack");
        }

        Bar[][] charts = [.. all.Select(chart => chart.Figures.Select((figure, at) => Row(figure, at == 0)).ToArray())];
        int longest = charts.Max(bars => bars.Max(bar => bar.Sum));
        foreach (((string scenario, _), Bar[] bars) in all.Zip(charts))
        {
            BarTable.Write(html, scenario, "Library", "Bytes", bars, longest);
        }

        Statements(html);
    }

    private static string Times(Published figure, Published ours) =>
        ((double)(figure.ArenaBytes + figure.StackBytes) / (ours.ArenaBytes + ours.StackBytes)).ToString("0.0", CultureInfo.InvariantCulture);

    private static void Statements(HtmlWriter html)
    {
        html.Element("h3", "What they publish themselves");
        using (html.Begin("table", ("class", "keep")))
        {
            html.Element("caption", "Figures of their makers and users, for other handshakes and machines: not to be compared with those above, nor with one another.");
            using (html.Begin("thead"))
            using (html.Begin("tr"))
            {
                foreach (string heading in (string[])["Library", "Figure", "Of what", "Source"])
                {
                    html.Element("th", heading, ("scope", "col"));
                }
            }

            using (html.Begin("tbody"))
            {
                foreach (Statement statement in PublishedFigures.Statements)
                {
                    using (html.Begin("tr"))
                    {
                        html.Element("th", statement.Library, ("scope", "row"));
                        html.Element("td", statement.Figure);
                        html.Element("td", statement.Scope);
                        html.Element("td", statement.Source, ("class", "source"));
                    }
                }
            }
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
