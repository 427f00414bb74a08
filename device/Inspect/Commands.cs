using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>One method for each command; each returns the exit code.</summary>
internal static class Commands
{
    /// <summary>Stands for statistics that do not exist: a program that no compiler of C# wrote.</summary>
    private const string None = "-";

    public static int Roots(string output, string statistics, string[] assemblies)
    {
        int count = RootAssembly.Write(assemblies, output, statistics == None ? null : statistics);
        Console.WriteLine($"{count} methods can be reached on a 32-bit device");
        return 0;
    }

    public static int Relax(string compiled, string listing, string output)
    {
        using StreamWriter assembler = File.CreateText(output);
        RelaxedAssembly.Write(ObjectCode.Read(compiled, "__managedcode", listing), assembler);
        return 0;
    }

    public static int Prove(string compiled, string listing, string image, string imageListing)
    {
        var proof = new RelaxationProof(ObjectCode.Read(compiled, "__managedcode", listing), ObjectCode.Read(image, ".text", imageListing));
        IReadOnlyList<string> objections = proof.Check();
        Refuse(objections);
        return objections.Count == 0 && proof.Functions > 0 ? 0 : 1;
    }

    public static int Check(string statistics, string listing, string symbols, string[] assemblies)
    {
        Listing code = Listing.Parse(File.ReadLines(listing), File.ReadLines(symbols));
        var rules = new Rules(ConstantTimeMethods.Read(assemblies), Statistics.ReadMethods(statistics), code);
        IReadOnlyList<string> objections = rules.Judge();
        Console.WriteLine($"constant time: {rules.Checked} compiled methods checked; without a body of their own here (for 64-bit machines, or part of their callers): {rules.NotReached.Count}");
        foreach (string name in rules.NotReached)
        {
            Console.WriteLine($"  {name}");
        }

        Refuse(objections);
        return objections.Count == 0 ? 0 : 1;
    }

    public static int Sizes(string statistics, string symbols, string[] options)
    {
        Grouping by = options switch
        {
            [] or ["--by", "namespace"] => Grouping.Namespace,
            ["--by", "type"] => Grouping.Type,
            ["--by", "method"] => Grouping.Method,
            _ => Grouping.None,
        };
        if (by == Grouping.None)
        {
            return Usage();
        }

        SizeTable.Print(File.ReadLines(symbols), Names(statistics), by, Console.Out);
        return 0;
    }

    public static int Stack(string statistics, string listing, string symbols, string[] options)
    {
        var roots = new List<string>();
        var entries = new List<string>();
        int limit = int.MaxValue;
        foreach (string[] option in options.Chunk(2))
        {
            switch (option)
            {
                case ["--root", string root]:
                    roots.Add(root);
                    break;
                case ["--entry", string entry]:
                    entries.Add(entry);
                    break;
                case ["--limit", string bytes] when int.TryParse(bytes, CultureInfo.InvariantCulture, out limit):
                    break;
                default:
                    return Usage();
            }
        }

        Listing code = Listing.Parse(File.ReadLines(listing), File.ReadLines(symbols));
        int? deepest = new StackReport(code, Names(statistics), Console.Out).Print(roots, entries);
        if (deepest > limit)
        {
            Refuse([$"the stack may be {deepest:N0} B deep; the limit is {limit:N0} B"]);
        }

        return deepest <= limit ? 0 : 1;
    }

    public static int Usage()
    {
        Console.Error.WriteLine("usage: inspect roots|relax|prove|check|sizes|stack; Program.cs says what each takes");
        return 2;
    }

    private static MethodNames Names(string statistics) => new(statistics == None ? [] : Statistics.ReadMethods(statistics));

    private static void Refuse(IEnumerable<string> objections)
    {
        foreach (string objection in objections)
        {
            Console.WriteLine($"error: {objection}");
        }
    }
}
