using System;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;
using Thimble.Cli;
using Thimble.Cli.Advise;
using Thimble.Cli.Html;
using Thimble.Cli.Timeline;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tool.Tests.Html;

/// <summary>Pages of every kind.</summary>
internal static class SamplePage
{
    public static TheoryData<string> Kinds => ["plan", "advise", "compare", "timeline", "session"];

    public static string Text(string kind, string name)
    {
        using var output = new StringWriter();
        Profile profile = Profiles.Rsa2048.Profile with { ClientEcdsaBits = 256 };
        var plan = new PlanSpecification(name, name, profile);
        MemoryMap map = MemoryMap.Of(profile, 32);
        switch (kind)
        {
            case "plan":
                PlanPage.Write(output, name, map);
                break;
            case "advise":
                AdvisePage.Write(output, name, Advice.Of(profile, 32), Combination.For(profile, 32, 3000));
                break;
            case "compare":
                AdvisePage.Write(output, Comparison.Of(plan, new PlanSpecification("ecdsa", "ecdsa", Profiles.Ecdsa.Profile), 32));
                break;
            case "session":
                TimelinePage.Write(output, name, [Handshake(map, name, resumed: false), Handshake(map, name, resumed: true)]);
                break;
            default:
                TimelinePage.Write(output, name, [Handshake(map, name, resumed: false)]);
                break;
        }

        return output.ToString();
    }

    public static XDocument Parse(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    private static (TlsReport Tls, HandshakeTimeline Timeline) Handshake(MemoryMap map, string name, bool resumed)
    {
        var tls = new TlsReport(name, name, "TLS 1.3", "suite", null, null, false, null, resumed, resumed, false, 0, null, [new PeerReport("CN=" + name, 500, "EC P-256")]);
        MemoryMap of13 = map.In(TlsVersions.Tls13);
        TimelineEvent[] events = [.. of13.Phases.Select(phase => new TimelineEvent(
            "Message of " + phase, EventKind.Received, phase, 10, 0, 1, resumed ? 1 : 4, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(1)))];
        return (tls, new HandshakeTimeline(events, of13, IsComplete: true));
    }
}
