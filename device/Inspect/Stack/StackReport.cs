using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>Prints the stack bound of an image, frame by frame.</summary>
internal sealed class StackReport(Listing code, MethodNames names, TextWriter output)
{
    private const int OtherPaths = 5;

    /// <summary>What never comes back: the runtime's end of the road, and the board's.</summary>
    public static readonly string[] Stops = ["System_Runtime_System_FailFast__Stop", "board_stop", "board_exit", "divide_by_zero"];

    /// <summary>The deepest stack below the roots, or below any C# method where no root is given; null where none can be told.</summary>
    public int? Print(IReadOnlyList<string> roots, IReadOnlyList<string> entries)
    {
        uint[] stops = [.. Stops.Select(code.Start).OfType<uint>()];
        var bound = new StackBound(code, stops, Name);
        try
        {
            uint[] starts = roots.Count > 0 ? [.. roots.Select(Start)] : [.. code.Functions.Where(IsCSharp)];
            uint deepest = starts.Where(start => !stops.Contains(start)).MaxBy(start => bound.Deepest(start).Bytes);
            PrintPaths(bound, deepest);
            PrintEntries(bound, entries);
            return bound.Deepest(deepest).Bytes;
        }
        catch (InvalidDataException refusal)
        {
            output.WriteLine($"error: {refusal.Message}");
            return null;
        }
    }

    private bool IsCSharp(uint function) => names.Method(code.NamesAt(function)) is not null;

    private uint Start(string root) => code.Start(root) ?? throw new InvalidDataException($"the image has no {root}");

    private void PrintPaths(StackBound bound, uint root)
    {
        StackPath deepest = bound.Deepest(root);
        output.WriteLine($"deepest stack: {deepest.Bytes:N0} B from {Name(root)}; {bound.Functions} functions, no recursion, no call through a register");
        foreach ((uint function, int bytes) in deepest.Frames)
        {
            output.WriteLine($"{bytes,7:N0}  {Name(function)}");
        }

        output.WriteLine($"the next deepest that end elsewhere:");
        foreach (StackPath path in bound.DeepestByEnd(root).Where(path => path.Frames[^1].Function != deepest.Frames[^1].Function).Take(OtherPaths))
        {
            output.WriteLine($"{path.Bytes,7:N0}  {string.Join(" > ", path.Frames.Select(frame => $"{Name(frame.Function)} {frame.Bytes}"))}");
        }

        output.WriteLine($"not counted, for they never come back: {string.Join(", ", bound.Stops.Select(Name).Order(StringComparer.Ordinal))}");
    }

    /// <summary>Every compiled method of the types that were asked for.</summary>
    private void PrintEntries(StackBound bound, IReadOnlyList<string> entries)
    {
        foreach (string entry in entries)
        {
            output.WriteLine($"stack of {entry}, itself included:");
            foreach ((uint function, int bytes) in code.Functions.Where(function => IsOf(function, entry)).Select(function => (function, bound.Deepest(function).Bytes)).OrderByDescending(pair => pair.Bytes))
            {
                output.WriteLine($"{bytes,7:N0}  {Name(function)}");
            }
        }
    }

    private bool IsOf(uint function, string entry) => names.Method(code.NamesAt(function)) is CompiledMethod method
        && (MethodNames.Name(method.Method) == entry || MethodNames.Name(method.Method.DeclaringType) == entry);

    private string Name(uint function) => names.Name(code.NamesAt(function));
}
