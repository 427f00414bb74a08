using System;
using System.Linq;

namespace Thimble.Cli.Timeline;

/// <summary>Turns a timeline into its report for programs.</summary>
internal static class TimelineReportMaker
{
    public static TimelineReport Of(HandshakeTimeline timeline, TlsReport tls, MemoryReport memory, FaultReport? fault) => new(
        fault is null,
        tls,
        memory,
        [.. timeline.Events.Select(item => Line(timeline, item))],
        [.. timeline.Map.Regions.Select(region => new OverlayLine(region.Id.ToString(), region.Offset, region.Bytes, [.. Overlays.Of(timeline.Map, region).Select(other => other.Id.ToString())]))],
        Milliseconds(timeline.Total),
        Milliseconds(timeline.Engine),
        fault,
        null);

    private static EventLine Line(HandshakeTimeline timeline, TimelineEvent item) => new(
        item.Name, item.Kind.ToString(), item.Phase.ToString(), timeline.Map.LiveBytes(item.Phase), item.BytesRead, item.BytesWritten, item.Calls, item.Work, Milliseconds(item.Began), Milliseconds(item.Duration));

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);
}
