using System;

namespace Thimble.Cli.Demo;

/// <summary>Topic names and filters of MQTT 3.1.1 §4.7.</summary>
internal static class TopicFilter
{
    /// <summary>Whether messages on <paramref name="topic"/> go to a subscription of <paramref name="filter"/>.</summary>
    public static bool Matches(string filter, string topic)
    {
        // [MQTT-4.7.2-1]: wildcards at the start do not match the broker's own topics.
        if (topic.StartsWith('$') && filter[0] is '+' or '#')
        {
            return false;
        }

        string[] wanted = filter.Split('/');
        string[] found = topic.Split('/');
        for (int level = 0; level < wanted.Length; level++)
        {
            if (wanted[level] == "#")
            {
                return true;
            }

            if (level >= found.Length || (wanted[level] != "+" && wanted[level] != found[level]))
            {
                return false;
            }
        }

        return wanted.Length == found.Length;
    }

    /// <summary>Whether '+' stands alone in its level, and '#' alone in the last one.</summary>
    public static bool IsValidFilter(string filter)
    {
        string[] levels = filter.Split('/');
        for (int i = 0; i < levels.Length; i++)
        {
            bool wildcard = levels[i] == "+" || (levels[i] == "#" && i == levels.Length - 1);
            if (!wildcard && levels[i].AsSpan().ContainsAny('+', '#'))
            {
                return false;
            }
        }

        return filter.Length > 0 && !filter.Contains('\0');
    }

    /// <summary>Whether a message may be published on this topic.</summary>
    public static bool IsValidName(string topic) => topic.Length > 0 && !topic.AsSpan().ContainsAny('+', '#', '\0');
}
