using System;
using System.Buffers.Binary;
using System.IO;

namespace Thimble.Cli.Device;

/// <summary>What an ELF file puts into a board's memories (its loadable segments).</summary>
/// <param name="FlashBytes">Code and constants.</param>
/// <param name="StaticBytes">Static state in RAM.</param>
/// <param name="VectorSum">The sum of the first eight vectors, which a boot ROM of the LPC family wants to be 0.</param>
internal sealed record FirmwareSize(int FlashBytes, int StaticBytes, uint VectorSum)
{
    private const uint Loadable = 1;
    private const uint FirstRamAddress = 0x1000_0000;

    /// <summary>Reads the program headers of a 32-bit little-endian ELF file.</summary>
    public static FirmwareSize Of(string elfFile)
    {
        ReadOnlySpan<byte> elf = File.ReadAllBytes(elfFile);
        int table = BinaryPrimitives.ReadInt32LittleEndian(elf[28..]);
        int entryBytes = BinaryPrimitives.ReadUInt16LittleEndian(elf[42..]);
        int entries = BinaryPrimitives.ReadUInt16LittleEndian(elf[44..]);
        int flash = 0, ram = 0;
        uint sum = 0;
        for (int i = 0; i < entries; i++)
        {
            ReadOnlySpan<byte> entry = elf.Slice(table + (i * entryBytes), entryBytes);
            uint address = BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
            int bytes = BinaryPrimitives.ReadInt32LittleEndian(entry[20..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) != Loadable)
            {
                continue;
            }

            flash += address < FirstRamAddress ? bytes : 0;
            ram += address < FirstRamAddress ? 0 : bytes;
            sum += address == 0 ? VectorsOf(elf[BinaryPrimitives.ReadInt32LittleEndian(entry[4..])..]) : 0;
        }

        return new FirmwareSize(flash, ram, sum);
    }

    private static uint VectorsOf(ReadOnlySpan<byte> flash)
    {
        uint sum = 0;
        for (int vector = 0; vector < 8; vector++)
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(flash[(vector * 4)..]);
        }

        return sum;
    }
}
