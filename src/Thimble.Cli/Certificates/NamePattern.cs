using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace Thimble.Cli.Certificates;

/// <summary>
/// Names of a fleet: in <c>device-{0000}</c> the number stands where the braces are, with as many digits as there are zeros. The same pattern
/// always gives the same names.
/// </summary>
internal sealed partial class NamePattern
{
    /// <summary>The longest common name (RFC 5280 appendix A.1, ub-common-name).</summary>
    public const int MaxCharacters = 64;

    private readonly string _pattern;

    private NamePattern(string pattern) => _pattern = pattern;

    /// <summary>Reads a pattern for so many names.</summary>
    public static NamePattern Parse(string text, int count)
    {
        MatchCollection places = Place().Matches(text);
        if (count > 1 && places.Count != 1)
        {
            throw new UsageException($"--count {count} needs a place for the number in --name, such as device-{{0000}}, and '{PrintableText.Of(text)}' has {(places.Count == 0 ? "none" : $"{places.Count} of them")}.");
        }

        if (text.Length == 0 || PrintableText.Of(text) != text || text.Trim() != text)
        {
            throw new UsageException("--name takes a name of printable characters, without spaces around it.");
        }

        return new NamePattern(text);
    }

    /// <summary>The name with that number.</summary>
    public string Name(int number)
    {
        string name = Fill(_pattern, number);
        return name.Length <= MaxCharacters ? name
            : throw new UsageException($"The name '{name}' has {name.Length} characters, and a common name at most {MaxCharacters}.");
    }

    /// <summary>Any text with the number in its place.</summary>
    public static string Fill(string pattern, int number) =>
        Place().Replace(pattern, place => number.ToString(new string('0', place.Length - 2), CultureInfo.InvariantCulture));

    /// <summary>What a file of that name is called: what some file systems refuse becomes an underscore.</summary>
    public static string FileName(string name)
    {
        string safe = string.Concat(name.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_')).TrimStart('.');
        return safe.Length == 0 ? "certificate" : safe;
    }

    [GeneratedRegex(@"\{0{1,9}\}")]
    private static partial Regex Place();
}
