using System;
using System.IO;

namespace Thimble.Cli.Html;

/// <summary>One self-contained page: it loads nothing, runs nothing, and reads in light and dark, on a phone and on paper.</summary>
internal static class HtmlPage
{
    /// <summary>What a browser may do with it: show its own styles, and nothing else.</summary>
    public const string ContentPolicy = "default-src 'none'; style-src 'unsafe-inline'";

    /// <summary>Writes a page of that title, with what <paramref name="body"/> writes in it.</summary>
    public static void Write(TextWriter output, string title, Action<HtmlWriter> body)
    {
        using var html = new HtmlWriter(output);
        using (html.Begin("html", ("lang", "en")))
        {
            using (html.Begin("head"))
            {
                html.Void("meta", ("charset", "utf-8"));
                html.Void("meta", ("http-equiv", "Content-Security-Policy"), ("content", ContentPolicy));
                html.Void("meta", ("name", "viewport"), ("content", "width=device-width, initial-scale=1"));
                html.Void("meta", ("name", "color-scheme"), ("content", "light dark"));
                html.Void("meta", ("name", "referrer"), ("content", "no-referrer"));
                html.Element("title", title);
                html.Element("style", PageStyle.Sheet);
            }

            using (html.Begin("body"))
            {
                using (html.Begin("main"))
                {
                    html.Element("h1", title);
                    body(html);
                }

                using (html.Begin("footer"))
                {
                    html.Text("Made by thimble. This page is one file: it loads nothing and runs nothing.");
                }
            }
        }
    }
}
