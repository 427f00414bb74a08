using System;
using System.CommandLine;

namespace Thimble.Cli.Reference;

/// <summary><c>thimble reference</c>, which the help does not name: it writes the pages of docs/ that come from the program.</summary>
internal static class ReferenceCommand
{
    public static Command Create(Terminal terminal, Func<CommandDescription> catalogue)
    {
        var page = new Argument<string>("page") { Description = "commands or faults." };
        page.AcceptOnlyFromAmong("commands", "faults");
        var command = new Command("reference", "Write a page of docs/ that comes from the program.") { Arguments = { page }, Hidden = true };
        command.SetAction(result =>
        {
            if (result.GetValue(page) == "faults")
            {
                FaultsPage.Write(terminal.Output);
            }
            else
            {
                CommandsPage.Write(terminal.Output, catalogue());
            }

            return ExitCode.Good;
        });
        return command;
    }
}
