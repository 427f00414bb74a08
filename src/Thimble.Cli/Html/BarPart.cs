namespace Thimble.Cli.Html;

/// <summary>A part of a bar.</summary>
/// <param name="Value">Its length.</param>
/// <param name="Style">Its class in the style sheet.</param>
internal sealed record BarPart(int Value, string Style);
