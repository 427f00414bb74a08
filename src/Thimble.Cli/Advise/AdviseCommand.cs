using System.CommandLine;
using System.Linq;
using Spectre.Console;
using Thimble.Cli.Html;
using Profile = Thimble.Memory.Profile;

namespace Thimble.Cli.Advise;

/// <summary><c>thimble advise</c>: what binds a plan, and what each change of the profile would save.</summary>
internal static class AdviseCommand
{
    private const string Description = "Show what binds the size of a plan, and what every change of the profile would save: each figure is planned again, none is guessed.";

    /// <summary>What <c>--for</c> does here, as for <c>plan</c>.</summary>
    internal const string CloudDescription = "Begin with what this cloud needs";

    /// <summary>What was asked for on the command line.</summary>
    private sealed record Request(string ProfileName, Profile Profile, int WordBits, int? Target, string[] Compared, string? HtmlFile, bool Json);

    public static Command Create(Terminal terminal)
    {
        var command = new Command("advise", Description);
        var profile = new ProfileOptions(command, Profiles.Rsa2048, CloudDescription);
        Option<ClientKeyChoice?> clientKey = ClientKeyChoice.Option("The client's private key to plan for");
        Option<int?> bits = PlanCommand.BitsOption();
        Option<int?> target = ProfileOptions.Range("--target", "Also find changes that together bring the plan to so many bytes.", 512, Memory.Region.MaxBytes);
        var compare = new Option<string[]>("--compare")
        {
            HelpName = "A B",
            Arity = new ArgumentArity(2, 2),
            AllowMultipleArgumentsPerToken = true,
            Description = "Show two plans side by side instead. Each is a profile's name or file, options of plan without their dashes, or both: \"ecdsa client-key=p384\".",
        };
        Option<string?> htmlFile = HtmlFile.Option("it");
        Option<bool> json = PlanCommand.JsonOption();
        foreach (Option option in (Option[])[clientKey, bits, target, compare, htmlFile, json])
        {
            command.Options.Add(option);
        }

        command.Options.Add(HelpWithExamples.Option(
            "thimble advise --bits 32",
            "thimble advise --profile rsa4096-p384 --client-key rsa4096 --target 4096",
            "thimble advise --compare \"client-key=rsa2048\" \"client-key=p256\"",
            "thimble advise --compare rsa2048 ecdsa --html advice.html"));
        command.Validators.Add(result =>
        {
            Option[] alone = [bits, compare, htmlFile, json];
            if (result.GetResult(compare) is not null && command.Options.Any(option => !alone.Contains(option) && result.GetResult(option) is { Implicit: false }))
            {
                result.AddError("--compare goes with --bits, --html and --json only: what A and B differ in stands in their own words, such as \"client-key=rsa2048 tls=1.2\".");
            }
        });
        command.SetAction(result => Run(terminal, new Request(
            profile.Name(result), profile.ReadFor(result, clientKey), result.GetValue(bits) ?? (nint.Size * 8), result.GetValue(target), result.GetValue(compare) ?? [], result.GetValue(htmlFile), result.GetValue(json))));
        return command;
    }

    private static int Run(Terminal terminal, Request request)
    {
        if (request.Compared is [string a, string b])
        {
            return Compare(terminal, request, Comparison.Of(PlanSpecification.Parse(a), PlanSpecification.Parse(b), request.WordBits));
        }

        _ = PlanCommand.MapOf(request.Profile, request.WordBits);
        Advice advice = Advice.Of(request.Profile, request.WordBits);
        Combination? combination = request.Target is { } target ? Combination.For(request.Profile, request.WordBits, target) : null;
        if (request.Json)
        {
            terminal.WriteJson(AdviseReportMaker.Of(request.ProfileName, advice, combination), AdviseJson.Readable.AdviseReport);
        }
        else
        {
            Show(terminal.Console, request, advice);
            Show(terminal.Console, combination);
        }

        bool written = request.HtmlFile is not { } file || HtmlFile.TryWrite(terminal, file, page => AdvisePage.Write(page, request.ProfileName, advice, combination));
        return written && combination is not { IsReached: false } ? ExitCode.Good : ExitCode.Fault;
    }

    private static void Show(IAnsiConsole console, Request request, Advice advice)
    {
        MemoryMap map = advice.Map;
        int live = map.LiveBytes(map.PeakPhase);
        console.MarkupLineInterpolated($"[bold]{map.PlannedBytes:N0} bytes[/] for one connection with the profile {request.ProfileName}, on a {request.WordBits}-bit machine.");
        console.MarkupLineInterpolated($"[bold]{map.PeakPhase}[/] binds: {live:N0} bytes are alive there at once, and only what lives there can make the plan smaller.");
        if (map.PlannedBytes > live)
        {
            console.MarkupLineInterpolated($"{map.PlannedBytes - live:N0} bytes more lie between regions: lives overlap so that no packing was found that fills them.");
        }

        Tables.Phases(console, map);
        console.MarkupLineInterpolated($"Alive in {map.PeakPhase}:");
        AdviseTables.Peak(console, advice);
        console.WriteLine("What would help, each by itself. The figures are those of a new plan with that one change:");
        AdviseTables.Savings(console, advice.Helpful);
        console.WriteLine("What would not help, or cost:");
        AdviseTables.Useless(console, advice.Useless);
    }

    private static void Show(IAnsiConsole console, Combination? combination)
    {
        if (combination is null)
        {
            return;
        }

        if (combination is { IsReached: true, Steps.Count: 0 })
        {
            console.MarkupLineInterpolated($"Target {combination.Target:N0} bytes: the plan keeps to it as it is, with {combination.Map.PlannedBytes:N0}.");
            return;
        }

        string goal = combination.IsReached ? "reached" : "not reached";
        console.MarkupLineInterpolated($"Target {combination.Target:N0} bytes: [bold]{goal} with {combination.Map.PlannedBytes:N0}[/] in {combination.Steps.Count} {(combination.Steps.Count == 1 ? "step" : "steps")}.");
        AdviseTables.Combination(console, combination);
        console.WriteLine(combination.IsReached
            ? "Cheap changes were taken first: those that nobody else has to agree to, then those that servers and keys must fit."
            : $"No further change makes it smaller. {combination.Map.PeakPhase} binds; the most there is {AdviseTables.Largest(combination.Map)}.");
    }

    private static int Compare(Terminal terminal, Request request, Comparison comparison)
    {
        if (request.Json)
        {
            terminal.WriteJson(AdviseReportMaker.Of(comparison), AdviseJson.Readable.AdviseReport);
        }
        else
        {
            Show(terminal.Console, request, comparison);
        }

        bool written = request.HtmlFile is not { } file || HtmlFile.TryWrite(terminal, file, page => AdvisePage.Write(page, comparison));
        return written ? ExitCode.Good : ExitCode.Fault;
    }

    private static void Show(IAnsiConsole console, Request request, Comparison comparison)
    {
        console.MarkupLineInterpolated($"A: {comparison.A.Text}, [bold]{comparison.MapA.PlannedBytes:N0} bytes[/]. B: {comparison.B.Text}, [bold]{comparison.MapB.PlannedBytes:N0} bytes[/]. {request.WordBits}-bit machine.");
        AdviseTables.Comparison(console, comparison);
        foreach (string sentence in comparison.Conclusion)
        {
            console.MarkupLineInterpolated($"{sentence}");
        }
    }
}
