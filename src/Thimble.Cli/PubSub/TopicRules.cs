using Thimble.Cli.Demo;

namespace Thimble.Cli.PubSub;

/// <summary>Topics on the command line (MQTT 5 §4.7).</summary>
internal static class TopicRules
{
    /// <exception cref="UsageException">Nobody can publish to it.</exception>
    public static string Name(string flag, string topic) =>
        TopicFilter.IsValidName(FlagValue.Text(flag, topic)) ? topic : throw new UsageException($"{flag} takes a topic to publish to, without '+' and '#', and not '{topic}'.");

    /// <exception cref="UsageException">Nobody can subscribe to it.</exception>
    public static string Filter(string flag, string filter) =>
        TopicFilter.IsValidFilter(FlagValue.Text(flag, filter))
            ? filter
            : throw new UsageException($"{flag} takes a topic filter, in which '+' is all of a level and '#' all of the last one, and not '{filter}'.");
}
