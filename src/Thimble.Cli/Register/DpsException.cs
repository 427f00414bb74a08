using System.Diagnostics.CodeAnalysis;

namespace Thimble.Cli.Register;

/// <summary>The device is not registered. The message says why, and what to do.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Thrown and caught in this tool only.")]
internal sealed class DpsException(DpsProblem problem, string message) : ThimbleException(message)
{
    public DpsProblem Problem => problem;
}
