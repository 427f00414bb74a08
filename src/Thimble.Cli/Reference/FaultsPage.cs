using System.Collections.Generic;
using System.IO;
using Thimble.Cli.Explain;

namespace Thimble.Cli.Reference;

/// <summary>docs/faults.md: every fault, alert and reason code with its article, from the same source as <c>explain</c>.</summary>
internal static class FaultsPage
{
    public static void Write(TextWriter output)
    {
        output.WriteLine("""
            # Faults, alerts and reason codes

            Written by `thimble reference faults`; `thimble explain NAME` prints one of them. A test compares.
            """);
        Write(output, "Faults of Thimble", Subject.Faults);
        Write(output, "Alerts of TLS", Subject.AllAlerts);
        Write(output, "Reason codes of MQTT 5", Subject.MqttReasons);
    }

    private static void Write(TextWriter output, string heading, IEnumerable<Subject> subjects)
    {
        output.WriteLine();
        output.WriteLine($"## {heading}");
        foreach (Subject subject in subjects)
        {
            output.WriteLine();
            output.WriteLine($"### {subject.Name} ({subject.Kind} {subject.Code})");
            output.WriteLine();
            output.WriteLine(subject.Meaning);
            List(output, "Usual causes:", subject.Article.Causes);
            List(output, "What to do next:", subject.Article.NextSteps);
        }
    }

    private static void List(TextWriter output, string heading, IReadOnlyList<string> lines)
    {
        output.WriteLine();
        output.WriteLine(heading);
        output.WriteLine();
        for (int i = 0; i < lines.Count; i++)
        {
            output.WriteLine($"{i + 1}. {lines[i]}");
        }
    }
}
