using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Thimble.Cli.Timeline;

/// <summary>One figure of a full handshake beside that of one which resumed its session.</summary>
internal sealed record SavedFigure(string Name, double Full, double Resumed, string Format)
{
    /// <summary>How much less it is, in percent of the full one.</summary>
    public string Share => Full <= 0 ? "" : $"{Math.Round(100 * (Full - Resumed) / Full).ToString(CultureInfo.InvariantCulture)} %";

    public static IReadOnlyList<SavedFigure> Of(HandshakeTimeline full, HandshakeTimeline resumed) =>
    [
        new("bytes read", full.Events.Sum(item => item.BytesRead), resumed.Events.Sum(item => item.BytesRead), "N0"),
        new("bytes written", full.Events.Sum(item => item.BytesWritten), resumed.Events.Sum(item => item.BytesWritten), "N0"),
        OfWork(full, resumed),
        new("calls of the engine", full.Events.Sum(item => item.Calls), resumed.Events.Sum(item => item.Calls), "N0"),
        new("most bytes alive at once", full.LiveAtPeak, resumed.LiveAtPeak, "N0"),
        new("ms in the engine", full.Engine.TotalMilliseconds, resumed.Engine.TotalMilliseconds, "N3"),
    ];

    public static SavedFigure OfWork(HandshakeTimeline full, HandshakeTimeline resumed) =>
        new("public-key work, in units", full.Events.Sum(item => item.Work), resumed.Events.Sum(item => item.Work), "N0");

    public string Text(double value) => value.ToString(Format, CultureInfo.InvariantCulture);
}
