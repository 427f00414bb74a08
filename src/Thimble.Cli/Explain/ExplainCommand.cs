using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using Spectre.Console;
using Thimble.Memory;

namespace Thimble.Cli.Explain;

/// <summary><c>thimble explain</c>: what a code means, what usually causes it, and what to do next.</summary>
internal static partial class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var what = new Argument<string[]>("what")
        {
            HelpName = "CODE|ALERT|FILE",
            Arity = new ArgumentArity(1, 2),
            Description = "A fault by name or number (IssuerUnknown, 105), an alert (handshake_failure, alert 40), a reason code of MQTT 5 (0x87, mqtt 135), or a report that was saved with --json.",
        };
        var json = new Option<bool>("--json") { Description = "Write JSON for programs." };
        var command = new Command("explain", "Tell what a fault, an alert or a saved report means, what usually causes it, and what to run next.")
        {
            Arguments = { what },
            Options =
            {
                json,
                HelpWithExamples.Option(
                    "thimble explain IssuerUnknown",
                    "thimble explain alert 40",
                    "thimble explain 0x87",
                    "thimble connect broker.example.com:8883 --cafile ca.pem --json > report.json; thimble explain report.json"),
            },
        };
        command.SetAction(result => Run(terminal, result.GetValue(what)!, result.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, string[] what, bool json)
    {
        string word = what[^1];
        string? kind = what.Length == 2 ? Kind(what[0]) : null;
        if (kind is null && File.Exists(word))
        {
            return Explain(terminal, word, json);
        }

        IReadOnlyList<Subject> found = Subject.Find(kind, word);
        if (found.Count == 0)
        {
            terminal.Error.WriteLine($"thimble: {Unknown(kind, word)}");
            return ExitCode.Fault;
        }

        Write(terminal, new ExplainReport(true, null, [.. found.Select(subject => ArticleReport.Of(subject, null))]), json);
        return ExitCode.Good;
    }

    /// <summary>Explains a saved report.</summary>
    private static int Explain(Terminal terminal, string file, bool json)
    {
        SavedReport report;
        try
        {
            report = SavedReport.Read(file);
        }
        catch (InvalidDataException e)
        {
            terminal.Error.WriteLine($"thimble: {e.Message}");
            return ExitCode.Fault;
        }

        Subject? subject = report.Alert is { } alert && report.Reason == nameof(FaultReason.AlertReceived) ? Subject.OfAlert(alert)
            : Array.IndexOf(Enum.GetNames<FaultReason>(), report.Reason) >= 0 ? Subject.Of(Enum.Parse<FaultReason>(report.Reason!))
            : null;
        string happened = report.Explanation is { } words ? PrintableText.Of(words)
            : report.Ok ? "All went well: there is nothing to explain." : "The report tells no fault.";
        string? server = report.Server is { } name && HostPort().IsMatch(name) ? name : null; // a report may come from anywhere, and commands are copied from here
        Write(terminal, new ExplainReport(true, happened, subject is null ? [] : [ArticleReport.Of(subject, server)]), json);
        return ExitCode.Good;
    }

    private static void Write(Terminal terminal, ExplainReport report, bool json)
    {
        if (json)
        {
            terminal.WriteJson(report, ExplainJson.Readable.ExplainReport);
            return;
        }

        IAnsiConsole console = terminal.Console;
        if (report.Happened is { } happened)
        {
            console.WriteLine(happened);
        }

        foreach (ArticleReport article in report.Articles)
        {
            if (article != report.Articles[0] || report.Happened is not null)
            {
                console.WriteLine();
            }

            console.MarkupLineInterpolated($"[bold]{article.Name}[/] ({article.Kind} {article.Code})");
            console.WriteLine(article.Meaning);
            List(console, "Usual causes, the most frequent first:", article.Causes);
            List(console, "What to do next:", article.NextSteps);
        }
    }

    private static void List(IAnsiConsole console, string heading, IReadOnlyList<string> lines)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{heading}[/]");
        for (int i = 0; i < lines.Count; i++)
        {
            const int Indent = 5;
            string number = $"{i + 1}.".PadLeft(Indent - 1);
            foreach (string line in WordWrap.Lines(lines[i], console.Profile.Width - Indent))
            {
                console.WriteLine($"{number} {line}");
                number = new string(' ', Indent - 1);
            }
        }
    }

    private static string Kind(string word) => word.ToUpperInvariant() switch
    {
        "FAULT" => "fault",
        "ALERT" => "alert",
        "MQTT" => "mqtt",
        _ => throw new UsageException($"'{word}' is none of fault, alert and mqtt. Give one word, or one of these three before it."),
    };

    private static string Unknown(string? kind, string word)
    {
        IReadOnlyList<string> similar = Subject.Resembling(word);
        return similar.Count > 0 ? $"There is no {kind ?? "code"} '{word}'. Did you mean {string.Join(", ", similar)}?"
            : $"There is no {kind ?? "code, alert or file"} '{word}'. docs/faults.md lists all of them.";
    }

    [GeneratedRegex(@"^[A-Za-z0-9.\-\[\]:]{1,270}$")]
    private static partial Regex HostPort();
}
