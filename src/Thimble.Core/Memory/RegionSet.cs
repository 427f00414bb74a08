using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Thimble.Memory;

/// <summary>The regions of one plan, by their names, and the packing that gives each its place.</summary>
[InlineArray(Count)]
public struct RegionSet
{
    /// <summary>The number of names in <see cref="RegionId"/>.</summary>
    public const int Count = (int)RegionId.Status + 1;

    private const int Orders = 4 * ((int)Phase.Connected + 1);

    private const int Rounds = 32;

    [SuppressMessage("Style", "IDE0044", Justification = "The element of an inline array.")]
    private Region _first;

    /// <summary>The region of that name.</summary>
    [UnscopedRef]
    public ref Region this[RegionId id] => ref this[(int)id];

    /// <summary>Adds a region whose place is not yet known. Sizes round up to a multiple of eight bytes; 0 leaves it out.</summary>
    public void Add(RegionId id, int bytes) => this[id] = new Region(0, bytes);

    /// <summary>The bytes that are alive in <paramref name="phase"/>: no packing can need fewer in all than the largest of these.</summary>
    public readonly int LiveBytes(Phase phase)
    {
        int sum = 0;
        for (int i = 0; i < Count; i++)
        {
            sum += Lifetimes.Include((RegionId)i, phase) ? this[i].Bytes : 0;
        }

        return sum;
    }

    /// <summary>
    /// Gives every region that lives in <paramref name="phases"/> its place, the plan itself at the start, and leaves the
    /// others out. Packing by lifetimes is hard in general, so a few good
    /// orders are tried until one wastes nothing, and the best one again with what came out on top moved to the front. Returns the total. Bounded: cubic
    /// in the number of regions.
    /// </summary>
    public int Pack(PhaseSet phases)
    {
        for (int i = 0; i < Count; i++)
        {
            this[i] = Lifetimes.Of((RegionId)i).And(phases).IsEmpty ? default : this[i];
        }

        Add(RegionId.Plan, PlanHeader.Bytes + PlanTable.BytesOf(this));

        int bound = LiveBytes(Peak(phases));
        int best = 0;
        int least = PackInOrder(best, phases);
        for (int order = 1; order < Orders && least > bound; order++)
        {
            int total = PackInOrder(order, phases);
            best = total < least ? order : best;
            least = total < least ? total : least;
        }

        return least == bound ? least : Improve(best, least, bound, phases);
    }

    /// <summary>The best order again, each time with what came out on top moved to the front, and then as often as it took to need least.</summary>
    private int Improve(int order, int least, int bound, PhaseSet phases)
    {
        int rounds = 0;
        int total = PackInOrder(order, phases);
        for (int round = 1; round <= Rounds && least > bound; round++)
        {
            RankTop(total);
            total = PackInOrder(order, phases);
            rounds = total < least ? round : rounds;
            least = total < least ? total : least;
        }

        ClearRanks();
        total = PackInOrder(order, phases);
        for (int round = 1; round <= rounds; round++)
        {
            RankTop(total);
            total = PackInOrder(order, phases);
        }

        ClearRanks();
        return least;
    }

    /// <summary>What lies on top of all others goes before them in the next round.</summary>
    private void RankTop(int total)
    {
        for (int i = 1; i < Count; i++)
        {
            Region region = this[i];
            this[i] = region.Bytes != 0 && region.Offset + region.Bytes == total ? region.Ranked(region.Rank + 1) : region;
        }
    }

    private void ClearRanks()
    {
        for (int i = 1; i < Count; i++)
        {
            this[i] = this[i].Ranked(0);
        }
    }

    /// <summary>The phase with the most live bytes, of those in <paramref name="phases"/>.</summary>
    public readonly Phase Peak(PhaseSet phases)
    {
        Phase peak = Phase.Hello;
        for (Phase phase = Phase.Hello; phase <= Phase.Connected; phase++)
        {
            peak = phases.Contains(phase) && LiveBytes(phase) > LiveBytes(peak) ? phase : peak;
        }

        return peak;
    }

    /// <summary>
    /// Each region in turn takes the lowest offset at which it meets no region that lives at the same time.
    /// </summary>
    private int PackInOrder(int order, PhaseSet phases)
    {
        ulong placed = 1ul << (int)RegionId.Plan;
        int total = this[RegionId.Plan].Bytes;
        for (int round = 1; round < Count; round++)
        {
            int next = HeaviestNotIn(placed, order, phases);
            if (next < 0)
            {
                break;
            }

            int offset = LowestFreeOffset(next, placed, phases);
            this[next] = this[next].At(offset);
            placed |= 1ul << next;
            int end = offset + this[next].Bytes;
            total = end > total ? end : total;
        }

        return total;
    }

    /// <summary>
    /// First come the regions that live in the order's phase (the first four orders have none), then the others. The low
    /// bit of the order puts the largest first among them, and not the longest-lived; the next bit turns that round for
    /// the others.
    /// </summary>
    private readonly int Weight(int region, int order, PhaseSet phases)
    {
        int bytes = this[region].Bytes;
        int lifetime = Lifetimes.Of((RegionId)region).And(phases).Count;
        bool first = Lifetimes.Include((RegionId)region, (Phase)(order >> 2));
        bool largest = (order & 1) != (first ? 0 : (order >> 1) & 1);
        int weight = largest ? (bytes << 4) + lifetime : (lifetime << 16) + bytes;
        return (first ? weight + (1 << 21) : weight) + (this[region].Rank << 22);
    }

    private readonly int HeaviestNotIn(ulong placed, int order, PhaseSet phases)
    {
        int best = -1;
        for (int i = 0; i < Count; i++)
        {
            if ((placed & (1ul << i)) == 0 && this[i].Bytes != 0 && (best < 0 || Weight(i, order, phases) > Weight(best, order, phases)))
            {
                best = i;
            }
        }

        return best;
    }

    private readonly int LowestFreeOffset(int index, ulong placed, PhaseSet phases)
    {
        Region region = this[index];
        PhaseSet lifetime = Lifetimes.Of((RegionId)index).And(phases);
        int offset = 0;
        bool moved = true;
        while (moved)
        {
            moved = false;
            for (int i = 0; i < Count; i++)
            {
                Region other = this[i];
                if ((placed & (1ul << i)) != 0 && other.Bytes != 0 && !Lifetimes.Of((RegionId)i).And(lifetime).IsEmpty
                    && offset < other.Offset + other.Bytes && other.Offset < offset + region.Bytes)
                {
                    offset = other.Offset + other.Bytes;
                    moved = true;
                }
            }
        }

        return offset;
    }
}
