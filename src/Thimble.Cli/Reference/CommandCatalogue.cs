using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Completions;
using System.Linq;
using Thimble.Cli.PubSub;

namespace Thimble.Cli.Reference;

/// <summary>Describes all commands from their definitions: those of System.CommandLine, and those whose flags are mosquitto's.</summary>
internal static class CommandCatalogue
{
    public static CommandDescription Of(Command root, Terminal terminal) => Describe(root, "", terminal);

    private static CommandDescription Describe(Command command, string path, Terminal terminal)
    {
        (string description, IReadOnlyList<OptionDescription> options) = command.Name switch
        {
            "pub" => Describe(new PubProgram(terminal)),
            "sub" => Describe(new SubProgram(terminal)),
            _ => (WithExamples(command), [.. command.Options.Where(option => !option.Hidden).Select(Describe)]),
        };
        return new CommandDescription(
            path,
            description,
            [.. command.Arguments.Where(argument => !argument.Hidden).Select(argument => argument.HelpName ?? argument.Name)],
            options,
            [.. command.Subcommands.Where(below => !below.Hidden).Select(below => Describe(below, path.Length == 0 ? below.Name : $"{path} {below.Name}", terminal))]);
    }

    private static (string Description, IReadOnlyList<OptionDescription> Options) Describe<T>(ClientProgram<T> program)
        where T : ClientSettings, new() => (program.Description, program.OptionDescriptions());

    private static string WithExamples(Command command) =>
        command.Options.Select(option => option.Action).OfType<HelpWithExamples>().FirstOrDefault() is { } help
            ? $"{command.Description}\n\nExamples:\n{string.Join('\n', help.Examples.Select(example => "  " + example))}"
            : command.Description ?? "";

    private static OptionDescription Describe(Option option)
    {
        string[] names = [.. option.Aliases.Append(option.Name).OrderBy(name => name.Length)];
        bool isSwitch = option.ValueType == typeof(bool);
        string[] choices = isSwitch ? [] : [.. option.GetCompletions(CompletionContext.Empty).Select(item => item.Label)];
        return new OptionDescription(names, isSwitch ? "" : option.HelpName ?? "VALUE", option.Description ?? "", null, choices);
    }
}
