namespace Thimble.Memory;

/// <summary>A set of phases: the lifetime of a region, or the phases that a profile's versions pass through.</summary>
public readonly struct PhaseSet
{
    private readonly ushort _bits;

    /// <summary>The set whose bit <c>n</c> stands for the phase with number <c>n</c>.</summary>
    public PhaseSet(ushort bits) => _bits = bits;

    /// <summary>Whether there is no phase in it.</summary>
    public bool IsEmpty => _bits == 0;

    /// <summary>How many phases are in it.</summary>
    public int Count
    {
        get
        {
            int count = 0;
            for (int left = _bits; left != 0; left &= left - 1)
            {
                count++;
            }

            return count;
        }
    }

    /// <summary>Whether <paramref name="phase"/> is in it.</summary>
    public bool Contains(Phase phase) => ((_bits >> (int)phase) & 1) != 0;

    /// <summary>The phases that are in both sets.</summary>
    public PhaseSet And(PhaseSet other) => new((ushort)(_bits & other._bits));

    /// <summary>The phases that are in one of the sets, or in both.</summary>
    public PhaseSet Or(PhaseSet other) => new((ushort)(_bits | other._bits));
}
