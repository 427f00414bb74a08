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
/// static state.
/// </summary>
internal static class RelaxedAssembly
{
    /// <summary>No instruction of the compiler reads more than a word at an address that must be aligned.</summary>
    private const uint LargestAlignment = 4;

    public static void Write(ObjectCode code, TextWriter output)
    {
        output.Write("  .syntax unified\n  .cpu cortex-m3\n  .thumb\n  .section .note.GNU-stack, \"\", %progbits\n");
        foreach (CodeFunction function in code.Functions)
        {
            WriteFunction(code, function, output);
        }

        foreach (ElfSection section in code.File.Sections.Where(section => section.HoldsConstants))
        {
            WriteConstants(code.File, section, output);
        }
    }

    private static void WriteFunction(ObjectCode code, CodeFunction function, TextWriter output)
    {
        var plan = new CallPlan(code, function);
        HashSet<uint> targets = CallPlan.Targets(function);
        output.Write($"  .section \".text.{function.Name}\", \"ax\", %progbits\n  .balign 2\n");
        WriteNames(function.Aliases, "%function", output);
        for (int i = 0; i < function.Instructions.Count; i++)
        {
            CodeInstruction instruction = function.Instructions[i];
            if (targets.Contains(instruction.Address))
            {
                output.Write($".L{instruction.Address:x}:\n");
            }

            if (!plan.IsDropped(i))
            {
                WriteInstruction(function, plan, i, output);
                i += plan.Load(i) is null ? 0 : AddressLoad.Instructions - 1;
            }
        }

        foreach (string name in function.Aliases)
        {
            output.Write($"  .size \"{name}\", . - \"{name}\"\n");
        }
    }

    private static void WriteInstruction(CodeFunction function, CallPlan plan, int index, TextWriter output)
    {
        CodeInstruction instruction = function.Instructions[index];
        if (plan.Load(index) is AddressLoad load)
        {
            string register = Constants.Name(load.Register);
            output.Write($"  movw {register}, #:lower16:{load.Place}\n  movt {register}, #:upper16:{load.Place}\n");
        }
        else if (plan.Call(index) is Place place)
        {
            Thumb.TryBranchToRegister(instruction, out _, out bool links);
            output.Write($"  {(links ? "bl" : "b.w")} {place}\n");
        }
        else if (Thumb.TryBranch(instruction, out int condition, out uint target) && function.Holds(target))
        {
            output.Write($"  b{Thumb.Conditions[condition]} .L{target:x}\n");
        }
        else if (instruction.Relocation is not null || Thumb.DependsOnPlace(instruction))
        {
            throw new InvalidDataException($"{function.Name} holds an instruction that this tool cannot move: {instruction}");
        }
        else
        {
            output.Write(instruction.Bytes == 2 ? $"  .inst.n 0x{instruction.Encoding:x4}\n" : $"  .inst.w 0x{instruction.Encoding:x8}\n");
        }
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
