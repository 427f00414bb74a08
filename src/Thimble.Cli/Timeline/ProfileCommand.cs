using System;
using System.CommandLine;
using System.Net.Sockets;
using Spectre.Console;
using Thimble.Cli.Html;
using Profile = Thimble.Memory.Profile;

namespace Thimble.Cli.Timeline;

/// <summary><c>thimble profile</c>: the memory of a real handshake over its course.</summary>
internal static class ProfileCommand
{
    private const string Description = "Perform a TLS handshake with a server, and show its memory over its course: message by message what is alive, read, written and computed.";

    /// <summary>What was asked for on the command line.</summary>
    private sealed record Request(
        HostAndPort Server, string CaFile, string? CertificateFile, string? KeyFile, string ServerName, string Alpn, DateTimeOffset? Now, TimeSpan Timeout, string ProfileName, Profile Profile, bool Warm, string? HtmlFile, bool Json);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("profile", Description);
        Argument<HostAndPort> server = HostAndPort.Argument();
        Option<string> caFile = ConnectCommand.CaFileOption("The certificates to trust, PEM (one or several) or DER.");
        caFile.Required = true;
        Option<string> certificate = ConnectCommand.CertificateOption();
        Option<string> key = ConnectCommand.KeyOption();
        Option<string> serverName = ConnectCommand.ServerNameOption();
        Option<string> alpn = ConnectCommand.AlpnOption();
        Option<DateTimeOffset?> time = ConnectCommand.TimeOption();
        Option<double?> timeout = ConnectCommand.TimeoutOption();
        var warm = new Option<bool>("--warm") { Description = "Connect once before, unrecorded, so that the times are not those of .NET's compiler." };
        Option<string?> htmlFile = HtmlFile.Option("the map of the handshake");
        Option<bool> json = PlanCommand.JsonOption();
        command.Arguments.Add(server);
        foreach (Option option in (Option[])[caFile, certificate, key, serverName, alpn, time, timeout])
        {
            command.Options.Add(option);
        }

        var profile = new ProfileOptions(command, Profiles.General);
        command.Options.Add(warm);
        command.Options.Add(htmlFile);
        command.Options.Add(json);
        command.Options.Add(HelpWithExamples.Option(
            "thimble profile broker.example.org:8883 --cafile ca.pem --cert device.pem --key device.key",
            "thimble profile [::1]:8883 --cafile ca.pem --servername broker --html handshake.html"));
        command.Validators.Add(result => ConnectCommand.RefuseHalfIdentity(result, certificate, key));
        command.SetAction(result =>
        {
            HostAndPort to = result.GetRequiredValue(server);
            return Run(terminal, new Request(
                to, result.GetRequiredValue(caFile), result.GetValue(certificate), result.GetValue(key), result.GetValue(serverName) ?? to.Host, result.GetValue(alpn) ?? "", result.GetValue(time),
                TimeSpan.FromSeconds(result.GetValue(timeout) ?? ConnectCommand.UsualTimeoutSeconds), profile.Name(result), profile.Read(result), result.GetValue(warm), result.GetValue(htmlFile), result.GetValue(json)));
        });
        return command;
    }

    private static int Run(Terminal terminal, Request request)
    {
        try
        {
            using Credentials credentials = Credentials.Load(request.CaFile, request.CertificateFile, request.KeyFile);
            var recorder = new HandshakeRecorder();
            var options = new TlsConnectionOptions
            {
                Credentials = credentials,
                Profile = ConnectCommand.FitNames(credentials.Fit(request.Profile), request.ServerName, request.Alpn),
                ServerName = request.ServerName,
                Alpn = request.Alpn,
                Now = request.Now,
                Timeout = request.Timeout,
                Audit = true,
            };
            if (request.Warm)
            {
                using NetworkStream first = TcpTransport.Connect(request.Server.Host, request.Server.Port, request.Timeout);
                using var unrecorded = new TlsConnection(options with { Observer = new HandshakeRecorder() }, first);
                unrecorded.Handshake();
                unrecorded.Close();
            }

            options = options with { Observer = recorder };
            using NetworkStream transport = TcpTransport.Connect(request.Server.Host, request.Server.Port, request.Timeout);
            using var connection = new TlsConnection(options, transport);
            return Handshake(terminal, request, options, connection, recorder);
        }
        catch (ThimbleException e)
        {
            return Explain(terminal, request.Json, new TimelineReport(false, null, null, null, null, null, null, ReportMaker.Fault(e)));
        }
    }

    private static int Handshake(Terminal terminal, Request request, TlsConnectionOptions options, TlsConnection connection, HandshakeRecorder recorder)
    {
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
            timeline, ReportMaker.Tls(request.Server.ToString(), options, connection), ReportMaker.Memory(request.ProfileName, timeline.Map, connection.GcAllocatedBytes), fault);
        if (fault is not null)
        {
            return Explain(terminal, request.Json, report);
        }

        if (request.Json)
        {
            terminal.WriteJson(report, TimelineJson.Readable.TimelineReport);
        }
        else
        {
            Show(terminal.Console, request, report, timeline);
        }

        bool written = request.HtmlFile is not { } file || HtmlFile.TryWrite(terminal, file, page => TimelinePage.Write(page, request.ProfileName, [(report.Tls!, timeline)]));
        return written ? ExitCode.Good : ExitCode.Fault;
    }

    private static void Show(IAnsiConsole console, Request request, TimelineReport report, HandshakeTimeline timeline)
    {
        MemoryMap map = timeline.Map;
        Summary.Tls(console, report.Tls!);
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{map.PlannedBytes:N0} bytes[/] were planned (profile {request.ProfileName}), and {map.UsedBytes:N0} were in use at the peak, in {map.PeakPhase}.");
        console.MarkupLineInterpolated($"The handshake took {timeline.Total.TotalMilliseconds:N1} ms, and the engine worked for {timeline.Engine.TotalMilliseconds:N1} of them. <- is the server's, -> ours; the others are work.");
        console.MarkupLineInterpolated($"Work counts multiplications of about 256 bits; a call does at most {Tls.TlsConfig.DeviceWorkPerCall}, as on a device.");
        TimelineTables.Events(console, timeline);
        console.WriteLine("Where each region lies. Regions that share bytes never live at the same time:");
        TimelineTables.Overlays(console, map);
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
