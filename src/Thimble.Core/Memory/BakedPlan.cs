using System;
using System.Buffers.Binary;

namespace Thimble.Memory;

/// <summary>
/// A view of a plan that a host computed and a device carries in flash, where the planner need not be. Integers are
/// little-endian; the table is the one that stands in the buffer.
/// <code>
///  0 u8 version    2 u16 totalBytes       8 the table of regions (PlanTable)
///  1 u8 wordBits   4 u32 profileDigest
/// </code>
/// The plan belongs to the assembly that computed it: bake it anew with each one. Sizes of regions are taken as they are.
/// </summary>
internal readonly ref struct BakedPlan
{
    /// <summary>The most that a baked plan can need.</summary>
    public const int MostBytes = HeaderBytes + PlanTable.MostBytes;

    private const int HeaderBytes = 8;

    private readonly ReadOnlySpan<byte> _baked;

    /// <summary>A view of <paramref name="baked"/>; nothing but <see cref="IsFor"/> may be asked before that answered <c>true</c>.</summary>
    public BakedPlan(ReadOnlySpan<byte> baked) => _baked = baked;

    /// <summary>The size of the buffer, in bytes.</summary>
    public int TotalBytes => BinaryPrimitives.ReadUInt16LittleEndian(_baked.Slice(2));

    /// <summary>The table as it stands in the buffer.</summary>
    public ReadOnlySpan<byte> Table => _baked.Slice(HeaderBytes);

    /// <summary>
    /// Whether this is the plan of that profile on this machine, and sound: every region lies inside the
    /// total, the plan's own at the start, and regions that live at the same time lie apart. Bounded: quadratic in the
    /// number of regions.
    /// </summary>
    public bool IsFor(in Profile profile)
    {
        if (_baked.Length < HeaderBytes + PlanTable.LeastBytes || _baked[0] != PlanHeader.ExpectedVersion || _baked[1] != nuint.Size * 8
            || BinaryPrimitives.ReadUInt32LittleEndian(_baked.Slice(4)) != profile.Digest)
        {
            return false;
        }

        var table = new PlanTable(Table);
        if (!table.NamesKnownRegions || table.Bytes != Table.Length || TotalBytes < PlanHeader.Bytes + table.Bytes)
        {
            return false;
        }

        for (int i = 1; i < RegionSet.Count; i++)
        {
            if (!IsSound(i, profile.Phases))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The size of the baked plan with those regions.</summary>
    public static int BytesOf(in RegionSet regions) => HeaderBytes + PlanTable.BytesOf(regions);

    /// <summary>Writes a plan into <paramref name="destination"/>, which has <see cref="BytesOf"/> or more.</summary>
    public static void Write(Span<byte> destination, in RegionSet regions, int wordBits, int totalBytes, uint profileDigest)
    {
        destination[0] = PlanHeader.ExpectedVersion;
        destination[1] = (byte)wordBits;
        BinaryPrimitives.WriteUInt16LittleEndian(destination.Slice(2), (ushort)totalBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination.Slice(4), profileDigest);
        PlanTable.Write(destination.Slice(HeaderBytes), regions);
    }

    private bool IsSound(int index, PhaseSet phases)
    {
        var table = new PlanTable(Table);
        Region region = table[(RegionId)index];
        if (region.Packed == 0)
        {
            return true; // not in the table
        }

        PhaseSet lifetime = Lifetimes.Of((RegionId)index).And(phases);
        bool sound = region.Bytes != 0 && region.Offset >= PlanHeader.Bytes + table.Bytes && region.Offset + region.Bytes <= TotalBytes;
        for (int i = 1; i < index && sound; i++)
        {
            Region other = table[(RegionId)i];
            sound = Lifetimes.Of((RegionId)i).And(lifetime).IsEmpty
                || region.Offset >= other.Offset + other.Bytes || other.Offset >= region.Offset + region.Bytes;
        }

        return sound;
    }
}
