using System;
using System.CommandLine;
using Thimble.Cli.Reference;

namespace Thimble.Cli.Completion;

/// <summary><c>thimble completion SHELL</c> prints the shell's script; that calls <c>thimble complete</c>, which the help does not name.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # For bash: thimble completion bash > ~/.local/share/bash-completion/completions/thimble
        _thimble() {
            local IFS=$'\n'
            COMPREPLY=($(thimble complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
        }
        complete -o default -F _thimble thimble
        """;

    private const string Zsh = """
        #compdef thimble
        # For zsh: thimble completion zsh > a folder of $fpath, as _thimble
        _thimble() {
            local -a candidates
            candidates=("${(@f)$(thimble complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
            if [[ -n "${candidates[1]}" ]]; then compadd -a candidates; else _files; fi
        }
        compdef _thimble thimble
        """;

    private const string Fish = """
        # For fish: thimble completion fish > ~/.config/fish/completions/thimble.fish
        complete -c thimble -a '(thimble complete -- (commandline -opc)[2..] (commandline -ct) 2>/dev/null)'
        """;

    private const string PowerShell = """
        # For PowerShell: thimble completion pwsh >> $PROFILE
        Register-ArgumentCompleter -Native -CommandName thimble -ScriptBlock {
            param($word, $ast, $position)
            $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { "$_" })
            if ($word -eq '') { $words += '' }
            thimble complete '--' @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    /// <summary>The command that prints a script.</summary>
    public static Command Create(Terminal terminal)
    {
        var shell = new Argument<string>("shell") { HelpName = "bash|zsh|fish|pwsh", Description = "The shell." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        var command = new Command("completion", "Print a script by which a shell completes this tool's commands and options. Its first lines tell where it belongs.")
        {
            Arguments = { shell },
            Options = { HelpWithExamples.Option("thimble completion bash > ~/.local/share/bash-completion/completions/thimble") },
        };
        command.SetAction(result =>
        {
            terminal.Output.WriteLine(result.GetValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                "fish" => Fish,
                _ => PowerShell,
            });
            return ExitCode.Good;
        });
        return command;
    }

    /// <summary>The command that such a script calls.</summary>
    public static Command CreateComplete(Terminal terminal, Func<CommandDescription> catalogue)
    {
        var words = new Argument<string[]>("words") { Arity = ArgumentArity.ZeroOrMore, Description = "The words of the command line, behind the tool's name." };
        var command = new Command("complete", "Print what may stand at the end of an unfinished command line.") { Arguments = { words }, Hidden = true };
        command.SetAction(result =>
        {
            foreach (string candidate in Completions.For(catalogue(), result.GetValue(words) ?? []))
            {
                terminal.Output.WriteLine(candidate);
            }

            return ExitCode.Good;
        });
        return command;
    }
}
