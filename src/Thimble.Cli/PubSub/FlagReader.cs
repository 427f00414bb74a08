using System;
using System.Collections.Generic;
using System.Linq;

namespace Thimble.Cli.PubSub;

/// <summary>
/// Reads a command line as mosquitto's programs do: flag by flag, each followed by its values. That is not how System.CommandLine reads: there <c>-h</c> is help,
/// <c>@x</c> a file of arguments, and <c>-m -n</c> two flags, where mosquitto publishes "-n".
/// </summary>
internal static class FlagReader
{
    /// <summary>Reads all of it into <paramref name="settings"/>.</summary>
    /// <exception cref="UsageException">A flag is unknown, or a value is missing or makes no sense.</exception>
    public static void Read<T>(IReadOnlyList<Flag<T>> flags, string[] arguments, T settings)
    {
        foreach ((Flag<T> flag, string[] values) in Parse(flags, arguments))
        {
            flag.Set(settings, values);
        }
    }

    /// <summary>All names of the flags that are there.</summary>
    /// <exception cref="UsageException">A flag is unknown, or a value is missing.</exception>
    public static IEnumerable<string> Names<T>(IReadOnlyList<Flag<T>> flags, string[] arguments) => Parse(flags, arguments).SelectMany(one => one.Flag.AllNames);

    private static List<(Flag<T> Flag, string[] Values)> Parse<T>(IReadOnlyList<Flag<T>> flags, ReadOnlySpan<string> arguments)
    {
        var found = new List<(Flag<T>, string[])>();
        while (!arguments.IsEmpty)
        {
            string argument = arguments[0];
            arguments = arguments[1..];
            if (Find(flags, argument) is { } flag)
            {
                found.Add((flag, Values(flag, argument, ref arguments)));
            }
            else if (argument.StartsWith("--", StringComparison.Ordinal) && argument.IndexOf('=') is > 0 and int sign && Find(flags, argument[..sign]) is { Count: 1 } withSign)
            {
                found.Add((withSign, [argument[(sign + 1)..]]));
            }
            else
            {
                throw new UsageException($"There is no flag '{argument}'.");
            }
        }

        return found;
    }

    private static Flag<T>? Find<T>(IReadOnlyList<Flag<T>> flags, string name) => flags.FirstOrDefault(flag => flag.AllNames.Contains(name));

    private static string[] Values<T>(Flag<T> flag, string name, ref ReadOnlySpan<string> arguments)
    {
        string[] values = Take(flag, name, flag.Count, ref arguments);
        return flag.OneMore?.Invoke(values) == true ? [.. values, .. Take(flag, name, 1, ref arguments)] : values;
    }

    private static string[] Take<T>(Flag<T> flag, string name, int count, ref ReadOnlySpan<string> arguments)
    {
        if (arguments.Length < count)
        {
            throw new UsageException($"{name} stands at the end, and its value is missing: {name} {flag.Values}.");
        }

        string[] values = arguments[..count].ToArray();
        arguments = arguments[count..];
        return values;
    }
}
