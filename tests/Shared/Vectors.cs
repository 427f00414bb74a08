using System;
using System.IO;
using System.IO.Compression;
using System.Text.Json;
using Xunit;

namespace Thimble.Testing;

/// <summary>Where the large vector files lie: a folder <c>shared/vectors</c> beside the repository, absent from a user's clone.</summary>
internal static class Vectors
{
    /// <summary>The folder, or <c>null</c> where this clone has none.</summary>
    public static readonly string? Folder = Find();

    /// <summary>True where the build machine demands that nothing is skipped.</summary>
    public static bool NothingMayBeSkipped => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Reads one vector file, unpacking it when it ends in <c>.gz</c>.</summary>
    public static JsonDocument Read(string relativePath)
    {
        string folder = Folder ?? throw new DirectoryNotFoundException("There is no folder shared/vectors beside this repository.");
        using Stream file = File.OpenRead(Path.Combine(folder, relativePath));
        if (!relativePath.EndsWith(".gz", StringComparison.Ordinal))
        {
            return JsonDocument.Parse(file);
        }

        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        return JsonDocument.Parse(unpacked);
    }

    private static string? Find()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Thimble.slnx")))
            {
                string folder = Path.Combine(at.Parent!.FullName, "shared", "vectors");
                return Directory.Exists(folder) ? folder : null;
            }
        }

        return null;
    }
}

/// <summary>A test that reads the large vector files: skipped, with the reason, where they are absent, except when <c>CI=true</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VectorFactAttribute : FactAttribute
{
    public VectorFactAttribute() => Skip = VectorSkip.Reason;
}

/// <summary>The <see cref="TheoryAttribute"/> of <see cref="VectorFactAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class VectorTheoryAttribute : TheoryAttribute
{
    public VectorTheoryAttribute() => Skip = VectorSkip.Reason;
}

internal static class VectorSkip
{
    public static string? Reason => Vectors.Folder is null && !Vectors.NothingMayBeSkipped
        ? "The large vector files are not part of this repository: put them into a folder shared/vectors beside it."
        : null;
}
