using System;
using System.CommandLine;
using System.CommandLine.Help;
using System.Linq;
using Thimble.Cli.Device;
using Thimble.Cli.Probe;
using Thimble.Cli.PubSub;

namespace Thimble.Cli;

/// <summary>The tool's commands, and what comes of a command line.</summary>
internal static class CommandLine
{
    /// <summary>The help breaks its lines there, also where its output is no terminal.</summary>
    private const int HelpColumns = 100;

    /// <summary>Runs one command line; see <see cref="ExitCode"/> for the result.</summary>
    public static int Run(string[] arguments, Terminal terminal)
    {
        // These two are read as mosquitto's programs read, which is not how System.CommandLine does.
        switch (arguments)
        {
            case ["pub", ..]:
                return new PubProgram(terminal).Run(arguments.AsSpan(1));
            case ["sub", ..]:
                return new SubProgram(terminal).Run(arguments.AsSpan(1));
        }

        try
        {
            return Run(Commands(terminal).Parse(arguments), terminal);
        }
        catch (ProfileFileException e)
        {
            terminal.Error.WriteLine("thimble: " + e.Message);
            return ExitCode.Fault;
        }
    }

    private static int Run(ParseResult result, Terminal terminal)
    {
        if (result.Errors.Count > 0)
        {
            return Misunderstood(result, terminal, [.. result.Errors.Select(error => error.Message)]);
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

    private static Command Commands(Terminal terminal)
    {
        var root = new Command("thimble", "TLS and MQTT inside one buffer whose size is known beforehand.\n\nBegin with: thimble demo")
        {
            Subcommands = { DemoCommand.Create(terminal), ConnectCommand.Create(terminal), PubProgram.Command(), SubProgram.Command(), PlanCommand.Create(terminal), ProbeCommand.Create(terminal), DeviceCommand.Create(terminal) },
            Options = { new HelpOption { Action = new HelpAction { MaxWidth = HelpColumns } }, new VersionOption() },
        };
        return root;
    }

    private static int Misunderstood(ParseResult result, Terminal terminal, string[] reasons)
    {
        foreach (string reason in reasons)
        {
            terminal.Error.WriteLine("thimble: " + reason);
        }

        string command = result.CommandResult.Command.Name;
        terminal.Error.WriteLine(command == "thimble" ? "See: thimble --help" : $"See: thimble {command} --help");
        return ExitCode.Usage;
    }
}
