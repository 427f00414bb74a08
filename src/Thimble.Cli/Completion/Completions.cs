using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Cli.Reference;

namespace Thimble.Cli.Completion;

/// <summary>What may stand at the end of an unfinished command line.</summary>
internal static class Completions
{
    /// <summary>The candidates for the last of <paramref name="words"/>, which stand behind the tool's name; none where the shell should offer files.</summary>
    public static IReadOnlyList<string> For(CommandDescription root, IReadOnlyList<string> words)
    {
        CommandDescription command = root;
        int at = 0;
        while (at + 1 < words.Count && command.Commands.FirstOrDefault(below => below.Name == words[at]) is { } below)
        {
            command = below;
            at++;
        }

        string last = words.Count == 0 ? "" : words[^1];
        if (words.Count >= 2 && command.Options.FirstOrDefault(option => option.Names.Contains(words[^2])) is { Values.Length: > 0 } option)
        {
            return Beginning(option.Choices, last);
        }

        return last.StartsWith('-') ? Beginning(command.Options.SelectMany(one => one.Names), last)
            : at + 1 >= words.Count ? Beginning(command.Commands.Select(below => below.Name), last)
            : [];
    }

    private static IReadOnlyList<string> Beginning(IEnumerable<string> candidates, string word) =>
        [.. candidates.Where(candidate => candidate.StartsWith(word, StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
}
