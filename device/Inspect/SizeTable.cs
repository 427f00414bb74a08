using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Mono.Cecil;

namespace Thimble.Inspect;

/// <summary>What one line of the table stands for.</summary>
internal enum Grouping
{
    None,
    Namespace,
    Type,
    Method,
}

/// <summary>Flash by what it is spent on, from the symbols of a linked image (<c>nm -S</c>).</summary>
internal static class SizeTable
{
    private const string Runtime = "the runtime", Assembler = "code that is not C#", Constants = "constants of ";

    public static void Print(IEnumerable<string> symbols, MethodNames names, Grouping by, TextWriter output)
    {
        var groups = new SortedDictionary<string, (int Bytes, int Count)>(StringComparer.Ordinal);
        int total = 0;
        foreach ((int bytes, bool isCode, string[] symbol) in Distinct(symbols))
        {
            string group = isCode ? Group(names, symbol, by) : Constants + Assembly(symbol[0]);
            (int sum, int count) = groups.GetValueOrDefault(group);
            groups[group] = (sum + bytes, count + 1);
            total += bytes;
        }

        output.WriteLine("  flash  items  of");
        foreach ((string group, (int bytes, int count)) in by == Grouping.Namespace ? groups : groups.OrderByDescending(entry => entry.Value.Bytes).AsEnumerable())
        {
            output.WriteLine($"{bytes,7:N0} {count,6:N0}  {group}");
        }

        output.WriteLine($"{total,7:N0}         in all");
    }

    /// <summary>Symbols of code and constants that have a size; those that share an address count once.</summary>
    private static IEnumerable<(int Bytes, bool IsCode, string[] Names)> Distinct(IEnumerable<string> symbols) =>
        from line in symbols
        let parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        where parts.Length == 4 && parts[2] is "t" or "T" or "w" or "W" or "r" or "R"
        group parts by parts[0] into same
        select (int.Parse(same.First()[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture), same.First()[2] is not ("r" or "R"), same.Select(parts => parts[3]).ToArray());

    private static string Group(MethodNames names, string[] symbols, Grouping by)
    {
        MethodReference? method = names.Method(symbols)?.Method;
        return method is null ? Assembler : by switch
        {
            Grouping.Namespace => Namespace(method.DeclaringType),
            Grouping.Type => MethodNames.Name(method.DeclaringType),
            _ => MethodNames.Name(method),
        };
    }

    /// <summary>Nested types belong to the namespace of their outermost one; the runtime counts as one.</summary>
    private static string Namespace(TypeReference type)
    {
        string name = type.GetElementType().Namespace;
        for (TypeReference outer = type.GetElementType(); outer is not null; outer = outer.DeclaringType)
        {
            name = outer.Namespace;
        }

        return name.StartsWith("System", StringComparison.Ordinal) || name.StartsWith("Internal", StringComparison.Ordinal) || name.Length == 0 ? Runtime : name;
    }

    /// <summary>Constants carry the name of their assembly, with underscores, before that of the compiler's class for them.</summary>
    private static string Assembly(string symbol)
    {
        int end = symbol.IndexOf("__PrivateImplementationDetails_", StringComparison.Ordinal);
        return end < 0 ? "the compiler" : symbol[..end].TrimStart('_').Replace('_', '.');
    }
}
