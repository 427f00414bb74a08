using System.Collections.Generic;
using Thimble.Cli.Timeline;

namespace Thimble.Cli.Html;

/// <summary>What a session saves: a full handshake beside the one that resumed it.</summary>
internal static class SessionSaving
{
    public static void Write(HtmlWriter html, HandshakeTimeline full, HandshakeTimeline resumed)
    {
        IReadOnlyList<SavedFigure> figures = SavedFigure.Of(full, resumed);
        html.Element("h2", "What the session saves");
        using (html.Begin("table"))
        {
            html.Element("caption", "The full handshake, and the one that resumed its session. The buffer is planned for both: it gets no smaller.");
            using (html.Begin("thead"))
            using (html.Begin("tr"))
            {
                html.Element("th", "What", ("scope", "col"));
                foreach (string heading in (string[])["Full", "Resumed", "Saved"])
                {
                    html.Element("th", heading, ("scope", "col"), ("class", "number"));
                }
            }

            using (html.Begin("tbody"))
            {
                foreach (SavedFigure figure in figures)
                {
                    using (html.Begin("tr"))
                    {
                        html.Element("th", figure.Name, ("scope", "row"));
                        foreach (string text in (string[])[figure.Text(figure.Full), figure.Text(figure.Resumed), figure.Share])
                        {
                            html.Element("td", text, ("class", "number"));
                        }
                    }
                }
            }
        }
    }
}
