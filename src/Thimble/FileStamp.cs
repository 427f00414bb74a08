using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Thimble;

/// <summary>By what a change of a file is noticed.</summary>
internal readonly record struct FileStamp(string Path, DateTime WrittenUtc, long Bytes)
{
    /// <summary>The files that these paths name: those in a folder, and what links lead to. What is not there has a stamp as well.</summary>
    public static List<FileStamp> Of(IReadOnlyList<string> paths)
    {
        var stamps = new List<FileStamp>(paths.Count);
        foreach (string path in paths)
        {
            stamps.AddRange(Files(path).Select(Of));
        }

        return stamps;
    }

    private static string[] Files(string path)
    {
        try
        {
            return Directory.Exists(path) ? Directory.GetFiles(path) : [path];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [path]; // the folder is being exchanged, or closed to us: reading it will tell
        }
    }

    private static FileStamp Of(string path)
    {
        try
        {
            var named = new FileInfo(path);
            var file = (FileInfo)(named.ResolveLinkTarget(returnFinalTarget: true) ?? named);
            return new FileStamp(path, file.LastWriteTimeUtc, file.Exists ? file.Length : -1);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new FileStamp(path, default, -1); // it is in the midst of being exchanged, or nobody lets us look: reading it will tell
        }
    }
}
