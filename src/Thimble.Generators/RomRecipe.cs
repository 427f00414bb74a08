using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Thimble.Cli.Bake;

namespace Thimble.Generators;

/// <summary>One <c>ThimbleRomImage</c> of a project, as Thimble.targets writes it down.</summary>
internal sealed record RomRecipe(
    string Folder, string RootNamespace, string Include, string Anchors, string Key, string KeyElsewhere, string ClassName, string Namespace, string For, string AllowExpired, string BakedAt)
{
    /// <summary>The file that Thimble.targets writes.</summary>
    public const string FileName = "thimble.romimages.txt";

    private const int Columns = 9;

    /// <summary>All recipes in that file: a line for the project, then one for each image.</summary>
    public static ImmutableArray<RomRecipe> Read(AdditionalText file, CancellationToken cancellation)
    {
        string[][] lines = [.. (file.GetText(cancellation)?.ToString() ?? "").Split('\n').Select(static line => line.TrimEnd('\r').Split('\t'))];
        return lines is not [[string folder, string space], ..] ? []
            : [.. lines.Where(static columns => columns.Length == Columns).Select(columns => new RomRecipe(
                folder, space, columns[0], columns[1], columns[2], columns[3], columns[4], columns[5], columns[6], columns[7], columns[8]))];
    }

    /// <summary>The files that it names, each with its full path.</summary>
    public IEnumerable<string> Files => new[] { Include, Anchors, Key }.Where(static name => name.Length > 0).Select(Full).Distinct();

    /// <summary>A path of the project.</summary>
    public string Full(string path) => Path.GetFullPath(Path.Combine(Folder, path));

    /// <summary>The class's name: the one that was given, or one made from the file's.</summary>
    public string Class => ClassName.Length > 0 ? ClassName : Identifier.Suggest(Path.GetFileNameWithoutExtension(Include), ImageFormat.CSharp);

    /// <summary>The namespace, or nothing.</summary>
    public string Space => Namespace.Length > 0 ? Namespace : RootNamespace;

    /// <summary>Both, as the compiler's list of generated files has it.</summary>
    public string FullName => Space.Length == 0 ? Class : $"{Space}.{Class}";

    /// <summary>The recipe with the texts of its files, which compare by what is in them. That list takes no two names that differ in capitals alone.</summary>
    public RomInput With(ImmutableArray<RomRecipe> all, ImmutableArray<AdditionalText> texts, CancellationToken cancellation) => new(
        this,
        string.Join('\0', Files.Select(path => texts.FirstOrDefault(text => string.Equals(Path.GetFullPath(Path.Combine(Folder, text.Path)), path, StringComparison.Ordinal))?.GetText(cancellation)?.ToString().Replace('\0', '\uFFFD') ?? "")),
        all.Count(other => string.Equals(other.FullName, FullName, StringComparison.OrdinalIgnoreCase)) > 1);
}
