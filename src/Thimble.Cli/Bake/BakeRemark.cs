namespace Thimble.Cli.Bake;

/// <summary>What a check found, in a sentence or two.</summary>
internal sealed record BakeRemark(BakeRule Rule, string Text);
