using System;
using System.CommandLine;
using System.Linq;
using System.Threading;
using Spectre.Console;
using Thimble.Memory;
using Profile = Thimble.Memory.Profile;

namespace Thimble.Cli.Device;

/// <summary><c>thimble device</c>: the same engine on a Cortex-M3 without an operating system.</summary>
internal static class DeviceCommand
{
    /// <summary>The versions of the firmware that nobody gave a profile for.</summary>
    private const TlsVersions DefaultVersions = TlsVersions.Tls12;

    private const string VersionsHelp = "The versions of TLS that the firmware speaks: 1.2, 1.3, or both with a comma between. The default is the profile's, and 1.2 without one.";

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
        Option<NamedProfile?> profile = ProfileOption();
        var command = new Command("run", "Run the firmware in QEMU against Mosquitto with mutual TLS, and show the messages both ways.") { Options = { once, profile, tls, port, duration } };
        command.SetAction(result => Explained(
            terminal, DeviceTools.ForRun, () => Choose(result.GetValue(profile), result.GetValue(tls), DeviceBoard.Emulated),
            choice => Run(terminal, choice, result.GetValue(once), result.GetValue(port), result.GetValue(duration))));
        return command;
    }

    private static Command Build(Terminal terminal)
    {
        string boards = string.Join(", ", DeviceBoard.All.Select(known => known.Option));
        var board = new Option<string>("--board")
        {
            HelpName = "BOARD",
            Description = $"The board: {boards}. The default is the one that QEMU has.",
            DefaultValueFactory = _ => DeviceBoard.Emulated.Name,
        };
        board.Validators.Add(result =>
        {
            if (DeviceBoard.Find(result.GetValueOrDefault<string>()) is null)
            {
                result.AddError($"There is no board '{result.GetValueOrDefault<string>()}'. There are: {boards}.");
            }
        });
        Option<TlsVersions?> tls = TlsOption.Create(VersionsHelp);
        Option<NamedProfile?> profile = ProfileOption();
        var command = new Command("build", "Compile the firmware for a board, and say what it takes.") { Options = { board, profile, tls } };
        command.SetAction(result =>
        {
            DeviceBoard chosen = DeviceBoard.Find(result.GetRequiredValue(board))!;
            return Explained(terminal, DeviceTools.ForBuild, () => Choose(result.GetValue(profile), result.GetValue(tls), chosen), choice => Build(terminal, chosen, choice));
        });
        return command;
    }

    private static int Run(Terminal terminal, Choice choice, bool once, int port, int? seconds)
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
            Tell(terminal, choice);
            using var run = new DeviceRun(terminal, choice.Profile, port);
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

    private static int Build(Terminal terminal, DeviceBoard board, Choice choice)
    {
        string elf = terminal.While("Building the firmware", quiet: false, () => DeviceBuild.Make(board, FirmwareFeatures.Of(choice.Profile)));
        Tell(terminal, choice);
        FirmwareSize size = FirmwareSize.Of(elf);
        terminal.Console.MarkupLineInterpolated($"{elf}");
        terminal.Console.MarkupLineInterpolated($"[bold]{size.FlashBytes:N0} bytes[/] of flash without a device image, {size.StaticBytes} bytes of static state in RAM.");
        if (size.VectorSum == 0)
        {
            terminal.Console.WriteLine("The checksum of its vectors is what the boot ROM asks for. No emulator here has this board: it is linked, and was never run.");
        }

        return ExitCode.Good;
    }

    /// <summary>What can be refused is refused before anything is installed, made or started.</summary>
    private static int Explained(Terminal terminal, System.Collections.Generic.IEnumerable<string> programs, Func<Choice> choose, Func<Choice, int> work)
    {
        try
        {
            Choice choice = choose();
            return DeviceTools.Provide(programs, terminal.Output.WriteLine) is { } missing ? throw new DeviceException(missing) : work(choice);
        }
        catch (DeviceException e)
        {
            terminal.Error.WriteLine("thimble: " + e.Message);
            return ExitCode.Fault;
        }
    }

    private static Option<NamedProfile?> ProfileOption() => ProfileOptions.ProfileOption(
        $"What the firmware is compiled and planned for: {ProfileOptions.Choices}. The default is RSA 2048, P-256 and AES-128-GCM.");

    /// <summary>The profile that the firmware gets, and whose it is.</summary>
    /// <exception cref="DeviceException">The firmware cannot serve it on this board.</exception>
    private static Choice Choose(NamedProfile? chosen, TlsVersions? versions, DeviceBoard board)
    {
        if (chosen is null)
        {
            return new Choice(null, DeviceProfile.For(versions ?? DefaultVersions));
        }

        Profile profile = DeviceProfile.Of(chosen, versions);
        FirmwareLimits.Check(profile, board);
        return new Choice(chosen, profile);
    }

    /// <summary>What a profile that somebody chose comes to on the device.</summary>
    private static void Tell(Terminal terminal, Choice choice)
    {
        if (choice.Chosen is { } chosen)
        {
            int planned = Planned(choice.Profile), without = Planned(choice.Profile with { ProvisionalMqtt = chosen.Profile.ProvisionalMqtt });
            string more = planned == without ? "" : $", {planned - without} of them to read MQTT in records larger than the window";
            terminal.Console.MarkupLineInterpolated($"The profile {chosen.Name} takes [bold]{planned:N0} bytes[/] on the device{more}.");
            terminal.Console.MarkupLineInterpolated($"Compiled in: {FirmwareFeatures.Of(choice.Profile)}.");
        }
    }

    private static int Planned(in Profile profile) => MemoryPlan.For(profile, DeviceProfile.WordBits).TotalBytes;

    /// <summary>The profile of the firmware, and the one that it was made of, where somebody gave one.</summary>
    private sealed record Choice(NamedProfile? Chosen, Profile Profile);

    private static void RefuseOutside<T>(System.CommandLine.Parsing.OptionResult result, Option<T> option, int least, int most)
    {
        if (result.GetValue(option) is int value && (value < least || value > most))
        {
            result.AddError($"{option.Name} takes {least} to {most}, and not {value}.");
        }
    }
}
