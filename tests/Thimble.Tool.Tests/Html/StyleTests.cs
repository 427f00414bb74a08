using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Thimble.Cli.Html;
using Xunit;

namespace Thimble.Tool.Tests.Html;

/// <summary>The style sheet, as far as it can be judged without a browser: contrast (WCAG 2.2, 1.4.3 and 1.4.11), print, forced colours, motion.</summary>
public sealed class StyleTests
{
    private static readonly string[] s_kinds = [.. RegionKinds.All.Select(RegionKinds.Style)];

    [Fact]
    public void All_text_has_a_contrast_of_4_5_to_1_in_light_and_in_dark() => InBothSchemes(static colours =>
    {
        foreach (string ground in (string[])["page", "panel", .. s_kinds])
        {
            Contrasts(colours, "ink", ground, 4.5);
        }

        foreach (string text in (string[])["soft", "accent"])
        {
            Contrasts(colours, text, "page", 4.5);
            Contrasts(colours, text, "panel", 4.5);
        }
    });

    /// <summary>Rectangles and bars are told from what surrounds them, and from what is in them, by their edges.</summary>
    [Fact]
    public void All_edges_have_a_contrast_of_3_to_1_in_light_and_in_dark() => InBothSchemes(static colours =>
    {
        foreach (string kind in s_kinds)
        {
            foreach (string ground in (string[])["page", "panel", kind])
            {
                Contrasts(colours, kind + "-edge", ground, 3);
            }
        }

        Contrasts(colours, "ink", "page", 3); // the peak
        Contrasts(colours, "soft", "panel", 3); // the buffer, and where phases begin
    });

    [Fact]
    public void Every_kind_has_a_fill_and_an_edge_in_pictures_and_in_charts() => Assert.All(s_kinds, static kind => Assert.Contains(
        $".{kind} {{ background: var(--{kind}); border-color: var(--{kind}-edge); fill: var(--{kind}); stroke: var(--{kind}-edge); }}", PageStyle.Sheet, StringComparison.Ordinal));

    [Fact]
    public void On_paper_it_is_light_keeps_its_colours_opens_what_is_closed_and_cuts_no_row()
    {
        string print = Block("@media print");
        Assert.Contains("print-color-adjust: exact", print, StringComparison.Ordinal);
        Assert.Contains("details::details-content { content-visibility: visible; height: auto; }", print, StringComparison.Ordinal);
        Assert.Matches(@"figure, tr, \.keep \{ break-inside: avoid; \}", print);
        Assert.Matches(@"h1, h2, h3, [^{]*caption[^{]*\{ break-after: avoid; \}", print);
        Assert.Equal("@media screen and (prefers-color-scheme: dark)", Assert.Single(Regex.Matches(PageStyle.Sheet, "@media [^{]*dark\\)").Select(match => match.Value)));
    }

    [Fact]
    public void With_forced_colours_charts_and_pictures_keep_those_that_tell_their_parts_apart() =>
        Assert.Contains("svg, .legend i, .bar div span { forced-color-adjust: none; }", Block("@media (forced-colors: active)"), StringComparison.Ordinal);

    [Fact]
    public void Nothing_moves() => Assert.DoesNotMatch("transition|animation|@keyframes|scroll-behavior", PageStyle.Sheet);

    private static string Block(string media)
    {
        int begin = PageStyle.Sheet.IndexOf(media, StringComparison.Ordinal);
        Assert.NotEqual(-1, begin);
        int next = PageStyle.Sheet.IndexOf("@media", begin + 1, StringComparison.Ordinal);
        return PageStyle.Sheet[begin..(next < 0 ? PageStyle.Sheet.Length : next)];
    }

    private static void InBothSchemes(Action<IReadOnlyDictionary<string, string>> check)
    {
        MatchCollection schemes = Regex.Matches(PageStyle.Sheet, @":root \{\s*(--page: #[^}]*--ink[^}]*)\}");
        Assert.Equal(2, schemes.Count);
        foreach (Match scheme in schemes)
        {
            check(Regex.Matches(scheme.Groups[1].Value, "--([a-z-]+): #([0-9a-f]{6})").ToDictionary(match => match.Groups[1].Value, match => match.Groups[2].Value));
        }
    }

    private static void Contrasts(IReadOnlyDictionary<string, string> colours, string a, string b, double least) =>
        Assert.True(Contrast(colours[a], colours[b]) >= least, $"{a} #{colours[a]} on {b} #{colours[b]}: {Contrast(colours[a], colours[b]):0.00}");

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
}
