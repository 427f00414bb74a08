using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Thimble.Cli.PubSub;

/// <summary>Writes what a program's flags are, in sections.</summary>
internal static class FlagHelp
{
    private const int Columns = 100;
    private const int TextColumn = 34;

    public static void Write<T>(TextWriter output, string usage, IReadOnlyList<Flag<T>> flags, string examples)
    {
        output.WriteLine(usage);
        foreach (IGrouping<string?, Flag<T>> section in flags.Where(flag => flag.Section is not null).GroupBy(flag => flag.Section))
        {
            output.WriteLine();
            output.WriteLine(section.Key + ":");
            foreach (Flag<T> flag in section)
            {
                WriteFlag(output, $"  {flag.Names} {flag.Values}".TrimEnd(), flag.Description);
            }
        }

        output.WriteLine();
        output.WriteLine(examples);
    }

    private static void WriteFlag(TextWriter output, string head, string description)
    {
        string line = head.Length < TextColumn - 1 ? head.PadRight(TextColumn) : head;
        if (head.Length >= TextColumn - 1)
        {
            output.WriteLine(head);
            line = new string(' ', TextColumn);
        }

        bool begun = false;
        foreach (string word in description.Split(' '))
        {
            if (begun && line.Length + 1 + word.Length > Columns)
            {
                output.WriteLine(line);
                line = new string(' ', TextColumn);
                begun = false;
            }

            line += begun ? " " + word : word;
            begun = true;
        }

        output.WriteLine(line);
    }
}
