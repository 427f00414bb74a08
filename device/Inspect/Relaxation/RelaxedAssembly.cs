using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>
/// Writes an object of the compiler as assembler: calls as <c>bl</c>, branches with labels so that the assembler finds
/// their shortest form, every other instruction by its bits. Each function and each constant has a section of its own,
/// so that the linker keeps what is used. Writable data is not written: a reference to it fails the link, for a device has no
/// static state. Functions with the same code become one with several names.
/// </summary>
internal static class RelaxedAssembly
{
    /// <summary>No instruction of the compiler reads more than a word at an address that must be aligned.</summary>
    private const uint LargestAlignment = 4;

    public static void Write(ObjectCode code, TextWriter output)
    {
        output.Write("  .syntax unified\n  .cpu cortex-m3\n  .thumb\n  .section .note.GNU-stack, \"\", %progbits\n");
        foreach ((string text, CodeFunction[] functions) in Folded([.. code.Functions.Select(function => new RelaxedFunction(code, function))]))
        {
            string[] names = [.. functions.SelectMany(function => function.Aliases)];
            output.Write($"  .section \".text.{names[0]}\", \"ax\", %progbits\n  .balign 2\n");
            WriteNames(names, "%function", output);
            output.Write(text.Replace(RelaxedFunction.Label, $".L{functions[0].Start:x}_", StringComparison.Ordinal));
            Array.ForEach(names, name => output.Write($"  .size \"{name}\", . - \"{name}\"\n"));
        }

        foreach (ElfSection section in code.File.Sections.Where(section => section.HoldsConstants))
        {
            WriteConstants(code.File, section, output);
        }
    }

    /// <summary>Functions by their code. Two that call two that are the same are the same, so it is asked until nothing changes.</summary>
    private static IEnumerable<(string Text, CodeFunction[] Functions)> Folded(RelaxedFunction[] functions)
    {
        var first = new Dictionary<string, string>();
        for (int known = -1; known != first.Count;)
        {
            known = first.Count;
            foreach (var same in functions.GroupBy(function => function.Text(first)))
            {
                foreach (RelaxedFunction other in same.Skip(1))
                {
                    first[other.Function.Name] = same.First().Function.Name;
                }
            }
        }

        return functions.GroupBy(function => function.Text(first)).Select(same => (same.Key, same.Select(function => function.Function).ToArray()));
    }

    private static void WriteConstants(ElfFile file, ElfSection section, TextWriter output)
    {
        if (file.RelocationsOf(section).Count != 0)
        {
            throw new InvalidDataException($"{section.Name} holds addresses, which this tool cannot move.");
        }

        var symbols = file.Symbols.Where(symbol => symbol.Section == section.Index && !symbol.IsSection && symbol.Name[0] != '$')
            .GroupBy(symbol => symbol.Value).OrderBy(group => group.Key).ToList();
        for (int i = 0; i < symbols.Count; i++)
        {
            uint start = symbols[i].Key, end = i + 1 < symbols.Count ? symbols[i + 1].Key : (uint)section.Bytes.Length;
            string[] names = [.. symbols[i].Select(symbol => symbol.Name)];
            output.Write($"  .section \".rodata.{names[0]}\", \"a\", %progbits\n  .balign {Math.Min(LargestAlignment, start == 0 ? LargestAlignment : start & (0 - start))}\n");
            WriteNames(names, "%object", output);
            foreach (byte[] line in section.Bytes[(int)start..(int)end].ToArray().Chunk(16))
            {
                output.Write($"  .byte {string.Join(',', line.Select(value => value.ToString(CultureInfo.InvariantCulture)))}\n");
            }

            foreach (string name in names)
            {
                output.Write($"  .size \"{name}\", {end - start}\n");
            }
        }
    }

    private static void WriteNames(IEnumerable<string> names, string type, TextWriter output)
    {
        foreach (string name in names)
        {
            output.Write($"  .global \"{name}\"\n  .type \"{name}\", {type}\n\"{name}\":\n");
        }
    }
}
