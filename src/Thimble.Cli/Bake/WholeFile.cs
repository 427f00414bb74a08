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

    private static readonly string[] s_notForFiles = ["/dev/", "/proc/", "/sys/"];

    /// <summary>Writes or replaces a file.</summary>
    /// <exception cref="ThimbleException">It cannot be written; nothing is left of it.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isSecret, bool replace = true)
    {
        string beside = "";
        try
        {
            RefuseDevice(path);
            beside = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "", $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.part");
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

    /// <summary>What is renamed onto a device takes its place: for the administrator, /dev/null would be a file from then on.</summary>
    /// <exception cref="IOException">The folder holds devices or what the kernel tells, and no files.</exception>
    public static void RefuseDevice(string path)
    {
        string folder = OperatingSystem.IsWindows() || path.Length == 0 ? "" : RealPath.Of(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/") + "/";
        if (!folder.StartsWith("/dev/shm/", StringComparison.Ordinal) && Array.Exists(s_notForFiles, place => folder.StartsWith(place, StringComparison.Ordinal)))
        {
            throw new IOException($"{folder} is no folder for files.");
        }
    }

    private static void Remove(string path)
    {
        try
        {
            if (path.Length > 0)
            {
                File.Delete(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What could not be written cannot be removed either; the first problem is told.
        }
    }
}
