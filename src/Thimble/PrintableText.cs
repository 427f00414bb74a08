using System.Globalization;
using System.Linq;

namespace Thimble;

/// <summary>Makes names that somebody else chose fit for a terminal and a log: they can neither steer nor begin a line.</summary>
internal static class PrintableText
{
    /// <summary>The text with U+FFFD for control characters, for those that turn the direction of writing, and for line ends.</summary>
    public static string Of(string text) => text.All(IsHarmless) ? text : string.Concat(text.Select(c => IsHarmless(c) ? c : '\uFFFD'));

    private static bool IsHarmless(char c) => CharUnicodeInfo.GetUnicodeCategory(c)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
