using System;
using System.Collections.Generic;
using System.IO;

namespace Thimble.Cli.Bake;

/// <summary>Paths with their symbolic links followed, so that two names of one file can be told.</summary>
internal static class RealPath
{
    /// <summary>As many as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>The path without links; what does not exist stays as it is written.</summary>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string at = Path.GetPathRoot(full)!;
        var rest = new Stack<string>();
        Push(rest, full[at.Length..]);
        for (int links = 0; rest.TryPop(out string? part);)
        {
            string next = part == ".." ? Path.GetDirectoryName(at) ?? at : Path.Combine(at, part);
            if (links < MaxLinks && new FileInfo(next).LinkTarget is { } target)
            {
                links++;
                string root = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : "";
                at = root.Length > 0 ? root : at;
                Push(rest, target[root.Length..]);
            }
            else
            {
                at = next;
            }
        }

        return at;
    }

    /// <summary>The first of the files that is the same as <paramref name="path"/>, or null. Names that are empty are no files.</summary>
    public static string? SameAs(string path, params IEnumerable<string?> files)
    {
        string real = path.Length > 0 ? Of(path) : "";
        foreach (string? file in files)
        {
            if (file is { Length: > 0 } && Of(file) == real)
            {
                return file;
            }
        }

        return null;
    }

    private static void Push(Stack<string> rest, string path)
    {
        string[] parts = path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        for (int i = parts.Length - 1; i >= 0; i--)
        {
            if (parts[i] != ".")
            {
                rest.Push(parts[i]);
            }
        }
    }
}
