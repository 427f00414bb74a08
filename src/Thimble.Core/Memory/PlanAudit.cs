using System;

namespace Thimble.Memory;

/// <summary>
/// Counts what is really written. With an audit, a region is painted when its life begins, and when it ends the bytes
/// that no longer show the paint are counted. Element 0 of the audit is the poison that varies the paint, so that two
/// runs with two poisons show whether anything reads what it did not write.
/// </summary>
public static class PlanAudit
{
    /// <summary>The number of elements of an audit: the poison, then the largest count seen for each region but the plan.</summary>
    public const int Length = RegionSet.Count;

    internal static void Paint(Span<ushort> audit, Span<byte> region)
    {
        if (!audit.IsEmpty)
        {
            for (int i = 0; i < region.Length; i++)
            {
                region[i] = PaintAt(audit[0], i);
            }
        }
    }

    internal static void Survey(Span<ushort> audit, RegionId id, ReadOnlySpan<byte> region)
    {
        if (audit.IsEmpty)
        {
            return;
        }

        int written = 0;
        for (int i = 0; i < region.Length; i++)
        {
            written += region[i] != PaintAt(audit[0], i) ? 1 : 0;
        }

        if (written > audit[(int)id])
        {
            audit[(int)id] = (ushort)written;
        }
    }

    /// <summary>Never zero, and seldom the same for neighbours: cleared or repeated bytes count as written.</summary>
    private static byte PaintAt(ushort poison, int position) => (byte)(((position * 0x6D) + poison) | 1);
}
