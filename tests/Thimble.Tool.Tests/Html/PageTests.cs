using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using Thimble.Cli;
using Thimble.Cli.Advise;
using Thimble.Cli.Html;
using Thimble.Cli.Timeline;
using Thimble.Memory;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Html;

/// <summary>What every page keeps to: it is one well-formed file that loads and runs nothing, and shows names as text.</summary>
public sealed class PageTests
{
    private const string Hostile = "</title><script>alert(1)</script><img src=x onerror=\"alert('2')\">&amp;]]>\u0001\u202Eexe.moc\uD800";

    public static TheoryData<string> Pages => ["plan", "advise", "compare", "timeline"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_is_well_formed_and_loads_and_runs_nothing(string kind)
    {
        string text = Page(kind, "rsa2048");
        XDocument page = Parse(text);
        Assert.Matches("^<!DOCTYPE html ?><html lang=\"en\">", text);
        XElement policy = page.Descendants("meta").Single(meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy");
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'", (string?)policy.Attribute("content"));
        Assert.Contains(page.Descendants("meta"), meta => (string?)meta.Attribute("name") == "viewport");
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "img" or "link" or "iframe" or "object" or "base" or "form" or "image" or "use" or "a");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "href" or "srcset" or "action" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotMatch(@"@import|url\(|https?:", text);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Markup_in_names_is_text(string kind)
    {
        XDocument page = Parse(Page(kind, Hostile));
        Assert.Empty(page.Descendants("script"));
        Assert.Empty(page.Descendants("img"));
        Assert.Contains("<script>alert(1)</script>", page.Root!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', page.Root.Value);
        Assert.DoesNotContain('\u0001', page.Root.Value);
        Assert.Contains("&amp;]]>\uFFFD\uFFFDexe.moc\uFFFD", page.Root.Value, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_picture_has_a_title_a_description_and_a_table_of_the_same_regions(string kind)
    {
        XDocument page = Parse(Page(kind, "rsa2048"));
        XElement[] pictures = [.. page.Descendants("svg")];
        Assert.NotEmpty(pictures);
        Assert.Equal(page.Descendants().Attributes("id").Select(id => id.Value).Distinct().Count(), page.Descendants().Attributes("id").Count());
        foreach (XElement picture in pictures)
        {
            Assert.NotEmpty(picture.Elements("title").Single().Value);
            Assert.NotEmpty(picture.Elements("desc").Single().Value);
            Assert.Equal((string?)picture.Attribute("aria-labelledby"), (string?)picture.Element("title")!.Attribute("id"));
            IEnumerable<string> drawn = picture.Descendants("g").Select(region => ((string)region.Attribute("aria-label")!).Split(':')[0]);
            IEnumerable<string> rows = page.Descendants("table").SelectMany(table => table.Descendants("th")).Where(cell => (string?)cell.Attribute("scope") == "row").Select(cell => cell.Value);
            Assert.Empty(drawn.Except(rows));
        }
    }

    [Fact]
    public void All_text_has_a_contrast_of_4_5_to_1_in_light_and_in_dark()
    {
        MatchCollection themes = Regex.Matches(PageStyle.Sheet, @":root \{\s*(--page: #[^}]*--ink[^}]*)\}");
        Assert.Equal(2, themes.Count);
        foreach (Match theme in themes)
        {
            var colours = Regex.Matches(theme.Groups[1].Value, "--([a-z-]+): #([0-9a-f]{6})").ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value);
            foreach (string ground in (string[])["page", "panel", "secret", "public", "window", "scratch", "state"])
            {
                Assert.True(Contrast(colours["ink"], colours[ground]) >= 4.5, ground);
            }

            foreach (string text in (string[])["soft", "accent"])
            {
                Assert.True(Contrast(colours[text], colours["page"]) >= 4.5, text);
                Assert.True(Contrast(colours[text], colours["panel"]) >= 4.5, text);
            }
        }
    }

    [Fact]
    public void Figures_of_others_are_those_of_the_budgets()
    {
        string budgets = File.ReadAllText(Path.Combine(Root(), "docs", "budgets.md"));
        string others = budgets[budgets.IndexOf("## What other libraries take", StringComparison.Ordinal)..];
        foreach (Published figure in PublishedFigures.All.SelectMany(scenario => scenario.Figures.Skip(1)))
        {
            Assert.Contains(HtmlWriter.Words(figure.ArenaBytes + figure.StackBytes), others, StringComparison.Ordinal);
            Assert.Contains(HtmlWriter.Words(figure.ArenaBytes), others, StringComparison.Ordinal);
        }

        foreach (Published ours in PublishedFigures.All.Select(scenario => scenario.Figures[0]))
        {
            Assert.Contains(HtmlWriter.Words(ours.ArenaBytes + ours.StackBytes), budgets, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("plan", "--bits", "32")]
    [InlineData("advise", "--bits", "32")]
    [InlineData("advise", "--compare", "rsa2048", "ecdsa")]
    public void A_page_takes_the_place_of_a_file_as_a_whole(params string[] arguments)
    {
        using var folder = new TestFolder();
        string file = folder["page.html"];
        File.WriteAllText(file, new string('x', 1_000_000));
        CliRun run = CliRun.Of([.. arguments, "--html", file]);
        Assert.True(run.ExitCode == ExitCode.Good, run.Error);
        _ = Parse(File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_page_that_cannot_be_written_is_explained_and_leaves_nothing()
    {
        using var folder = new TestFolder();
        CliRun run = CliRun.Of("plan", "--html", folder["no/such/folder.html"]);
        Assert.Equal(ExitCode.Fault, run.ExitCode);
        Assert.Contains("cannot be written", run.Error, StringComparison.Ordinal);
        CliRun onto = CliRun.Of("plan", "--html", folder.Path);
        Assert.Equal(ExitCode.Fault, onto.ExitCode);
        Assert.DoesNotContain("   at ", onto.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(folder.Path)!, Path.GetFileName(folder.Path) + "*.tmp"));
    }

    private static string Page(string kind, string name)
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
            default:
                var tls = new TlsReport(name, name, "TLS 1.3", "suite", null, null, false, null, false, false, false, 0, null, [new PeerReport("CN=" + name, 500, "EC P-256")]);
                MemoryMap of13 = map.In(TlsVersions.Tls13);
                TimelineEvent[] events = [.. of13.Phases.Select(phase => new TimelineEvent("Message of " + phase, EventKind.Received, phase, 10, 0, 1, 5, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(1)))];
                TimelinePage.Write(output, name, [(tls, new HandshakeTimeline(events, of13, IsComplete: true))]);
                break;
        }

        return output.ToString();
    }

    private static XDocument Parse(string text)
    {
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XDocument.Load(reader);
    }

    /// <summary>WCAG 2.2, relative luminance and contrast.</summary>
    private static double Contrast(string a, string b)
    {
        double lighter = Math.Max(Luminance(a), Luminance(b));
        double darker = Math.Min(Luminance(a), Luminance(b));
        return (lighter + 0.05) / (darker + 0.05);
    }

    private static double Luminance(string colour)
    {
        double[] linear = [.. Enumerable.Range(0, 3).Select(at => int.Parse(colour.AsSpan(2 * at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0)
            .Select(value => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4))];
        return (0.2126 * linear[0]) + (0.7152 * linear[1]) + (0.0722 * linear[2]);
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Thimble.slnx")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
