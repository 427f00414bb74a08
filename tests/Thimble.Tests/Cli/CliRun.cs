using System;
using System.IO;
using System.Text.Json;
using Thimble.Cli;

namespace Thimble.Tests.Cli;

/// <summary>What one command line came to.</summary>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    public JsonElement Json => JsonDocument.Parse(Output).RootElement;

    /// <summary>What was written that may be no text.</summary>
    public byte[] Bytes { get; private init; } = [];

    public static CliRun Of(params string[] arguments) => WithInput([], arguments);

    /// <summary>The same with something on the standard input.</summary>
    public static CliRun WithInput(byte[] input, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var stream = new MemoryStream(input);
        using var bytes = new MemoryStream();
        int exitCode = CommandLine.Run(arguments, Terminal.To(output, error, stream, bytes));
        return new CliRun(exitCode, output.ToString(), error.ToString()) { Bytes = bytes.ToArray() };
    }
}
