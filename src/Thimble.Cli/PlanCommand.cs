using System.CommandLine;
using Spectre.Console;
using Thimble.Cli.Html;
using Thimble.Memory;
using Profile = Thimble.Memory.Profile;

namespace Thimble.Cli;

/// <summary><c>thimble plan</c>: the memory of a connection before anything runs.</summary>
internal static class PlanCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("plan", "Show how much memory a connection takes, before anything runs: by phase, and what each byte is for.");
        var profile = new ProfileOptions(command, Profiles.Rsa2048, "Begin with what this cloud needs");
        Option<ClientKeyChoice?> clientKey = ClientKeyChoice.Option("The client's private key to plan for");
        Option<int?> bits = BitsOption();
        Option<string?> htmlFile = HtmlFile.Option("the map");
        Option<bool> json = JsonOption();
        command.Options.Add(clientKey);
        command.Options.Add(bits);
        command.Options.Add(htmlFile);
        command.Options.Add(json);
        command.SetAction(result => Run(
            terminal, profile.Name(result), profile.ReadFor(result, clientKey), result.GetValue(bits) ?? (nint.Size * 8), result.GetValue(htmlFile), result.GetValue(json)));
        return command;
    }

    /// <summary>The option that every command has.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print a report for programs." };

    /// <summary>The machine to plan for.</summary>
    public static Option<int?> BitsOption()
    {
        var bits = new Option<int?>("--bits")
        {
            HelpName = "32|64",
            Description = "The word of the machine to plan for, in bits. The default is that of this machine.",
        };
        bits.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && result.Tokens[0].Value is not ("32" or "64"))
            {
                result.AddError($"--bits takes 32 or 64, and not '{result.Tokens[0].Value}'.");
            }
        });
        return bits;
    }

    /// <summary>The map of a profile.</summary>
    /// <exception cref="UsageException">It would be larger than any plan can be.</exception>
    public static MemoryMap MapOf(in Profile profile, int bits)
    {
        MemoryMap map = MemoryMap.Of(profile, bits);
        return map.PlannedBytes <= Memory.Region.MaxBytes
            ? map
            : throw new UsageException($"This would take {map.PlannedBytes:N0} bytes or more, and a plan can have at most {Memory.Region.MaxBytes:N0}: make the windows, the topic or the ticket smaller.");
    }

    private static int Run(Terminal terminal, string name, in Profile profile, int bits, string? htmlFile, bool json)
    {
        MemoryMap map = MapOf(profile, bits);
        VersionLine[]? alone = Alone(profile, bits);
        if (json)
        {
            terminal.WriteJson(new PlanReport(true, ReportMaker.Memory(name, map, gcAllocatedBytes: null), null, alone), ReportJson.Readable.PlanReport);
        }
        else
        {
            Show(terminal.Console, name, map, alone);
        }

        return htmlFile is null || HtmlFile.TryWrite(terminal, htmlFile, page => PlanPage.Write(page, name, map)) ? ExitCode.Good : ExitCode.Fault;
    }

    private static void Show(IAnsiConsole console, string name, MemoryMap map, VersionLine[]? alone)
    {
        console.MarkupLineInterpolated($"[bold]{map.PlannedBytes:N0} bytes[/] for one connection with the profile {name}, on a {map.WordBits}-bit machine.");
        console.MarkupLineInterpolated($"While idle it keeps {map.ConnectionBytes:N0} of them, and {map.WindowBytes:N0} for record windows. The server cannot change any of this.");
        console.MarkupLineInterpolated($"Among many that share their buffers it keeps {map.RestingBytes:N0} bytes while idle; parked, it takes at most {map.ParkedBytes:N0}.");
        if (alone is [VersionLine older, VersionLine newer])
        {
            console.MarkupLineInterpolated($"{older.Version} alone takes {older.PlannedBytes:N0} bytes, and {newer.Version} alone {newer.PlannedBytes:N0}: see --tls.");
        }

        Tables.Phases(console, map);
        console.WriteLine("Regions whose lives do not meet share bytes: see their offsets. Digits stand for the phases above.");
        Tables.Regions(console, map);
    }

    /// <summary>What each version would take by itself: both in one plan cost about the larger of the two.</summary>
    private static VersionLine[]? Alone(in Profile profile, int bits) =>
        profile.Offers(TlsVersions.Tls12) && profile.Offers(TlsVersions.Tls13)
            ? [Alone("TLS 1.2", profile with { Versions = TlsVersions.Tls12 }, bits), Alone("TLS 1.3", profile with { Versions = TlsVersions.Tls13 }, bits)]
            : null;

    private static VersionLine Alone(string version, in Profile profile, int bits) => new(version, MemoryMap.Of(profile, bits).PlannedBytes);
}
