using System.IO;
using System.Linq;
using System.Text;

namespace Thimble.Cli.Bake;

/// <summary>Names of classes, namespaces and arrays, which go into source text: only what can be nothing else is let in.</summary>
internal static class Identifier
{
    /// <summary>The name that was given, or one made from the file's.</summary>
    public static string Of(string? given, string path, ImageFormat format) =>
        given is null ? Suggest(Path.GetFileNameWithoutExtension(path), format)
        : Is(given) ? given
        : throw new UsageException($"--name takes letters of ASCII, digits and underscores, and not '{PrintableText.Of(given)}'.");

    /// <summary>A namespace that was given, or null.</summary>
    public static string? Namespace(string? given) =>
        given is null || given.Split('.').All(Is) ? given
        : throw new UsageException($"--namespace takes names with dots between, and not '{PrintableText.Of(given)}'.");

    /// <summary>Whether a text is a name in C and in C#.</summary>
    public static bool Is(string text) => text.Length is > 0 and < 128 && !char.IsAsciiDigit(text[0]) && text.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>A name made from the file's.</summary>
    public static string Suggest(string file, ImageFormat format)
    {
        var name = new StringBuilder();
        bool begins = true;
        foreach (char c in file)
        {
            bool fits = char.IsAsciiLetterOrDigit(c);
            if (format == ImageFormat.CSharp)
            {
                name.Append(fits ? (begins ? char.ToUpperInvariant(c) : c).ToString() : "");
            }
            else
            {
                name.Append(fits ? char.ToLowerInvariant(c) : '_');
            }

            begins = !fits;
        }

        string made = name.ToString();
        return Is(made) ? made : format == ImageFormat.CSharp ? "RomImage" + made : "rom_image" + made;
    }
}
