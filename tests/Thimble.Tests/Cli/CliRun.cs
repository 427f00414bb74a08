using System;
using System.IO;
using System.Text.Json;
using Thimble.Cli;

namespace Thimble.Tests.Cli;

/// <summary>What one command line came to.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    public static CliRun Of(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exitCode = CommandLine.Run(arguments, Terminal.To(output, error));
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }
}
