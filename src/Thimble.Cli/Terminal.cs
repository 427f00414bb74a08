using System;
using System.IO;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Thimble.Cli;

/// <summary>Where the tool writes: people's words through Spectre.Console, programs' words as they are.</summary>
internal sealed class Terminal
{
    /// <summary>What fits on paper, in a log and in most windows.</summary>
    private const int WidthWithoutTerminal = 100;

    private Terminal(TextWriter output, TextWriter error, Stream input, Stream bytes, bool isInteractive)
    {
        Input = input;
        Bytes = bytes;
        Output = output;
        Error = error;
        IsInteractive = isInteractive;
        Console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = isInteractive ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isInteractive ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isInteractive ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isInteractive)
        {
            Console.Profile.Width = WidthWithoutTerminal;
        }
    }

    /// <summary>For what was asked for.</summary>
    public TextWriter Output { get; }

    /// <summary>The same place as <see cref="Output"/>, for what may be no text. Use one of them.</summary>
    public Stream Bytes { get; }

    /// <summary>The standard input.</summary>
    public Stream Input { get; }

    /// <summary>For what went wrong.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether a person looks at it while it is written.</summary>
    public bool IsInteractive { get; }

    /// <summary>Whether a person can be asked for something that is typed without being seen.</summary>
    public bool CanAsk { get; private init; }

    /// <summary>For tables.</summary>
    public IAnsiConsole Console { get; }

    public static Terminal OfThisProcess() => new(
        System.Console.Out, System.Console.Error, System.Console.OpenStandardInput(), System.Console.OpenStandardOutput(), !System.Console.IsOutputRedirected)
    {
        CanAsk = !System.Console.IsInputRedirected && !System.Console.IsErrorRedirected,
    };

    public static Terminal To(TextWriter output, TextWriter error) => To(output, error, Stream.Null, Stream.Null);

    public static Terminal To(TextWriter output, TextWriter error, Stream input, Stream bytes) => new(output, error, input, bytes, isInteractive: false);

    /// <summary>Writes a report for programs.</summary>
    public void WriteJson<T>(T report, JsonTypeInfo<T> type) => Output.WriteLine(System.Text.Json.JsonSerializer.Serialize(report, type));

    /// <summary>Does <paramref name="work"/>, saying meanwhile what it is, if a person is looking.</summary>
    public T While<T>(string what, bool quiet, Func<T> work) =>
        IsInteractive && !quiet ? Console.Status().Start(what, _ => work()) : work();
}
