using System;
using System.IO;
using System.Linq;

namespace Thimble.Cli.Reference;

/// <summary>docs/commands.md: every command with its options, from the same definitions as the help.</summary>
internal static class CommandsPage
{
    public static void Write(TextWriter output, CommandDescription root)
    {
        output.WriteLine("""
            # Commands

            Written by `thimble reference commands` from the definitions that the help has, too. A test compares.

            ## Exit codes

            | code | meaning |
            |---|---|
            | 0 | all went well |
            | 1 | something went wrong, and was explained in a sentence |
            | 2 | the command line cannot be understood |
            | 130, 143 | Ctrl-C, or a request to end |

            `pub` and `sub` have mosquitto's exit codes instead: docs/pubsub.md lists them.

            ## Defaults

            An option that is not given is looked for in the environment, and then in a file. `--cafile` is `THIMBLE_CAFILE`. The file is `thimble/config` in the folder
            of your settings (`~/.config` on Linux), or the one that `THIMBLE_CONFIG` names (nothing: none):

            ```
            # for every command that has the option
            cafile = /etc/ssl/certs/my-root.pem

            [pub, sub]
            host = broker.example.com
            ```

            ## Completion

            `thimble completion bash|zsh|fish|pwsh` prints a script for the shell; its first lines tell where it belongs.

            Colours are off where the output is no terminal, or `NO_COLOR` is set.
            """);
        foreach (CommandDescription command in root.All.Where(command => command.Path.Length > 0))
        {
            output.WriteLine();
            WriteCommand(output, command);
        }
    }

    private static void WriteCommand(TextWriter output, CommandDescription command)
    {
        output.WriteLine($"## thimble {command.Path}");
        output.WriteLine();
        WriteDescription(output, command.Description);
        if (command.Arguments.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"`thimble {command.Path} {string.Join(' ', command.Arguments)}`");
        }

        foreach (IGrouping<string?, OptionDescription> section in command.Options.GroupBy(option => option.Section))
        {
            output.WriteLine();
            output.WriteLine($"| {section.Key ?? "option"} | |");
            output.WriteLine("|---|---|");
            foreach (OptionDescription option in section)
            {
                output.WriteLine($"| `{string.Join(", ", option.Names)}{(option.Values.Length > 0 ? " " + option.Values : "")}` | {Cell(option.Description)} |");
            }
        }
    }

    /// <summary>Paragraphs as they are; what stands indented, examples, as code.</summary>
    private static void WriteDescription(TextWriter output, string description)
    {
        bool isCode = false;
        foreach (string line in description.ReplaceLineEndings("\n").Split('\n'))
        {
            bool indented = line.StartsWith("  ", StringComparison.Ordinal);
            if (indented != isCode && (indented || line.Length > 0))
            {
                output.WriteLine("```");
                isCode = indented;
            }

            output.WriteLine(indented ? line[2..] : line);
        }

        if (isCode)
        {
            output.WriteLine("```");
        }
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
