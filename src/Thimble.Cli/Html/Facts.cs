using System;

namespace Thimble.Cli.Html;

/// <summary>A few figures in large print.</summary>
internal static class Facts
{
    public static void Write(HtmlWriter html, params ReadOnlySpan<(string Figure, string Meaning)> facts)
    {
        using (html.Begin("ul", ("class", "facts")))
        {
            foreach ((string figure, string meaning) in facts)
            {
                using (html.Begin("li"))
                {
                    html.Element("b", figure);
                    html.Element("span", meaning);
                }
            }
        }
    }
}
