using System.Collections.Generic;
using System.CommandLine;
using System.Linq;
using System.Net.Sockets;
using Spectre.Console;
using Thimble.Cli.Html;

namespace Thimble.Cli.Timeline;

/// <summary><c>thimble profile</c>: the memory of a real handshake over its course, and what a session saves of it.</summary>
internal static class ProfileCommand
{
    private const string Description = "Perform a TLS handshake with a server, and show its memory over its course: message by message what is alive, read, written and computed.";

    /// <summary>What was asked for on the command line.</summary>
    private sealed record Request(HandshakeRequest Handshake, bool Warm, string? HtmlFile, bool Json);

    /// <summary>What came of one handshake.</summary>
    private sealed record Course(TimelineReport Report, HandshakeTimeline Timeline);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("profile", Description);
        var handshake = new HandshakeOptions(command, "Connect a second time with the session of the first, and show both and what the session saves.");
        var warm = new Option<bool>("--warm") { Description = "Connect before, unrecorded, so that the times are not those of .NET's compiler." };
        Option<string?> htmlFile = HtmlFile.Option("the map of the handshake");
        Option<bool> json = PlanCommand.JsonOption();
        var profile = new ProfileOptions(command, Profiles.General);
        command.Options.Add(warm);
        command.Options.Add(htmlFile);
        command.Options.Add(json);
        command.Options.Add(HelpWithExamples.Option(
            "thimble profile broker.example.org:8883 --cafile ca.pem --cert device.pem --key device.key",
            "thimble profile broker.example.org:8883 --cafile ca.pem --reconnect --warm --html session.html",
            "thimble profile [::1]:8883 --cafile ca.pem --servername broker --html handshake.html"));
        command.SetAction(result => Run(
            terminal, new Request(handshake.Read(result, profile), result.GetValue(warm), result.GetValue(htmlFile), result.GetValue(json))));
        return command;
    }

    private static int Run(Terminal terminal, Request request)
    {
        HandshakeRequest handshake = request.Handshake;
        try
        {
            using Credentials credentials = handshake.ReadCredentials();
            using PreSharedKey? sharedKey = handshake.ReadSharedKey();
            TlsConnectionOptions options = handshake.Options(credentials, sharedKey);
            if (request.Warm)
            {
                Warm(handshake, options);
            }

            using var sessions = new SessionCache();
            options = options with { Sessions = sessions };
            Course first = Record(handshake, options);
            return Show(terminal, request, !handshake.Reconnect || first.Report.Fault is not null ? [first] : [first, Record(handshake, options)]);
        }
        catch (ThimbleException e)
        {
            return Explain(terminal, request.Json, new TimelineReport(false, null, null, null, null, null, null, ReportMaker.Fault(e), null));
        }
    }

    /// <summary>What will be recorded, once without being recorded, with sessions of its own.</summary>
    private static void Warm(HandshakeRequest handshake, TlsConnectionOptions options)
    {
        using var sessions = new SessionCache();
        for (int connection = 0; connection < (handshake.Reconnect ? 2 : 1); connection++)
        {
            handshake.ConnectOnce(options with { Sessions = sessions, Observer = new HandshakeRecorder() });
        }
    }

    private static Course Record(HandshakeRequest handshake, TlsConnectionOptions options)
    {
        var recorder = new HandshakeRecorder();
        options = options with { Observer = recorder };
        using NetworkStream transport = handshake.Connect();
        using var connection = new TlsConnection(options, transport);
        FaultReport? fault = null;
        try
        {
            connection.Handshake();
            connection.Close();
        }
        catch (ThimbleException e)
        {
            fault = ReportMaker.Fault(e);
        }

        HandshakeTimeline timeline = HandshakeTimeline.Of(recorder.Steps, connection.MemoryMap);
        TimelineReport report = TimelineReportMaker.Of(
            timeline, ReportMaker.Tls(handshake.Server.ToString(), options, connection), ReportMaker.Memory(handshake.ProfileName, timeline.Map, connection.GcAllocatedBytes), fault);
        return new Course(report, timeline);
    }

    private static int Show(Terminal terminal, Request request, IReadOnlyList<Course> courses)
    {
        TimelineReport report = courses is [var first, var second] ? first.Report with { Ok = second.Report.Ok, Again = second.Report } : courses[0].Report;
        if (courses[^1].Report.Fault is not null)
        {
            return Explain(terminal, request.Json, request.Json ? report : courses[^1].Report);
        }

        if (request.Json)
        {
            terminal.WriteJson(report, TimelineJson.Readable.TimelineReport);
        }
        else
        {
            Show(terminal.Console, request, courses);
        }

        bool written = request.HtmlFile is not { } file
            || HtmlFile.TryWrite(terminal, file, page => TimelinePage.Write(page, request.Handshake.ProfileName, [.. courses.Select(course => (course.Report.Tls!, course.Timeline))]));
        return written ? ExitCode.Good : ExitCode.Fault;
    }

    private static void Show(IAnsiConsole console, Request request, IReadOnlyList<Course> courses)
    {
        foreach (Course course in courses)
        {
            Show(console, request, course);
        }

        if (courses is [var full, var again])
        {
            ShowSaving(console, full, again);
        }

        console.WriteLine("Where each region lies. Regions that share bytes never live at the same time:");
        TimelineTables.Overlays(console, courses[^1].Timeline.Map);
    }

    private static void Show(IAnsiConsole console, Request request, Course course)
    {
        HandshakeTimeline timeline = course.Timeline;
        MemoryMap map = timeline.Map;
        Summary.Tls(console, course.Report.Tls!);
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{map.PlannedBytes:N0} bytes[/] were planned (profile {request.Handshake.ProfileName}), and at most {map.UsedBytes:N0} were in use at once, in {timeline.BusiestPhase}.");
        console.MarkupLineInterpolated($"The handshake took {timeline.Total.TotalMilliseconds:N1} ms, and the engine worked for {timeline.Engine.TotalMilliseconds:N1} of them. <- is the server's, -> ours; the others are work.");
        console.MarkupLineInterpolated($"Work counts multiplications of about 256 bits; a call does at most {Tls.TlsConfig.DeviceWorkPerCall}, as on a device.");
        TimelineTables.Events(console, timeline);
    }

    private static void ShowSaving(IAnsiConsole console, Course full, Course again)
    {
        if (!again.Report.Tls!.Resumed)
        {
            console.WriteLine(again.Report.Tls.SessionOffered
                ? "The server did not resume the session: both handshakes are full ones."
                : "The server gave no session that could be kept, so both handshakes are full ones: see --max-ticket.");
            return;
        }

        console.WriteLine("What the session saves. The buffer is planned for both handshakes, and gets no smaller:");
        TimelineTables.Saving(console, SavedFigure.Of(full.Timeline, again.Timeline));
    }

    private static int Explain(Terminal terminal, bool json, TimelineReport report)
    {
        if (json)
        {
            terminal.WriteJson(report, TimelineJson.Readable.TimelineReport);
        }
        else
        {
            Summary.Fault(terminal, new RunReport(false, report.Tls, null, report.Memory, report.Fault), null);
        }

        return ExitCode.Fault;
    }
}
