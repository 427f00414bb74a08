using System.Collections.Generic;
using System.Linq;

namespace Thimble.Cli.Html;

/// <summary>One row of a chart.</summary>
/// <param name="Name">What it stands for.</param>
/// <param name="Note">More about it, in small print; may be empty.</param>
/// <param name="Parts">The parts of the bar, from left to right.</param>
/// <param name="Figure">What stands beside it in figures.</param>
internal sealed record Bar(string Name, string Note, IReadOnlyList<BarPart> Parts, string Figure)
{
    public int Sum => Parts.Sum(part => part.Value);
}
