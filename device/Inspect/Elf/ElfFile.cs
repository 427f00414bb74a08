using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;

namespace Thimble.Inspect;

/// <summary>A section; its bytes are empty where the file holds none.</summary>
internal sealed record ElfSection(int Index, string Name, uint Type, uint Flags, uint Address, uint Target, uint Link, ReadOnlyMemory<byte> Bytes)
{
    private const uint Allocated = 2, Executable = 4;

    public bool HoldsConstants => Type == ElfFile.ProgramBits && (Flags & (Allocated | Executable)) == Allocated && Name.StartsWith(".rodata", StringComparison.Ordinal);

    public bool HoldsCode => Type == ElfFile.ProgramBits && (Flags & Executable) != 0;
}

/// <summary>A symbol; <paramref name="Section"/> is 0 where another file defines it. Thumb functions lose the lowest bit of their value.</summary>
internal sealed record ElfSymbol(string Name, uint Value, uint Bytes, int Section, bool IsFunction, bool IsSection);

/// <summary>A place that the linker fills in.</summary>
internal sealed record ElfRelocation(uint Offset, uint Type, ElfSymbol Symbol);

/// <summary>A 32-bit little-endian ELF file, object or image, as far as code and constants need it.</summary>
internal sealed class ElfFile
{
    public const uint ProgramBits = 1;
    private const uint SymbolTable = 2, Relocations = 9;
    private const int FunctionType = 2, SectionType = 3;

    private readonly byte[] _file;

    private ElfFile(byte[] file)
    {
        _file = file;
        Sections = ReadSections();
        Symbols = ReadSymbols();
    }

    public IReadOnlyList<ElfSection> Sections { get; }

    public IReadOnlyList<ElfSymbol> Symbols { get; }

    public static ElfFile Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        return file.AsSpan().StartsWith("\u007fELF\u0001\u0001"u8) ? new ElfFile(file) : throw new InvalidDataException($"{path} is not a 32-bit little-endian ELF file.");
    }

    /// <summary>The relocations of a section by their offset.</summary>
    public IReadOnlyDictionary<uint, ElfRelocation> RelocationsOf(ElfSection section)
    {
        var found = new Dictionary<uint, ElfRelocation>();
        foreach (ElfSection table in Sections.Where(s => s.Type == Relocations && s.Target == section.Index))
        {
            for (int at = 0; at < table.Bytes.Length; at += 8)
            {
                uint information = Word(table.Bytes.Span, at + 4);
                uint offset = Word(table.Bytes.Span, at);
                found[offset] = new ElfRelocation(offset, information & 0xFF, Symbols[(int)(information >> 8)]);
            }
        }

        return found;
    }

    /// <summary>The bytes at an address of an image; empty where no section holds them.</summary>
    public ReadOnlySpan<byte> At(uint address, uint bytes)
    {
        ElfSection? section = Sections.FirstOrDefault(s => s.Type == ProgramBits && s.Address <= address && address + bytes <= s.Address + s.Bytes.Length && (s.Flags & 2) != 0);
        return section is null ? [] : section.Bytes.Span.Slice((int)(address - section.Address), (int)bytes);
    }

    private ElfSection[] ReadSections()
    {
        int table = (int)Word(_file, 32);
        int count = Half(_file, 48);
        int names = (int)Word(_file, table + (40 * Half(_file, 50)) + 16);
        return [.. Enumerable.Range(0, count).Select(i => ReadSection(i, table + (40 * i), names))];
    }

    private ElfSection ReadSection(int index, int header, int names)
    {
        uint type = Word(_file, header + 4);
        int size = (int)Word(_file, header + 20);
        const uint NoBits = 8;
        ReadOnlyMemory<byte> bytes = type is 0 or NoBits ? default : _file.AsMemory((int)Word(_file, header + 16), size);
        return new ElfSection(index, Text(names + (int)Word(_file, header)), type, Word(_file, header + 8), Word(_file, header + 12),
            Word(_file, header + 28), Word(_file, header + 24), bytes);
    }

    private ElfSymbol[] ReadSymbols()
    {
        ElfSection? table = Sections.FirstOrDefault(section => section.Type == SymbolTable);
        if (table is null)
        {
            return [];
        }

        int names = (int)Word(_file, (int)Word(_file, 32) + (40 * (int)table.Link) + 16);
        return [.. Enumerable.Range(0, table.Bytes.Length / 16).Select(i => ReadSymbol(table.Bytes.Span.Slice(16 * i, 16), names))];
    }

    private ElfSymbol ReadSymbol(ReadOnlySpan<byte> entry, int names)
    {
        bool isFunction = (entry[12] & 15) == FunctionType;
        bool isSection = (entry[12] & 15) == SectionType;
        uint value = Word(entry, 4);
        return new ElfSymbol(Text(names + (int)Word(entry, 0)), isFunction ? value & ~1u : value, Word(entry, 8), Half(entry, 14), isFunction, isSection);
    }

    private string Text(int at) => Encoding.ASCII.GetString(_file, at, Array.IndexOf(_file, (byte)0, at) - at);

    private static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static ushort Half(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
