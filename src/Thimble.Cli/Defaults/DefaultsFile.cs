using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Thimble.Cli.Defaults;

/// <summary>
/// The file of defaults: lines <c>option = value</c>, for all commands that have the option, or behind a line <c>[command, command]</c> for those. What begins with <c>#</c> is a
/// comment.
/// </summary>
/// <param name="Path">Where it is, for complaints.</param>
/// <param name="Lines">Its lines; the command is null where a line is for all.</param>
internal sealed record DefaultsFile(string Path, IReadOnlyList<(string? Command, string Option, string Value, int Line)> Lines)
{
    private const int MaxBytes = 1 << 20;

    /// <summary>A file without lines.</summary>
    public static DefaultsFile None { get; } = new("", []);

    /// <summary>Reads it; where there is none, it has no lines.</summary>
    /// <exception cref="UsageException">It cannot be read, or a line makes no sense.</exception>
    public static DefaultsFile Read(string path)
    {
        try
        {
            return path.Length == 0 || !File.Exists(path) ? None : Parse(path, Text(path).Split('\n'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new UsageException($"The file of defaults '{path}' cannot be read: {e.Message}");
        }
    }

    private static string Text(string path) => Encoding.UTF8.GetString(
        BoundedFile.Read(path, MaxBytes) ?? throw new UsageException($"The file of defaults '{path}' is longer than {MaxBytes:N0} bytes.")).TrimStart('\uFEFF');

    public static DefaultsFile Parse(string path, IReadOnlyList<string> text)
    {
        var lines = new List<(string?, string, string, int)>();
        string?[] commands = [null];
        for (int i = 0; i < text.Count; i++)
        {
            string line = text[i].Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == '[' && line[^1] == ']')
            {
                commands = [.. line[1..^1].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
                continue;
            }

            int sign = line.IndexOf('=', StringComparison.Ordinal);
            string option = sign > 0 ? line[..sign].Trim() : "";
            if (option.Length == 0 || option.StartsWith('-') || commands.Length == 0)
            {
                throw new UsageException($"Line {i + 1} of the defaults in '{path}' is neither '[command]' nor 'option = value': '{PrintableText.Of(line)}'.");
            }

            lines.AddRange(commands.Select(command => (command, option, line[(sign + 1)..].Trim(), i + 1)));
        }

        return new DefaultsFile(path, lines);
    }
}
