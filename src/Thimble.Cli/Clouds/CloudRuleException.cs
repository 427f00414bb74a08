using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace Thimble.Cli.Clouds;

/// <summary>What was asked for is good MQTT, and the cloud would not take it.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Thrown and caught in this tool only.")]
internal sealed class CloudRuleException(IReadOnlyList<string> sentences) : Exception(string.Join(" ", sentences))
{
    /// <summary>All that is against it, each with what to do.</summary>
    public IReadOnlyList<string> Sentences => sentences;

    /// <summary>Throws unless there is nothing to say. What the sentences repeat of the command line steers no terminal.</summary>
    public static void ThrowIfAny(IEnumerable<string> problems)
    {
        string[] sentences = [.. problems.Select(PrintableText.Of)];
        if (sentences.Length > 0)
        {
            throw new CloudRuleException(sentences);
        }
    }
}
