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

    public static TheoryData<string> Pages => SamplePage.Kinds;

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_is_well_formed_and_loads_and_runs_nothing(string kind)
    {
        string text = SamplePage.Text(kind, "rsa2048");
        XDocument page = SamplePage.Parse(text);
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
        XDocument page = SamplePage.Parse(SamplePage.Text(kind, Hostile));
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
        XDocument page = SamplePage.Parse(SamplePage.Text(kind, "rsa2048"));
        XElement[] pictures = [.. page.Descendants("svg")];
        Assert.NotEmpty(pictures);
        Assert.Equal(page.Descendants().Attributes("id").Select(id => id.Value).Distinct().Count(), page.Descendants().Attributes("id").Count());
        foreach (XElement picture in pictures)
        {
            Assert.NotEmpty(picture.Elements("title").Single().Value);
            Assert.NotEmpty(picture.Elements("desc").Single().Value);
            Assert.Equal((string?)picture.Attribute("aria-labelledby"), (string?)picture.Element("title")!.Attribute("id"));
            IEnumerable<string> drawn = picture.Descendants("g").Select(region => region.Element("title")!.Value);
            string[] rows = [.. page.Descendants("tr").Select(row => string.Join(' ', row.Elements().Select(cell => cell.Value)))];
            Assert.All(drawn, facts => Assert.Contains(rows, row => Facts(facts).All(row.Contains)));
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

        Assert.All(PublishedFigures.Statements, statement => Assert.Matches(@"^[a-z.]+(/[\w.-]+)*$", statement.Source));
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
        _ = SamplePage.Parse(File.ReadAllText(file));
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

    /// <summary>Name, size, purpose, kind and life, as the name of a drawn region has them.</summary>
    private static IEnumerable<string> Facts(string name)
    {
        Match match = Regex.Match(name, @"^(\w+): ([\d,]+) bytes, at [^;]*; (.*) \(([^()]*)\); alive in (.*)\.$");
        Assert.True(match.Success, name);
        return match.Groups.Values.Skip(1).Select(group => group.Value);
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
