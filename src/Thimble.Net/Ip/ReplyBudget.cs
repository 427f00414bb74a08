using System.Runtime.InteropServices;

namespace Thimble.Net.Ip;

/// <summary>
/// How many replies leave unasked: 32 in each quarter of a second (256 ms), counted apart for ARP and for all else, so that
/// a flood of pings does not hide us from our neighbours.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal struct ReplyBudget
{
    public const int Bytes = 4;

    /// <summary>The replies in each quarter of a second.</summary>
    public const int Limit = 32;

    private ushort _window;
    private byte _arp;
    private byte _others;

    /// <summary>Takes one ARP reply, if one is left.</summary>
    public bool TryTakeArp(uint now)
    {
        Enter(now);
        return TryTake(ref _arp);
    }

    /// <summary>Takes one echo reply or reset, if one is left.</summary>
    public bool TryTake(uint now)
    {
        Enter(now);
        return TryTake(ref _others);
    }

    private void Enter(uint now)
    {
        ushort window = (ushort)(now >> 8);
        if (window != _window)
        {
            _window = window;
            _arp = 0;
            _others = 0;
        }
    }

    private static bool TryTake(ref byte taken)
    {
        if (taken == Limit)
        {
            return false;
        }

        taken++;
        return true;
    }
}
