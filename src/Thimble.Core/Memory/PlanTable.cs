using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Thimble.Memory;

/// <summary>
/// The table of regions as it stands in a buffer and in a baked plan: which regions there are, and three bytes for each of
/// them. What a profile does not need costs nothing here. Integers are little-endian.
/// <code>
///  0 u32 present, regions 0 to 31     8 u24[] the regions that are present, in the order of RegionId
///  4 u32 present, the others
/// </code>
/// The plan's own region is not in it: it begins at 0 and ends where the table ends.
/// </summary>
internal readonly ref struct PlanTable
{
    private const int MaskBytes = 8;
    private const int EntryBytes = 3;

    private readonly ReadOnlySpan<byte> _table;

    /// <summary>Looks at a table, which may be followed by other things. It has <see cref="LeastBytes"/> or more.</summary>
    public PlanTable(ReadOnlySpan<byte> table) => _table = table;

    /// <summary>A table of no regions.</summary>
    public const int LeastBytes = MaskBytes;

    /// <summary>The most that a table can need.</summary>
    public const int MostBytes = MaskBytes + ((RegionSet.Count - 1) * EntryBytes);

    /// <summary>The size of this table.</summary>
    public int Bytes => MaskBytes + (EntryBytes * (BitOperations.PopCount(Low) + BitOperations.PopCount(High)));

    /// <summary>Whether it names no region that is unknown, and not the plan's own.</summary>
    public bool NamesKnownRegions => (Low & 1) == 0 && High >> (RegionSet.Count - 32) == 0;

    /// <summary>The region of that name; of no bytes where it is not in the table.</summary>
    public Region this[RegionId id]
    {
        get
        {
            uint bit = 1u << ((int)id & 31);
            uint present = (int)id < 32 ? Low : High;
            if ((present & bit) == 0)
            {
                return default;
            }

            int before = BitOperations.PopCount(present & (bit - 1)) + ((int)id < 32 ? 0 : BitOperations.PopCount(Low));
            return new Region(BinaryPrimitives.ReadUInt32LittleEndian(_table.Slice(MaskBytes - 1 + (before * EntryBytes))) >> 8); // with the byte before it
        }
    }

    /// <summary>The size of the table of <paramref name="regions"/>.</summary>
    public static int BytesOf(in RegionSet regions)
    {
        int bytes = MaskBytes;
        for (int i = 1; i < RegionSet.Count; i++)
        {
            bytes += regions[i].Bytes == 0 ? 0 : EntryBytes;
        }

        return bytes;
    }

    /// <summary>Writes the table of <paramref name="regions"/> to the start of <paramref name="destination"/>.</summary>
    public static void Write(Span<byte> destination, in RegionSet regions)
    {
        int at = MaskBytes;
        ulong present = 0;
        for (int i = 1; i < RegionSet.Count; i++)
        {
            if (regions[i].Bytes != 0)
            {
                present |= 1ul << i;
                BinaryPrimitives.WriteUInt16LittleEndian(destination.Slice(at), (ushort)regions[i].Packed);
                destination[at + 2] = (byte)(regions[i].Packed >> 16);
                at += EntryBytes;
            }
        }

        BinaryPrimitives.WriteUInt64LittleEndian(destination, present);
    }

    private uint Low => BinaryPrimitives.ReadUInt32LittleEndian(_table);

    private uint High => BinaryPrimitives.ReadUInt32LittleEndian(_table.Slice(sizeof(uint)));
}
