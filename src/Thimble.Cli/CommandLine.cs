using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Linq;
using Thimble.Cli.Advise;
using Thimble.Cli.Bake;
using Thimble.Cli.Certificates;
using Thimble.Cli.Completion;
using Thimble.Cli.Defaults;
using Thimble.Cli.Device;
using Thimble.Cli.Explain;
using Thimble.Cli.Probe;
using Thimble.Cli.PubSub;
using Thimble.Cli.Reference;
using Thimble.Cli.Register;
using Thimble.Cli.Timeline;

namespace Thimble.Cli;

/// <summary>The tool's commands, and what comes of a command line.</summary>
internal static class CommandLine
{
    /// <summary>The help breaks its lines there, also where its output is no terminal.</summary>
    internal const int HelpColumns = 100;

    /// <summary>Runs one command line, with the user's own defaults; see <see cref="ExitCode"/> for the result.</summary>
    public static int Run(string[] arguments, Terminal terminal) => Run(arguments, terminal, OptionDefaults.OfThisUser);

    /// <summary>Runs one command line with those defaults, which may complain of themselves.</summary>
    public static int Run(string[] arguments, Terminal terminal, Func<OptionDefaults> defaults)
    {
        try
        {
            // These two are read as mosquitto's programs read, which is not how System.CommandLine does.
            return arguments switch
            {
                ["pub", ..] => new PubProgram(terminal).Run(arguments[1..], isGiven => DefaultsFor("pub", terminal, defaults(), isGiven)),
                ["sub", ..] => new SubProgram(terminal).Run(arguments[1..], isGiven => DefaultsFor("sub", terminal, defaults(), isGiven)),
                _ => RunCommand(arguments, terminal, defaults()),
            };
        }
        catch (UsageException e)
        {
            return Misunderstood(null, terminal, [e.Message]);
        }
        catch (ProfileFileException e)
        {
            terminal.Error.WriteLine("thimble: " + e.Message);
            return ExitCode.Fault;
        }
    }

    /// <summary>All commands.</summary>
    public static Command Commands(Terminal terminal)
    {
        var root = new Command("thimble", """
            TLS and MQTT inside one buffer whose size is known beforehand.

            The exit code is 0, 1 where something went wrong and was explained, and 2 where the command line
            cannot be understood; pub and sub have mosquitto's. docs/commands.md has all commands.
            """)
        {
            Options =
            {
                HelpWithExamples.Option("thimble demo", "thimble connect broker.example.com:8883 --cafile ca.pem", "thimble explain alert 40"),
                new VersionOption(),
            },
        };
        CommandDescription Catalogue() => CommandCatalogue.Of(root, terminal);
        foreach (Command command in (Command[])
            [
                DemoCommand.Create(terminal),
                ConnectCommand.Create(terminal),
                PubProgram.Command(),
                SubProgram.Command(),
                RegisterCommand.Create(terminal),
                ProbeCommand.Create(terminal),
                PlanCommand.Create(terminal),
                AdviseCommand.Create(terminal),
                ProfileCommand.Create(terminal),
                BakeCommand.Create(terminal),
                CertCommand.Create(terminal),
                ExplainCommand.Create(terminal),
                DeviceCommand.Create(terminal),
                CompletionCommand.Create(terminal),
                CompletionCommand.CreateComplete(terminal, Catalogue),
                ReferenceCommand.Create(terminal, Catalogue),
            ])
        {
            root.Subcommands.Add(command);
        }

        return root;
    }

    private static int RunCommand(string[] arguments, Terminal terminal, OptionDefaults defaults)
    {
        Command root = Commands(terminal);
        ParseResult result = root.Parse(arguments);
        Command command = result.CommandResult.Command;
        if (command.Action is not null && !command.Hidden)
        {
            string[] path = Path(result);
            string[] added = [.. DefaultsFor(string.Join(' ', path), terminal, defaults, option => IsGiven(result, option))];
            result = added.Length == 0 ? result : root.Parse([.. path, .. added, .. arguments.Skip(path.Length)]);
        }

        if (result.Errors.Count > 0)
        {
            return Misunderstood(result, terminal, [.. result.Errors.Select(error => error.Message)]);
        }

        foreach (Command below in command.Subcommands)
        {
            below.Description = Summary(below.Description!); // in a list of commands the rest would be in the way
        }

        try
        {
            return result.Invoke(new InvocationConfiguration { Output = terminal.Output, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (UsageException e)
        {
            return Misunderstood(result, terminal, [e.Message]);
        }
    }

    /// <summary>The first paragraph.</summary>
    private static string Summary(string description) => description.ReplaceLineEndings("\n").Split("\n\n")[0];

    private static IEnumerable<string> DefaultsFor(string path, Terminal terminal, OptionDefaults defaults, Func<OptionDescription, bool> isGiven)
    {
        CommandDescription root = CommandCatalogue.Of(Commands(terminal), terminal);
        return root.All.FirstOrDefault(command => command.Path == path) is { } described ? defaults.For(described, root, isGiven) : [];
    }

    private static bool IsGiven(ParseResult result, OptionDescription option) =>
        result.CommandResult.Command.Options.FirstOrDefault(one => one.Name == option.Names[^1]) is { } known && result.GetResult(known) is { Implicit: false };

    /// <summary>The names of the command and of those above it, but the tool's.</summary>
    private static string[] Path(ParseResult result)
    {
        var names = new Stack<string>();
        for (SymbolResult? at = result.CommandResult; at is CommandResult { Parent: not null } command; at = at.Parent)
        {
            names.Push(command.Command.Name);
        }

        return [.. names];
    }

    private static int Misunderstood(ParseResult? result, Terminal terminal, string[] reasons)
    {
        foreach (string reason in reasons)
        {
            terminal.Error.WriteLine("thimble: " + reason);
        }

        terminal.Error.WriteLine("See: " + string.Join(' ', (string[])["thimble", .. result is null ? [] : Path(result), "--help"]));
        return ExitCode.Usage;
    }
}
