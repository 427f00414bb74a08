using System.Diagnostics.CodeAnalysis;

namespace Thimble.Cli.Probe;

/// <summary>A server that cannot be asked: a name for programs, and a sentence for people with what to do next.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Thrown and caught in this tool only.")]
internal sealed class ProbeException(string reason, string message) : ThimbleException(message)
{
    public string Reason { get; } = reason;
}
