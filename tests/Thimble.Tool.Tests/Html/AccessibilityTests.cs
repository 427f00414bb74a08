using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Xml.Linq;
using Thimble.Cli.Html;
using Xunit;

namespace Thimble.Tool.Tests.Html;

/// <summary>What a screen reader walks by: headings, landmarks, tables with heads, names that differ; and no meaning in a colour alone.</summary>
public sealed class AccessibilityTests
{
    public static TheoryData<string> Pages => SamplePage.Kinds;

    [Theory]
    [MemberData(nameof(Pages))]
    public void Headings_begin_with_one_and_skip_no_level(string kind)
    {
        int[] levels = [.. Page(kind).Descendants().Where(element => element.Name.LocalName is ['h', >= '1' and <= '6']).Select(element => element.Name.LocalName[1] - '0')];
        Assert.Equal(1, levels[0]);
        Assert.Single(levels, 1);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.InRange(pair.Second, 2, pair.First + 1));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Everything_lies_in_a_landmark_and_no_two_have_one_name(string kind)
    {
        XElement body = Page(kind).Descendants("body").Single();
        Assert.Equal(["main", "footer"], body.Elements().Select(element => element.Name.LocalName));
        string[] names = [.. body.Descendants().Where(element => (string?)element.Attribute("role") == "region").Select(element => (string)element.Attribute("aria-label")!)];
        Assert.NotEmpty(names);
        Assert.Equal(names.Distinct(), names);
        string[] pictures = [.. body.Descendants("svg").Select(picture => picture.Element("title")!.Value)];
        Assert.Equal(pictures.Distinct(), pictures);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_table_has_a_caption_and_every_head_a_scope(string kind)
    {
        foreach (XElement table in Page(kind).Descendants("table"))
        {
            Assert.NotEmpty(table.Element("caption")!.Value);
            Assert.All(table.Descendants("th"), head => Assert.True((string?)head.Attribute("scope") is "col" or "row", head.ToString()));
            Assert.All(table.Descendants("th"), head => Assert.NotEmpty(head.Value));
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Single(row.Elements("th")));
            int columns = table.Element("thead")!.Element("tr")!.Elements().Count();
            Assert.All(table.Element("tbody")!.Elements("tr"), row => Assert.Equal(columns, row.Elements().Count()));
        }
    }

    /// <summary>The kind of a region is a colour in the picture, and words in its name and in the table.</summary>
    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_colour_says_is_said_in_words_too(string kind)
    {
        XDocument page = Page(kind);
        foreach (XElement region in page.Descendants("svg").Descendants("g"))
        {
            string style = ((string)region.Elements("rect").First().Attribute("class")!).Split(' ')[1];
            RegionKind meant = RegionKinds.All.Single(one => RegionKinds.Style(one) == style);
            Assert.Contains($"({RegionKinds.Words(meant)})", region.Element("title")!.Value, StringComparison.Ordinal);
            Assert.Equal("0", (string?)region.Attribute("tabindex"));
        }

        IEnumerable<string> legend = page.Descendants("ul").First(list => (string?)list.Attribute("class") == "legend").Elements("li").Select(line => line.Value);
        Assert.Equal([.. RegionKinds.All.Select(RegionKinds.Words), "wiped and free"], legend);
    }

    /// <summary>Whoever touches a region on a phone sees the half of the picture in which it lies.</summary>
    [Fact]
    public void What_is_told_of_a_region_stands_on_each_side_on_which_it_lies()
    {
        XElement picture = Page("plan").Descendants("svg").Single();
        XElement ground = picture.Elements("rect").First();
        double middle = Number(ground, "x") + (Number(ground, "width") / 2);
        foreach (XElement region in picture.Descendants("g"))
        {
            XElement[] boxes = [.. region.Elements("rect").Where(box => ((string)box.Attribute("class")!).StartsWith("place", StringComparison.Ordinal))];
            string[] sides = [.. region.Elements("text").Where(text => (string?)text.Attribute("class") == "tip strong").Select(text => (string)text.Attribute("text-anchor")!)];
            string[] expected =
            [
                .. boxes.Any(box => Number(box, "x") < middle) ? ["start"] : (string[])[],
                .. boxes.Any(box => Number(box, "x") + Number(box, "width") > middle) ? ["end"] : (string[])[],
            ];
            Assert.Equal(expected, sides);
            Assert.All(region.Elements("text").Where(text => (string?)text.Attribute("class") is "tip" or "tip strong"), text => Assert.InRange(text.Value.Length, 1, 75));
        }
    }

    private static double Number(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);

    [Fact]
    public void What_a_session_saves_stands_in_the_title_and_in_a_table()
    {
        XDocument page = Page("session");
        Assert.StartsWith("A session saves 75 % of the public-key work of a TLS 1.3 handshake", page.Descendants("h1").Single().Value, StringComparison.Ordinal);
        XElement row = page.Descendants("tr").Single(row => row.Element("th")?.Value == "public-key work, in units");
        Assert.Equal("75 %", row.Elements().Last().Value);
        Assert.Equal(2, page.Descendants("svg").Count());
    }

    private static XDocument Page(string kind) => SamplePage.Parse(SamplePage.Text(kind, "rsa2048"));
}
