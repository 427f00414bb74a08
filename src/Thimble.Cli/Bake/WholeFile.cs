using System;
using System.IO;

namespace Thimble.Cli.Bake;

/// <summary>
/// Writes a file whole or not at all: beside its place first, then renamed. What holds a secret can be read by its owner only, from the
/// first byte.
/// </summary>
internal static class WholeFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes or replaces a file.</summary>
    /// <exception cref="ThimbleException">It cannot be written; nothing is left of it.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isSecret, bool replace = true)
    {
        string beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.part");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
            if (isSecret && !OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = Private;
            }

            using (var file = new FileStream(beside, options))
            {
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(beside, path, replace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Remove(beside);
            throw new ThimbleException($"{path}: the file cannot be written: {e.Message} Check the folder and its permissions.", e);
        }
    }

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What could not be written cannot be removed either; the first problem is told.
        }
    }
}
