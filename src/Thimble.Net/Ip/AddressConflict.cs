using Thimble.Memory;
using Thimble.Net.Services;
using Thimble.Net.Wire;

namespace Thimble.Net.Ip;

/// <summary>Another station that uses our address (RFC 5227 §2.4).</summary>
internal static class AddressConflict
{
    private const uint DefendIntervalMilliseconds = 10_000;

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
        bool defendedLately = state.Interface.DefendedAt != 0 && now - state.Interface.DefendedAt < DefendIntervalMilliseconds;
        if (!defendedLately)
        {
            state.Interface.DefendedAt = now | 1;
            state.Interface.AnnounceDue = true;
        }
        else if (state.Dhcp.Phase != DhcpPhase.None)
        {
            state.Fault.Set(FaultReason.AddressLost, state.Interface.Address.Value);
            new DhcpClient(ref state).Decline(now);
        }

        return true;
    }
}
