using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>One instruction: its bits (a wide one has its first half on top), and what the disassembler says of it.</summary>
internal sealed record CodeInstruction(uint Address, uint Encoding, int Bytes, MachineInstruction Text, ElfRelocation? Relocation)
{
    public override string ToString() => Text.ToString();
}

/// <summary>A function as it lies in a file, under all of its names.</summary>
internal sealed record CodeFunction(string Name, IReadOnlyList<string> Aliases, uint Start, uint Bytes, IReadOnlyList<CodeInstruction> Instructions)
{
    public bool Holds(uint address) => address >= Start && address < Start + Bytes;
}

/// <summary>The functions of a file, in order.</summary>
internal sealed class ObjectCode
{
    private readonly Dictionary<uint, CodeFunction> _byStart;

    private ObjectCode(ElfFile file, IReadOnlyList<CodeFunction> functions)
    {
        File = file;
        Functions = functions;
        _byStart = functions.ToDictionary(function => function.Start);
    }

    public ElfFile File { get; }

    public IReadOnlyList<CodeFunction> Functions { get; }

    /// <summary>Reads one section of an ELF file, with the disassembly of that section.</summary>
    public static ObjectCode Read(string path, string sectionName, string disassembly)
    {
        ElfFile file = ElfFile.Read(path);
        ElfSection section = file.Sections.Single(section => section.Name == sectionName);
        Listing listing = Listing.Parse(System.IO.File.ReadLines(disassembly), []);
        return new ObjectCode(file, [.. FunctionsOf(file, section, listing)]);
    }

    public CodeFunction? At(uint start) => _byStart.GetValueOrDefault(start);

    private static IEnumerable<CodeFunction> FunctionsOf(ElfFile file, ElfSection section, Listing listing)
    {
        IReadOnlyDictionary<uint, ElfRelocation> relocations = file.RelocationsOf(section);
        foreach (var names in file.Symbols.Where(symbol => symbol.IsFunction && symbol.Section == section.Index && symbol.Bytes > 0).GroupBy(symbol => symbol.Value).OrderBy(group => group.Key))
        {
            ElfSymbol[] symbols = [.. names];
            yield return new CodeFunction(symbols[0].Name, [.. symbols.Select(symbol => symbol.Name)], names.Key, symbols[0].Bytes,
                [.. Instructions(section, names.Key, symbols[0].Bytes, listing, relocations)]);
        }
    }

    private static IEnumerable<CodeInstruction> Instructions(ElfSection section, uint start, uint bytes, Listing listing, IReadOnlyDictionary<uint, ElfRelocation> relocations)
    {
        for (uint at = start; at < start + bytes;)
        {
            ReadOnlySpan<byte> code = section.Bytes.Span[(int)(at - section.Address)..];
            ushort first = BinaryPrimitives.ReadUInt16LittleEndian(code);
            bool wide = Thumb.IsWide(first);
            uint encoding = wide ? ((uint)first << 16) | BinaryPrimitives.ReadUInt16LittleEndian(code[2..]) : first;
            MachineInstruction text = listing.At(at) ?? throw new InvalidDataException($"The listing has no instruction at {at:x}.");
            yield return new CodeInstruction(at, encoding, wide ? 4 : 2, text, relocations.GetValueOrDefault(at - section.Address));
            at += wide ? 4u : 2u;
        }
    }
}
