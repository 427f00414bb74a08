namespace Thimble.Cli.Html;

/// <summary>What a library's makers or users say of its memory, in public.</summary>
/// <param name="Library">Of which.</param>
/// <param name="Figure">The figure, in their words.</param>
/// <param name="Scope">What it is a figure of.</param>
/// <param name="Source">Where it stands: an address without its scheme, so that the page has no link.</param>
internal sealed record Statement(string Library, string Figure, string Scope, string Source);
