using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.IO;

namespace Thimble.Cli;

/// <summary>The help of one command with examples at its end, which the list of all commands does not repeat.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private readonly HelpAction _help = new() { MaxWidth = CommandLine.HelpColumns };

    private HelpWithExamples(string[] examples) => Examples = examples;

    /// <summary>The examples, each a command line.</summary>
    public string[] Examples { get; }

    /// <summary>The option <c>--help</c> of a command with these examples.</summary>
    public static HelpOption Option(params string[] examples) => new() { Action = new HelpWithExamples(examples) };

    /// <summary>Who asks for help need not have given what else is required.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int exitCode = _help.Invoke(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (string example in Examples)
        {
            output.WriteLine("  " + example);
        }

        output.WriteLine();
        return exitCode;
    }
}
