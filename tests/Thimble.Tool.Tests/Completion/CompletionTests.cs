using System;
using System.Linq;
using Thimble.Testing;
using Thimble.Tests.Cli;
using Thimble.Tests.Peers;
using Xunit;

namespace Thimble.Tool.Tests.Completion;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("pl", "plan")]
    [InlineData("connect --caf", "--cafile")]
    [InlineData("pub --caf", "--cafile")]
    [InlineData("sub --filter", "--filter-out")]
    [InlineData("device r", "run")]
    [InlineData("plan --profile rsa2", "rsa2048")]
    [InlineData("connect host:1 --servern", "--servername")]
    public void An_unfinished_word_is_completed(string line, string completed) => Assert.Equal([completed], Candidates(line));

    [Fact]
    public void Without_a_word_all_commands_are_named_but_the_hidden_ones()
    {
        string[] commands = Candidates("");
        Assert.Contains("explain", commands);
        Assert.DoesNotContain("complete", commands);
        Assert.DoesNotContain("reference", commands);
    }

    [Theory]
    [InlineData("connect --cafile ")]
    [InlineData("explain rep")]
    [InlineData("nonsense x")]
    public void Where_a_file_or_nothing_known_belongs_the_shell_is_left_to_itself(string line) => Assert.Empty(Candidates(line));

    [PeerTheory("bash")]
    [InlineData("bash")]
    public void The_script_is_one_that_its_shell_understands(string shell)
    {
        string script = CliRun.Of("completion", shell).Output;
        Assert.Equal("plan", PeerProcess.Run(shell, "-c", $$"""
            thimble() { [ "$1 $2 $3" = "complete -- pl" ] && echo plan; }
            {{script}}
            COMP_WORDS=(thimble pl); COMP_CWORD=1; _thimble; echo "${COMPREPLY[@]}"
            """).Trim());
    }

    [Theory]
    [InlineData("zsh", "compdef _thimble thimble")]
    [InlineData("fish", "complete -c thimble")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Each_shell_has_its_script(string shell, string part) => Assert.Contains(part, CliRun.Of("completion", shell).Output, StringComparison.Ordinal);

    private static string[] Candidates(string line) =>
        [.. CliRun.Of(["complete", "--", .. line.Split(' ')]).Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries)];
}
