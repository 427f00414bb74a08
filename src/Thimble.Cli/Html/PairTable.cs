using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using static Thimble.Cli.Html.HtmlWriter;

namespace Thimble.Cli.Html;

/// <summary>Two figures for each name, side by side, in figures and as bars.</summary>
internal static class PairTable
{
    public static void Write(HtmlWriter html, string caption, string names, IReadOnlyList<(string Name, string Note, int A, int B)> rows)
    {
        int most = Math.Max(1, rows.Count == 0 ? 1 : rows.Max(row => Math.Max(row.A, row.B)));
        using (html.Begin("table", ("class", "bars")))
        {
            html.Element("caption", caption);
            using (html.Begin("thead"))
            using (html.Begin("tr"))
            {
                html.Element("th", names, ("scope", "col"));
                html.Element("th", "A", ("scope", "col"), ("class", "number"));
                html.Element("th", "B", ("scope", "col"), ("class", "number"));
                html.Element("th", "B - A", ("scope", "col"), ("class", "number"));
                html.Element("td", "");
            }

            using (html.Begin("tbody"))
            {
                foreach ((string name, string note, int a, int b) in rows)
                {
                    Row(html, name, note, a, b, most);
                }
            }
        }
    }

    private static void Row(HtmlWriter html, string name, string note, int a, int b, int most)
    {
        using (html.Begin("tr"))
        {
            using (html.Begin("th", ("scope", "row")))
            {
                html.Text(name);
                if (note.Length > 0)
                {
                    html.Element("span", note, ("class", "small"));
                }
            }

            html.Element("td", Figure(a), ("class", "number"));
            html.Element("td", Figure(b), ("class", "number"));
            html.Element("td", a == b ? "" : (b - a).ToString("+#,0;-#,0", CultureInfo.InvariantCulture), ("class", "number"));
            using (html.Begin("td", ("class", "bar pair"), ("aria-hidden", "true")))
            {
                Bar(html, a, most, "theirs");
                Bar(html, b, most, b > a ? "stack" : "ours");
            }
        }
    }

    /// <summary>What one of them does not have, or does not pass through, is a dash.</summary>
    private static string Figure(int value) => value == 0 ? "-" : Words(value);

    private static void Bar(HtmlWriter html, int value, int most, string style)
    {
        using (html.Begin("div"))
        {
            if (value > 0)
            {
                html.Element("span", "", ("class", style), ("style", $"width:{Number(100.0 * value / most)}%"));
            }
        }
    }
}
