using System;
using System.CommandLine;
using System.IO;
using System.Text;
using Thimble.Cli.Bake;

namespace Thimble.Cli.Html;

/// <summary><c>--html FILE</c>: a page beside what is printed. It is there as a whole or not at all.</summary>
internal static class HtmlFile
{
    public static Option<string?> Option(string what) => new("--html") { HelpName = "FILE", Description = $"Also write {what} as one HTML file, with pictures." };

    /// <summary>Writes the page to a new file beside its place, and then puts it there.</summary>
    /// <returns>Whether it could be written; if not, why was said.</returns>
    public static bool TryWrite(Terminal terminal, string file, Action<TextWriter> page)
    {
        string temporary = $"{file}.{Environment.ProcessId}.tmp";
        try
        {
            WholeFile.RefuseDevice(file);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write))
            using (var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            {
                page(writer);
            }

            File.Move(temporary, file, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            terminal.Error.WriteLine($"thimble: the page '{PrintableText.Of(file)}' cannot be written: {e.Message}");
            terminal.Error.WriteLine("Name a file in a folder that exists and may be written.");
            Forget(temporary);
            return false;
        }
    }

    private static void Forget(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // It was never there, or cannot be touched either.
        }
    }
}
