using System;
using System.Buffers.Binary;

namespace Thimble.Memory;

/// <summary>
/// A view of a plan that a host computed and a device carries in flash, where the planner need not be. Integers are
/// little-endian; the table is the one that stands in the buffer.
/// <code>
///  0 u8 version    2 u16 totalBytes       8 u32[32] regions, in the order of RegionId
///  1 u8 wordBits   4 u32 profileDigest
/// </code>
/// The plan belongs to the assembly that computed it: bake it anew with each one. Sizes of regions are taken as they are.
/// </summary>
internal readonly ref struct BakedPlan
{
    /// <summary>The size of a baked plan.</summary>
    public const int Bytes = HeaderBytes + (RegionSet.Count * sizeof(uint));

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
        if (_baked.Length != Bytes || _baked[0] != PlanHeader.ExpectedVersion || _baked[1] != nuint.Size * 8
            || BinaryPrimitives.ReadUInt32LittleEndian(_baked.Slice(4)) != profile.Digest || !BeginsWithPlan)
        {
            return false;
        }

        for (int i = 0; i < RegionSet.Count; i++)
        {
            if (!IsSound(i, profile.Phases))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Writes a plan into <paramref name="destination"/>, which has <see cref="Bytes"/> or more.</summary>
    public static void Write(Span<byte> destination, in RegionSet regions, int wordBits, int totalBytes, uint profileDigest)
    {
        destination[0] = PlanHeader.ExpectedVersion;
        destination[1] = (byte)wordBits;
        BinaryPrimitives.WriteUInt16LittleEndian(destination.Slice(2), (ushort)totalBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(destination.Slice(4), profileDigest);
        for (int i = 0; i < RegionSet.Count; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(destination.Slice(HeaderBytes + (i * sizeof(uint))), regions[i].Packed);
        }
    }

    private bool BeginsWithPlan =>
        At((int)RegionId.Plan).Packed == new Region(0, PlannedBuffer.PlanBytes).Packed;

    private Region At(int region) => new(BinaryPrimitives.ReadUInt32LittleEndian(Table.Slice(region * sizeof(uint))));

    private bool IsSound(int index, PhaseSet phases)
    {
        Region region = At(index);
        if (region.Bytes == 0)
        {
            return true;
        }

        PhaseSet lifetime = Lifetimes.Of((RegionId)index).And(phases);
        bool sound = region.Packed >> 26 == 0 && region.Offset + region.Bytes <= TotalBytes;
        for (int i = 0; i < index && sound; i++)
        {
            Region other = At(i);
            sound = other.Bytes == 0 || Lifetimes.Of((RegionId)i).And(lifetime).IsEmpty
                || region.Offset >= other.Offset + other.Bytes || other.Offset >= region.Offset + region.Bytes;
        }

        return sound;
    }
}
