using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Cli.Reference;

namespace Thimble.Cli.Defaults;

/// <summary>What is to be added to a command line for options that it does not give: from the environment first, then from a file.</summary>
internal sealed class OptionDefaults
{
    /// <summary>Names the file; empty: none.</summary>
    public const string FileVariable = "THIMBLE_CONFIG";

    private const string Prefix = "THIMBLE_";

    private readonly DefaultsFile _file;
    private readonly Func<string, string?> _environment;

    public OptionDefaults(DefaultsFile file, Func<string, string?> environment)
    {
        _file = file;
        _environment = environment;
    }

    /// <summary>Those of this process and its user.</summary>
    /// <exception cref="UsageException">The file cannot be read, or a line makes no sense.</exception>
    public static OptionDefaults OfThisUser()
    {
        string path = Environment.GetEnvironmentVariable(FileVariable)
            ?? System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "thimble", "config");
        return new OptionDefaults(DefaultsFile.Read(path), Environment.GetEnvironmentVariable);
    }

    /// <summary>The arguments to add for a command, of which <paramref name="isGiven"/> tells the options that its line has.</summary>
    /// <exception cref="UsageException">A default names an option that its command does not have, or a switch is neither true nor false.</exception>
    public IEnumerable<string> For(CommandDescription command, CommandDescription root, Func<OptionDescription, bool> isGiven)
    {
        CheckNames(root);
        foreach (OptionDescription option in command.Options.Where(option => option.LongName is not (null or "help" or "version") && !isGiven(option)))
        {
            if (Value(command.Path, option.LongName!) is not { } value)
            {
                continue;
            }

            if (option.Values.Length > 0)
            {
                yield return $"--{option.LongName}={value}";
            }
            else if (IsOn(option.LongName!, value))
            {
                yield return $"--{option.LongName}";
            }
        }
    }

    private string? Value(string command, string option)
    {
        string variable = Prefix + option.Replace('-', '_').ToUpperInvariant();
        return _environment(variable)
            ?? _file.Lines.LastOrDefault(line => line.Option == option && line.Command == command).Value
            ?? _file.Lines.LastOrDefault(line => line.Option == option && line.Command is null).Value;
    }

    private static bool IsOn(string option, string value) => value switch
    {
        "true" or "1" or "yes" => true,
        "false" or "0" or "no" or "" => false,
        _ => throw new UsageException($"--{option} is a switch, whose default is true or false, and not '{PrintableText.Of(value)}'."),
    };

    /// <summary>A misspelt default would be ignored in silence.</summary>
    private void CheckNames(CommandDescription root)
    {
        foreach ((string? command, string option, _, int line) in _file.Lines)
        {
            CommandDescription[] concerned = [.. root.All.Where(one => command is null || one.Path == command)];
            if (concerned.Length == 0)
            {
                throw new UsageException($"Line {line} of the defaults in '{_file.Path}' is for a command '{PrintableText.Of(command!)}', and there is none.");
            }

            if (!concerned.Any(one => one.Options.Any(known => known.LongName == option)))
            {
                throw new UsageException($"Line {line} of the defaults in '{_file.Path}' sets '{PrintableText.Of(option)}', which {(command is null ? "no command has" : $"'{command}' does not have")} as an option.");
            }
        }
    }
}
