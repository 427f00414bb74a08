using System;

namespace Thimble.Net.Tcp;

/// <summary>
/// Which bytes beyond RCV.NXT have already arrived: at most two ranges, each a distance from RCV.NXT, the first before the
/// second, neither empty (unless its end is 0), with a gap before each. What would need a third range is not kept; its
/// sender sends it again.
/// </summary>
internal struct TcpRanges
{
    public ushort FirstStart;
    public ushort FirstEnd;
    public ushort SecondStart;
    public ushort SecondEnd;

    /// <summary>Adds <paramref name="start"/> … <paramref name="end"/>, where 0 &lt; start &lt; end; false where there is no room for another range.</summary>
    public bool TryAdd(ushort start, ushort end)
    {
        if (FirstEnd != 0 && start <= FirstEnd && end >= FirstStart)
        {
            FirstStart = Least(FirstStart, start);
            FirstEnd = Most(FirstEnd, end);
            JoinSecond();
            return true;
        }

        if (SecondEnd != 0 && start <= SecondEnd && end >= SecondStart)
        {
            SecondStart = Least(SecondStart, start);
            SecondEnd = Most(SecondEnd, end);
            return true;
        }

        return TryInsert(start, end);
    }

    /// <summary>Takes note that RCV.NXT moves by <paramref name="count"/>, and by what then is in order too; gives the sum.</summary>
    public ushort Advance(ushort count)
    {
        while (FirstEnd != 0 && FirstStart <= count)
        {
            count = Most(count, FirstEnd);
            (FirstStart, FirstEnd) = (SecondStart, SecondEnd);
            SecondEnd = 0;
        }

        FirstStart = (ushort)(FirstStart - (FirstEnd == 0 ? FirstStart : count));
        FirstEnd = (ushort)(FirstEnd - (FirstEnd == 0 ? 0 : count));
        SecondStart = (ushort)(SecondStart - (SecondEnd == 0 ? SecondStart : count));
        SecondEnd = (ushort)(SecondEnd - (SecondEnd == 0 ? 0 : count));
        return count;
    }

    /// <summary>Where what is missing at <paramref name="at"/> ends: at a range's start, or at <paramref name="end"/>; <paramref name="at"/> itself where nothing is missing there.</summary>
    public readonly int MissingUntil(int at, int end)
    {
        int start = at < FirstEnd ? FirstStart : at < SecondEnd ? SecondStart : end;
        return Math.Min(Math.Max(start, at), end);
    }

    /// <summary>Where the range that holds <paramref name="at"/> ends; <paramref name="at"/> itself where none does.</summary>
    public readonly int HeldUntil(int at) =>
        at >= FirstStart && at < FirstEnd ? FirstEnd : at >= SecondStart && at < SecondEnd ? SecondEnd : at;

    private void JoinSecond()
    {
        if (SecondEnd != 0 && FirstEnd >= SecondStart)
        {
            FirstEnd = Most(FirstEnd, SecondEnd);
            SecondEnd = 0;
        }
    }

    private bool TryInsert(ushort start, ushort end)
    {
        if (SecondEnd != 0)
        {
            return false;
        }

        if (FirstEnd != 0 && start > FirstEnd)
        {
            (SecondStart, SecondEnd) = (start, end);
            return true;
        }

        (SecondStart, SecondEnd) = (FirstStart, FirstEnd);
        (FirstStart, FirstEnd) = (start, end);
        return true;
    }

    private static ushort Least(ushort left, ushort right) => left < right ? left : right;

    private static ushort Most(ushort left, ushort right) => left > right ? left : right;
}
