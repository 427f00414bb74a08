using System.Collections.Generic;
using System.Linq;
using static Thimble.Cli.Html.HtmlWriter;

namespace Thimble.Cli.Html;

/// <summary>A chart that is a table: its figures can be read without the bars, and where there is none to draw it has no place for them.</summary>
internal static class BarTable
{
    /// <param name="html">Where it goes.</param>
    /// <param name="caption">What it shows.</param>
    /// <param name="names">The heading of the names.</param>
    /// <param name="figures">The heading of the figures.</param>
    /// <param name="bars">The rows.</param>
    /// <param name="scale">What the whole width stands for, where charts are to be compared.</param>
    public static void Write(HtmlWriter html, string caption, string names, string figures, IReadOnlyList<Bar> bars, int scale = 0)
    {
        int longest = bars.Count == 0 ? 0 : bars.Max(bar => bar.Sum);
        int most = longest == 0 ? 0 : int.Max(longest, scale);
        using (html.Begin("table", ("class", most > 0 ? "bars keep" : "keep")))
        {
            html.Element("caption", caption);
            using (html.Begin("thead"))
            using (html.Begin("tr"))
            {
                html.Element("th", names, ("scope", "col"));
                html.Element("th", figures, ("scope", "col"), ("class", "number"));
                if (most > 0)
                {
                    html.Element("td", "");
                }
            }

            using (html.Begin("tbody"))
            {
                foreach (Bar bar in bars)
                {
                    Row(html, bar, most);
                }
            }
        }
    }

    private static void Row(HtmlWriter html, Bar bar, int most)
    {
        using (html.Begin("tr"))
        {
            using (html.Begin("th", ("scope", "row")))
            {
                html.Text(bar.Name);
                if (bar.Note.Length > 0)
                {
                    html.Element("span", bar.Note, ("class", "small"));
                }
            }

            html.Element("td", bar.Figure, ("class", "number"));
            if (most == 0)
            {
                return;
            }

            using (html.Begin("td", ("class", "bar"), ("aria-hidden", "true")))
            using (html.Begin("div"))
            {
                foreach (BarPart part in bar.Parts.Where(part => part.Value > 0))
                {
                    html.Element("span", "", ("class", part.Style), ("style", $"width:{Number(100.0 * part.Value / most)}%"));
                }
            }
        }
    }
}
