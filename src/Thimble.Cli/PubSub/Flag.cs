using System;

namespace Thimble.Cli.PubSub;

/// <summary>One flag of <c>pub</c> or <c>sub</c>, as mosquitto's programs have it: its values are the arguments behind it, whatever they begin with.</summary>
/// <param name="Section">The heading under which the help shows it, or null where it does not: a flag that is refused.</param>
/// <param name="Names">Its names, such as <c>-h, --host</c>.</param>
/// <param name="Values">The names of its values, separated by blanks; may be empty.</param>
/// <param name="Description">What it does.</param>
/// <param name="Set">Writes the values down; throws <see cref="UsageException"/> where one makes no sense.</param>
internal sealed record Flag<T>(string? Section, string Names, string Values, string Description, Action<T, string[]> Set)
{
    public string[] AllNames { get; } = Names.Split(", ");

    public int Count { get; } = Values.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Whether one more value follows, where that depends on the others.</summary>
    public Func<string[], bool>? OneMore { get; init; }

    /// <summary>A flag that mosquitto has and Thimble does not.</summary>
    public static Flag<T> Refused(string names, string values, string reason) =>
        new(null, names, values, "", (_, _) => throw new UsageException($"{names.Split(", ")[^1]} is not to be had here: {reason}"));

    /// <summary>A flag of mosquitto that changes nothing, since Thimble always does what it asks for.</summary>
    public static Flag<T> Always(string names) => new(null, names, "", "", static (_, _) => { });
}
