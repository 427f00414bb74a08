using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>One machine instruction, with the symbol that the linker will put into it, if any.</summary>
internal sealed class MachineInstruction
{
    public required uint Address { get; init; }

    public required string Mnemonic { get; init; }

    public required string Operands { get; init; }

    public string? Symbol { get; set; }

    /// <summary>The mnemonic without its width.</summary>
    public string Name => Mnemonic.Split('.')[0];

    public override string ToString() => $"{Address:x}: {Mnemonic} {Operands}";
}

/// <summary>The code of an object file, from <c>objdump -dr</c> and <c>nm -S</c>.</summary>
internal sealed class Listing
{
    private readonly SortedList<uint, MachineInstruction> _instructions = [];
    private readonly Dictionary<string, (uint Start, uint Bytes)> _symbols = [];

    public IEnumerable<MachineInstruction> All => _instructions.Values;

    public static Listing Parse(IEnumerable<string> disassembly, IEnumerable<string> symbols)
    {
        var listing = new Listing();
        foreach (string line in symbols)
        {
            string[] parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (parts is [string address, string size, "t" or "T" or "w" or "W", string name])
            {
                listing._symbols[name] = (Hex(address) & ~1u, Hex(size));
            }
        }

        MachineInstruction? last = null;
        foreach (string line in disassembly)
        {
            last = listing.Add(line, last);
        }

        return listing;
    }

    /// <summary>The instructions of a symbol; empty where the image has no such symbol.</summary>
    public IReadOnlyList<MachineInstruction> Of(string symbol)
    {
        if (!_symbols.TryGetValue(symbol, out (uint Start, uint Bytes) range))
        {
            return [];
        }

        return [.. _instructions.Values.SkipWhile(i => i.Address < range.Start).TakeWhile(i => i.Address < range.Start + range.Bytes)];
    }

    private MachineInstruction? Add(string line, MachineInstruction? last)
    {
        int relocation = line.IndexOf("R_ARM_", StringComparison.Ordinal);
        if (relocation >= 0)
        {
            last!.Symbol = line[relocation..].Split('\t')[^1].Trim();
            return last;
        }

        // "   4:\tb089      \tsub\tsp, #36\t@ 0x24"
        string[] columns = line.Split('\t');
        if (columns.Length < 3 || !columns[0].TrimEnd().EndsWith(':'))
        {
            return last;
        }

        var instruction = new MachineInstruction
        {
            Address = Hex(columns[0].Trim().TrimEnd(':')),
            Mnemonic = columns[2].Trim(),
            Operands = columns.Length > 3 ? columns[3].Trim() : "",
        };
        _instructions[instruction.Address] = instruction;
        return instruction;
    }

    private static uint Hex(string text) => uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
