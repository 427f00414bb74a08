namespace Thimble.Cli.Reference;

/// <summary>One option of a command.</summary>
/// <param name="Names">Its names, the long one last.</param>
/// <param name="Values">What follows it, such as <c>FILE</c>; empty for a switch.</param>
/// <param name="Description">What it does.</param>
/// <param name="Section">The heading under which it stands, or null.</param>
/// <param name="Choices">The values that it may have, where they are few.</param>
internal sealed record OptionDescription(string[] Names, string Values, string Description, string? Section, string[] Choices)
{
    /// <summary>The name by which defaults call it: the long one, without its dashes, or null where it has none.</summary>
    public string? LongName => Names[^1].StartsWith("--", System.StringComparison.Ordinal) ? Names[^1][2..] : null;
}
