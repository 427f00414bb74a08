using System;
using System.Diagnostics.CodeAnalysis;

namespace Thimble.Cli.Bake;

/// <summary>There is no image; the message says why and what to do.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "It always names its rule.")]
internal sealed class BakeException(BakeRule rule, string message, Exception? cause = null) : ThimbleException(message, cause)
{
    /// <summary>Which check does not hold.</summary>
    public BakeRule Rule { get; } = rule;
}
