using System.Collections.Frozen;
using System.IO;
using System.Linq;
using System.Text;

namespace Thimble.Cli.Bake;

/// <summary>Names of classes, namespaces and arrays, which go into source text: only what can be nothing else is let in.</summary>
internal static class Identifier
{
    /// <summary>The keywords of C# that are reserved everywhere.</summary>
    private static readonly FrozenSet<string> s_reservedInCSharp = FrozenSet.ToFrozenSet(
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do", "double", "else", "enum",
        "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock", "long", "namespace",
        "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short", "sizeof", "stackalloc",
        "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual", "void", "volatile", "while",
    ]);

    /// <summary>What a class of C# cannot be called besides: words that are kept in such places only, and the name of its own member.</summary>
    private static readonly FrozenSet<string> s_reservedForClasses = FrozenSet.ToFrozenSet(
    [
        "async", "await", "dynamic", "extension", "field", "file", "nameof", "nint", "notnull", "nuint", "partial", "record", "required", "scoped", "unmanaged", "var", "where", "yield", "Image",
    ]);

    /// <summary>The keywords of C23 and C++23 in small letters.</summary>
    private static readonly FrozenSet<string> s_reservedInC = FrozenSet.ToFrozenSet(
    [
        "alignas", "alignof", "and", "and_eq", "asm", "auto", "bitand", "bitor", "bool", "break", "case", "catch", "char", "char8_t", "char16_t", "char32_t", "class", "compl", "concept",
        "const", "consteval", "constexpr", "constinit", "const_cast", "continue", "co_await", "co_return", "co_yield", "decltype", "default", "delete", "do", "double", "dynamic_cast", "else",
        "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "not", "not_eq", "nullptr",
        "operator", "or", "or_eq", "private", "protected", "public", "register", "reinterpret_cast", "requires", "restrict", "return", "short", "signed", "sizeof", "static", "static_assert",
        "static_cast", "struct", "switch", "template", "this", "thread_local", "throw", "true", "try", "typedef", "typeid", "typename", "typeof", "typeof_unqual", "union", "unsigned", "using",
        "virtual", "void", "volatile", "wchar_t", "while", "xor", "xor_eq",
    ]);

    /// <summary>What a name has to be, for those who gave another.</summary>
    public const string Rule = "letters of ASCII, digits and underscores, and no word that the language keeps for itself";

    /// <summary>The name that was given, or one made from the file's.</summary>
    public static string Of(string? given, string path, ImageFormat format) =>
        given is null ? Suggest(Path.GetFileNameWithoutExtension(path), format)
        : Is(given, format) ? given
        : throw new UsageException($"--name takes {Rule}, and not '{PrintableText.Of(given)}'.");

    /// <summary>A namespace that was given, or null.</summary>
    public static string? Namespace(string? given) =>
        given is null || given.Split('.').All(IsPart) ? given
        : throw new UsageException($"--namespace takes names with dots between, each of {Rule}, and not '{PrintableText.Of(given)}'.");

    /// <summary>Whether a class of C#, or an array of C, can be called so.</summary>
    public static bool Is(string text, ImageFormat format) =>
        format == ImageFormat.CSharp ? IsPart(text) && !s_reservedForClasses.Contains(text) : IsWord(text) && !s_reservedInC.Contains(text);

    /// <summary>Whether a part of a namespace can be called so.</summary>
    public static bool IsPart(string text) => IsWord(text) && !s_reservedInCSharp.Contains(text);

    private static bool IsWord(string text) => text.Length is > 0 and < 128 && !char.IsAsciiDigit(text[0]) && text.All(static c => char.IsAsciiLetterOrDigit(c) || c == '_');

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
        return Is(made, format) ? made : format == ImageFormat.CSharp ? "RomImage" + made : "rom_image_" + made;
    }
}
