using System;
using System.IO;
using Thimble.Tests.Cli;
using Xunit;

namespace Thimble.Tool.Tests.Reference;

/// <summary>The pages of docs/ that the program writes are what it writes. With <c>THIMBLE_UPDATE_DOCS=1</c> they are written anew.</summary>
public sealed class ReferencePageTests
{
    [Theory]
    [InlineData("commands")]
    [InlineData("faults")]
    public void The_page_in_docs_is_what_the_program_writes(string page)
    {
        string file = Path.Combine(Root(), "docs", page + ".md");
        var run = CliRun.Of("reference", page);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        string written = run.Output.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable("THIMBLE_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(file, written);
        }

        Assert.Equal(written, File.ReadAllText(file).ReplaceLineEndings("\n"));
    }

    [Fact]
    public void The_list_of_commands_has_summaries_and_each_command_its_examples()
    {
        Assert.DoesNotContain("thimble cert ca --name", CliRun.Of("--help").Output, StringComparison.Ordinal);
        Assert.Contains("thimble cert ca --name", CliRun.Of("cert", "--help").Output, StringComparison.Ordinal);
        Assert.Contains("thimble explain alert 40", CliRun.Of("explain", "--help").Output, StringComparison.Ordinal);
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Thimble.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests do not run inside the repository.");
    }
}
