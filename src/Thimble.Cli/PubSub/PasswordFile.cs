using System;
using System.IO;

namespace Thimble.Cli.PubSub;

/// <summary>A file whose first line is a password: bytes, as MQTT has them, and not text (MQTT 5 §3.1.3.6).</summary>
internal static class PasswordFile
{
    /// <summary>The first line without its end. A byte order mark at the start, as editors leave it, is none of it.</summary>
    /// <exception cref="UsageException">It cannot be read, or the line is longer than MQTT can carry.</exception>
    public static byte[] Read(string path)
    {
        byte[] start = new byte[ushort.MaxValue + 6]; // a byte order mark, the longest password, and the end of its line
        int bytes;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            bytes = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new UsageException($"The password cannot be read: {e.Message}");
        }

        ReadOnlySpan<byte> line = start.AsSpan(0, bytes);
        line = line.StartsWith("\uFEFF"u8) ? line[3..] : line;
        int end = line.IndexOf((byte)'\n');
        line = end < 0 ? line : line[..end];
        line = line.EndsWith("\r"u8) ? line[..^1] : line;
        return line.Length <= ushort.MaxValue
            ? line.ToArray()
            : throw new UsageException($"The first line of '{path}' is longer than the 65535 bytes that a password can have.");
    }
}
