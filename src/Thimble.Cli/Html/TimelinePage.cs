using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Thimble.Cli.Timeline;
using Thimble.Memory;
using static Thimble.Cli.Html.HtmlWriter;

namespace Thimble.Cli.Html;

/// <summary>The page of <c>profile</c> and of <c>demo</c>: the memory of one or more handshakes over their course.</summary>
internal static class TimelinePage
{
    public static void Write(TextWriter output, string profileName, IReadOnlyList<(TlsReport Tls, HandshakeTimeline Timeline)> handshakes) =>
        HtmlPage.Write(output, Title(handshakes), html =>
        {
            if (handshakes is [(_, { } full), ({ Resumed: true }, { } resumed)])
            {
                SessionSaving.Write(html, full, resumed);
            }

            int largest = handshakes.Max(handshake => handshake.Timeline.Map.PlannedBytes);
            foreach (((TlsReport tls, HandshakeTimeline timeline), int at) in handshakes.Select((handshake, at) => (handshake, at)))
            {
                Handshake(html, profileName, tls, timeline, $"handshake-{at + 1}", handshakes.Count > 1, largest);
            }

            PublishedChart.Write(html);
        });

    private static string Title(IReadOnlyList<(TlsReport Tls, HandshakeTimeline Timeline)> handshakes)
    {
        string server = handshakes[0].Tls.Server;
        if (handshakes is [(var fresh, var full), ({ Resumed: true }, var again)])
        {
            return $"A session saves {SavedFigure.OfWork(full, again).Share} of the public-key work of a {fresh.Version} handshake with {server}";
        }

        return handshakes is [(var tls, var only)]
            ? $"A {tls.Version} handshake with {server} in {Words(only.Map.PlannedBytes)} bytes"
            : $"Handshakes with {server}: {string.Join(", ", handshakes.Select(handshake => $"{Name(handshake.Tls)} in {Words(handshake.Timeline.Map.PlannedBytes)} bytes"))}";
    }

    private static string Name(TlsReport tls) => tls.Resumed ? $"{tls.Version} resumed" : tls.Version ?? "";

    private static void Handshake(HtmlWriter html, string profileName, TlsReport tls, HandshakeTimeline timeline, string id, bool several, int largestBytes)
    {
        MemoryMap map = timeline.Map;
        if (several)
        {
            html.Element("h2", Name(tls));
        }

        html.Element("p", $"{tls.Version}, {tls.Suite}, {tls.Group ?? "no key agreement"}, with '{tls.ServerName}'. Everything lay in one buffer of {Words(map.PlannedBytes)} bytes, planned for the profile {profileName} before the first byte was sent.", ("class", "lead"));
        Facts.Write(
            html,
            (Words(map.PlannedBytes), "bytes planned"),
            (Words(map.UsedBytes ?? 0), $"in use at most, in {timeline.BusiestPhase}"),
            (Words(timeline.Events.Sum(item => item.BytesRead)), "bytes read"),
            (Words(timeline.Events.Sum(item => item.BytesWritten)), "bytes written"),
            (Words(timeline.Events.Sum(item => item.Work)), "units of public-key work"),
            (Milliseconds(timeline.Engine.TotalMilliseconds) + " ms", "in the engine, on this machine"));
        var heading = new MapHeading(several ? $"The map of {Name(tls)}" : "The map", several ? "h3" : "h2", id);
        heading.Write(html, map);
        using (html.Begin("figure"))
        {
            MapTable.Legend(html);
            new MapPicture(html, new MapLayout(map, Columns(timeline), largestBytes), heading.Id).Write(
                $"{heading.Name}: which region has which bytes of the buffer, from message to message",
                $"{timeline.Events.Count} events in {timeline.Phases.Count} phases from left to right, {Words(map.PlannedBytes)} bytes from top to bottom. {MapHeading.Finding(map)}. The tables beneath have the same data.");
            html.Element("figcaption", "The handshake from left to right, bytes of the buffer from top to bottom; the figure over each phase is what is alive in it. Where one rectangle ends and another begins in the same bytes, the first was wiped.");
        }

        using (html.Begin("details"))
        {
            html.Element("summary", "The course as a table");
            Events(html, timeline, heading.Name);
        }

        using (html.Begin("details"))
        {
            html.Element("summary", "The regions as a table");
            MapTable.Regions(html, map, heading.Name);
        }

        if (tls.PeerChain.Count > 0)
        {
            Chain(html, tls);
        }
    }

    /// <summary>A column for each event, and one for all that comes behind a handshake that was completed.</summary>
    private static IReadOnlyList<MapColumn> Columns(HandshakeTimeline timeline)
    {
        IEnumerable<MapColumn> events = timeline.Events.Select(item => new MapColumn(
            item.Phase, Name(item), item.Kind == EventKind.Computed ? "scratch" : "public", item.BytesRead, item.BytesWritten, item.Work, item.Duration.TotalMilliseconds));
        return timeline.IsComplete ? [.. events, new MapColumn(Phase.Connected, "application data")] : [.. events];
    }

    private static string Name(TimelineEvent item) => item.Kind switch
    {
        EventKind.Received => "\u2190 " + item.Name,
        EventKind.Sent => "\u2192 " + item.Name,
        _ => item.Name,
    };

    private static void Events(HtmlWriter html, HandshakeTimeline timeline, string name)
    {
        using (html.Begin("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", name + ": the course of the handshake")))
        using (html.Begin("table"))
        {
            html.Element("caption", "An arrow to the left is a message of the server, one to the right ours. Work counts multiplications of about 256 bits; a call of the engine does at most 256, as on a device. The times are of this machine, and of a program that may just have been compiled.");
            using (html.Begin("thead"))
            using (html.Begin("tr"))
            {
                html.Element("th", "Phase", ("scope", "col"));
                html.Element("th", "Message or work", ("scope", "col"));
                foreach (string heading in (string[])["Alive", "Read", "Written", "Calls", "Work", "Engine ms"])
                {
                    html.Element("th", heading, ("scope", "col"), ("class", "number"));
                }
            }

            using (html.Begin("tbody"))
            {
                foreach (TimelineEvent item in timeline.Events)
                {
                    using (html.Begin("tr"))
                    {
                        html.Element("td", item.Phase.ToString());
                        html.Element("th", Name(item), ("scope", "row"));
                        Figures(html, timeline.Map.LiveBytes(item.Phase), item.BytesRead, item.BytesWritten, item.Calls, item.Work);
                        html.Element("td", Milliseconds(item.Duration.TotalMilliseconds), ("class", "number"));
                    }
                }
            }
        }
    }

    private static void Figures(HtmlWriter html, params int[] figures)
    {
        foreach (int figure in figures)
        {
            html.Element("td", figure == 0 ? "" : Words(figure), ("class", "number"));
        }
    }

    private static void Chain(HtmlWriter html, TlsReport tls)
    {
        html.Element("p", "The server's chain passed through without being stored:");
        using (html.Begin("ol"))
        {
            foreach (PeerReport peer in tls.PeerChain)
            {
                html.Element("li", $"{peer.Subject} ({peer.Key}, {Words(peer.Bytes)} bytes)");
            }
        }
    }

    private static string Milliseconds(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);
}
