using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Thimble.Inspect;

/// <summary>One machine instruction, with the name of what it calls or takes the address of, if known.</summary>
internal sealed class MachineInstruction
{
    public required uint Address { get; init; }

    public required string Mnemonic { get; init; }

    public required string Operands { get; init; }

    public string? Symbol { get; set; }

    /// <summary>The mnemonic without its width.</summary>
    public string Name => Mnemonic.Split('.')[0];

    /// <summary>The first operand.</summary>
    public string Register => Operands.Split(',')[0].Trim().TrimEnd('!');

    /// <summary>Every register that the operands name, in their order.</summary>
    public IEnumerable<string> Registers()
    {
        foreach (string word in Operands.Split([' ', ',', '{', '}', '[', ']', '!'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (word[0] == '<' || word[0] == '#')
            {
                yield break;
            }

            yield return word;
        }
    }

    public override string ToString() => Symbol is null ? $"{Address:x}: {Mnemonic} {Operands}" : $"{Address:x}: {Mnemonic} {Operands} <{Symbol}>";
}

/// <summary>The code of a linked image, from <c>objdump -d</c> and <c>nm -S</c>.</summary>
internal sealed class Listing
{
    private readonly SortedList<uint, MachineInstruction> _instructions = [];
    private readonly Dictionary<string, (uint Start, uint Bytes)> _symbols = [];

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

        foreach (string line in disassembly)
        {
            listing.Add(line);
        }

        listing.NameAddresses();
        return listing;
    }

    /// <summary>The instruction at an address, if the listing has one there.</summary>
    public MachineInstruction? At(uint address) => _instructions.GetValueOrDefault(address);

    /// <summary>The instructions of a symbol; empty where the image has no such symbol.</summary>
    public IReadOnlyList<MachineInstruction> Of(string symbol)
    {
        if (!_symbols.TryGetValue(symbol, out (uint Start, uint Bytes) range))
        {
            return [];
        }

        return [.. _instructions.Values.SkipWhile(i => i.Address < range.Start).TakeWhile(i => i.Address < range.Start + range.Bytes)];
    }

    /// <summary>A line is <c>   4:\tb089      \tsub\tsp, #36\t@ 0x24</c>; everything else is headings.</summary>
    private void Add(string line)
    {
        string[] columns = line.Split('\t');
        if (columns.Length >= 3 && columns[0].TrimEnd().EndsWith(':'))
        {
            uint address = Hex(columns[0].Trim().TrimEnd(':'));
            _instructions[address] = new MachineInstruction
            {
                Address = address,
                Mnemonic = columns[2].Trim(),
                Operands = columns.Length > 3 ? columns[3].Trim() : "",
            };
        }
    }

    /// <summary>The compiler forms each address as <c>movw; movt; add pc</c>: the three are put together here, as the processor would.</summary>
    private void NameAddresses()
    {
        ILookup<uint, string> names = _symbols.ToLookup(entry => entry.Value.Start, entry => entry.Key);
        var halves = new Dictionary<string, uint>();
        foreach (MachineInstruction instruction in _instructions.Values)
        {
            if (instruction.Name == "movw")
            {
                halves[instruction.Register] = Immediate(instruction);
            }
            else if (instruction.Name == "movt")
            {
                halves[instruction.Register] = (halves.GetValueOrDefault(instruction.Register) & 0xFFFF) | (Immediate(instruction) << 16);
            }
            else if (instruction.Name == "add" && instruction.Operands.EndsWith(", pc", StringComparison.Ordinal) && halves.Remove(instruction.Register, out uint offset))
            {
                uint target = (offset + instruction.Address + 4) & ~1u;
                instruction.Symbol = names.Contains(target) ? string.Join('=', names[target]) : null;
            }
            else if (instruction.Name is "bl" or "b" && instruction.Operands.Contains('<'))
            {
                uint target = Hex(instruction.Operands.Split(' ')[0]);
                instruction.Symbol = names.Contains(target) ? string.Join('=', names[target]) : null;
            }
        }
    }

    private static uint Immediate(MachineInstruction instruction) =>
        uint.Parse(instruction.Operands.Split('#')[1].Trim(), CultureInfo.InvariantCulture);

    private static uint Hex(string text) => uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
