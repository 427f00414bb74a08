using Thimble.Memory;
using Thimble.Net.Services;
using Thimble.Net.Wire;

namespace Thimble.Net.Ip;

/// <summary>Another station that uses our address (RFC 5227 §2.4).</summary>
internal static class AddressConflict
{
    // DEFEND_INTERVAL of RFC 5227 §1.1, ten seconds, and what rounding to 2,048 ms may add.
    private const int DefendInterval = 11;

    /// <summary>
    /// Whether <paramref name="packet"/> claims our address. It is defended with an announcement at most every ten seconds.
    /// A leased address is given up at a second claim within that time, §2.4(b); a fixed one is kept, §2.4(c).
    /// </summary>
    public static bool IsMet(ref NetworkState state, uint now, ArpPacket packet)
    {
        if (!packet.Sender.Is(state.Interface.Address))
        {
            return false;
        }

        NetworkCounters.Count(ref state.Counters.Conflicts);
        ushort time = (ushort)(Neighbour.Time(now) | 1);
        bool defendedLately = state.Interface.DefendedAt != 0 && (ushort)(time - state.Interface.DefendedAt) < DefendInterval;
        if (!defendedLately)
        {
            state.Interface.DefendedAt = time;
            state.Interface.Announcements = 1;
            state.Interface.AnnounceAt = (ushort)now;
        }
        else if (state.Dhcp.Phase != DhcpPhase.None)
        {
            state.Fault.Set(FaultReason.AddressLost, state.Interface.Address.Value);
            new DhcpClient(ref state).Decline(now);
        }

        return true;
    }
}
