using System;
using System.CommandLine;
using System.Linq;
using System.Threading;
using Spectre.Console;
using Thimble.Memory;

namespace Thimble.Cli.Device;

/// <summary><c>thimble device</c>: the same engine on a Cortex-M3 without an operating system.</summary>
internal static class DeviceCommand
{
    /// <summary>The firmware has the code of these versions only.</summary>
    private const TlsVersions DefaultVersions = TlsVersions.Tls12;

    private const string VersionsHelp = "The versions of TLS that the firmware speaks: 1.2, 1.3, or both with a comma between. The default is 1.2.";

    private static readonly TimeSpan s_oncePatience = TimeSpan.FromSeconds(60);

    public static Command Create(Terminal terminal) => new("device", "Build and run the firmware: TCP/IP, TLS and MQTT in C# on a bare Cortex-M3.")
    {
        Subcommands = { Run(terminal), Build(terminal) },
    };

    private static Command Run(Terminal terminal)
    {
        var once = new Option<bool>("--once") { Description = "End after a reading arrived and a command was answered." };
        var port = new Option<int>("--broker-port") { HelpName = "PORT", Description = "Where Mosquitto listens. The default is any free port." };
        var duration = new Option<int?>("--duration") { HelpName = "SECONDS", Description = "End after so long. The default is Ctrl-C." };
        port.Validators.Add(result => RefuseOutside(result, port, 0, ushort.MaxValue));
        duration.Validators.Add(result => RefuseOutside(result, duration, 1, 86_400));
        Option<TlsVersions?> tls = TlsOption.Create(VersionsHelp);
        var command = new Command("run", "Run the firmware in QEMU against Mosquitto with mutual TLS, and show the messages both ways.") { Options = { once, tls, port, duration } };
        command.SetAction(result => Explained(terminal, DeviceTools.ForRun, () =>
            Run(terminal, result.GetValue(tls) ?? DefaultVersions, result.GetValue(once), result.GetValue(port), result.GetValue(duration))));
        return command;
    }

    private static Command Build(Terminal terminal)
    {
        var board = new Option<string>("--board")
        {
            HelpName = "BOARD",
            Description = $"The board: {string.Join(", ", DeviceBuild.Boards).ToLowerInvariant()}. The default is the one that QEMU has.",
            DefaultValueFactory = _ => DeviceBuild.EmulatedBoard,
        };
        board.Validators.Add(result =>
        {
            if (Find(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError($"There is no board '{result.GetValueOrDefault<string>()}'. There are: {string.Join(", ", DeviceBuild.Boards).ToLowerInvariant()}.");
            }
        });
        Option<TlsVersions?> tls = TlsOption.Create(VersionsHelp);
        var command = new Command("build", "Compile the firmware for a board, and say what it takes.") { Options = { board, tls } };
        command.SetAction(result => Explained(terminal, DeviceTools.ForBuild, () => Build(terminal, Find(result.GetRequiredValue(board))!, result.GetValue(tls) ?? DefaultVersions)));
        return command;
    }

    private static int Run(Terminal terminal, TlsVersions versions, bool once, int port, int? seconds)
    {
        using var stop = new CancellationTokenSource();
        ConsoleCancelEventHandler cancel = (_, request) =>
        {
            request.Cancel = true;
            stop.Cancel();
        };
        Console.CancelKeyPress += cancel;
        try
        {
            using var run = new DeviceRun(terminal, versions, port);
            run.Start();
            if (once)
            {
                return run.Once(seconds is { } limit ? TimeSpan.FromSeconds(limit) : s_oncePatience, stop.Token) ? ExitCode.Good : ExitCode.Fault;
            }

            terminal.Console.WriteLine("Type led on, led off, interval N, report or stop; Ctrl-C ends.");
            run.Watch(seconds is { } duration ? TimeSpan.FromSeconds(duration) : TimeSpan.MaxValue, stop.Token);
            return ExitCode.Good;
        }
        finally
        {
            Console.CancelKeyPress -= cancel;
        }
    }

    private static int Build(Terminal terminal, string board, TlsVersions versions)
    {
        string elf = terminal.While("Building the firmware", quiet: false, () => DeviceBuild.Make(board, versions));
        FirmwareSize size = FirmwareSize.Of(elf);
        terminal.Console.MarkupLineInterpolated($"{elf}");
        terminal.Console.MarkupLineInterpolated($"[bold]{size.FlashBytes:N0} bytes[/] of flash without a device image, {size.StaticBytes} bytes of static state in RAM.");
        if (size.VectorSum == 0)
        {
            terminal.Console.WriteLine("The checksum of its vectors is what the boot ROM asks for. No emulator here has this board: it is linked, and was never run.");
        }

        return ExitCode.Good;
    }

    private static int Explained(Terminal terminal, System.Collections.Generic.IEnumerable<string> programs, Func<int> work)
    {
        try
        {
            return DeviceTools.Provide(programs, terminal.Output.WriteLine) is { } missing ? throw new DeviceException(missing) : work();
        }
        catch (DeviceException e)
        {
            terminal.Error.WriteLine("thimble: " + e.Message);
            return ExitCode.Fault;
        }
    }

    private static string? Find(string? board) => DeviceBuild.Boards.FirstOrDefault(known => string.Equals(known, board, StringComparison.OrdinalIgnoreCase));

    private static void RefuseOutside<T>(System.CommandLine.Parsing.OptionResult result, Option<T> option, int least, int most)
    {
        if (result.GetValue(option) is int value && (value < least || value > most))
        {
            result.AddError($"{option.Name} takes {least} to {most}, and not {value}.");
        }
    }
}
