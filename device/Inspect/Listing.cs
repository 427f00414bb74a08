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
    private readonly List<MachineInstruction> _instructions = [];
    private readonly Dictionary<uint, int> _indices = [];
    private readonly Dictionary<string, (uint Start, uint Bytes)> _symbols = [];
    private readonly SortedList<uint, List<string>> _names = [];

    /// <summary>Where the functions begin, in order.</summary>
    public IEnumerable<uint> Functions => _names.Keys;

    public static Listing Parse(IEnumerable<string> disassembly, IEnumerable<string> symbols)
    {
        var listing = new Listing();
        foreach (string line in symbols)
        {
            listing.AddSymbol(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        foreach (string line in disassembly)
        {
            listing.Add(line);
        }

        listing.NameAddresses();
        return listing;
    }

    /// <summary>The instruction at an address, if the listing has one there.</summary>
    public MachineInstruction? At(uint address) => _indices.TryGetValue(address, out int index) ? _instructions[index] : null;

    /// <summary>Where a symbol lies.</summary>
    public uint? Start(string symbol) => _symbols.TryGetValue(symbol, out (uint Start, uint Bytes) range) ? range.Start : null;

    /// <summary>All symbols that begin at an address.</summary>
    public IReadOnlyList<string> NamesAt(uint address) => _names.TryGetValue(address, out List<string>? names) ? names : [];

    /// <summary>The instructions of a symbol; empty where the image has no such symbol.</summary>
    public IReadOnlyList<MachineInstruction> Of(string symbol) =>
        _symbols.TryGetValue(symbol, out (uint Start, uint Bytes) range) ? Range(range.Start, range.Start + range.Bytes) : [];

    /// <summary>The instructions of the function that begins at an address; where no symbol tells its size, up to the next function.</summary>
    public IReadOnlyList<MachineInstruction> From(uint start)
    {
        if (!_names.TryGetValue(start, out List<string>? names))
        {
            return [];
        }

        uint bytes = names.Max(name => _symbols[name].Bytes);
        int next = _names.IndexOfKey(start) + 1;
        return Range(start, bytes > 0 ? start + bytes : next < _names.Count ? _names.Keys[next] : uint.MaxValue);
    }

    private MachineInstruction[] Range(uint start, uint end) =>
        _indices.TryGetValue(start, out int first) ? [.. _instructions.Skip(first).TakeWhile(instruction => instruction.Address < end)] : [];

    /// <summary>A line is <c>address [size] kind name</c>.</summary>
    private void AddSymbol(string[] parts)
    {
        if (parts.Length is 3 or 4 && parts[^2] is "t" or "T" or "w" or "W")
        {
            uint start = Hex(parts[0]) & ~1u;
            _symbols[parts[^1]] = (start, parts.Length == 4 ? Hex(parts[1]) : 0);
            if (!_names.TryGetValue(start, out List<string>? names))
            {
                _names.Add(start, names = []);
            }

            names.Add(parts[^1]);
        }
    }

    /// <summary>A line is <c>   4:\tb089      \tsub\tsp, #36\t@ 0x24</c>; everything else is headings.</summary>
    private void Add(string line)
    {
        string[] columns = line.Split('\t');
        if (columns.Length >= 3 && columns[0].TrimEnd().EndsWith(':'))
        {
            uint address = Hex(columns[0].Trim().TrimEnd(':'));
            _indices[address] = _instructions.Count;
            _instructions.Add(new MachineInstruction
            {
                Address = address,
                Mnemonic = columns[2].Trim(),
                Operands = columns.Length > 3 ? columns[3].Trim() : "",
            });
        }
    }

    /// <summary>Names what is called or jumped to, where a function begins there.</summary>
    private void NameAddresses()
    {
        foreach (MachineInstruction instruction in _instructions.Where(i => i.Name is "bl" or "b" && i.Operands.Contains('<')))
        {
            IReadOnlyList<string> names = NamesAt(Hex(instruction.Operands.Split(' ')[0]));
            instruction.Symbol = names.Count > 0 ? string.Join('=', names) : null;
        }
    }

    private static uint Hex(string text) => uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
