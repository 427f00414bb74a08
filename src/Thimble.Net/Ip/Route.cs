using Thimble.Net.Wire;

namespace Thimble.Net.Ip;

/// <summary>The way of a datagram to its next hop.</summary>
internal static class Route
{
    /// <summary>
    /// Whether a datagram to <paramref name="to"/> may go now. False: it waits for an answer to ARP. True with no station: it
    /// is lost, because there is no way, or because the next hop is silent. Asks for the next hop where needed.
    /// </summary>
    public static bool IsReady(ref NetworkState state, uint now, Ipv4Address to, out MacAddress station)
    {
        station = default;
        Ipv4Address hop = state.Interface.NextHop(to);
        if (hop.IsNone)
        {
            return true;
        }

        state.Neighbours.Want(now, hop);
        return state.Neighbours.Find(now, hop, out station) != NeighbourStatus.Asking;
    }

    /// <summary>Whether what goes to <paramref name="to"/> waits for an answer to ARP. Changes nothing.</summary>
    public static bool IsHeld(in NetworkState state, uint now, Ipv4Address to)
    {
        Ipv4Address hop = state.Interface.NextHop(to);
        return !hop.IsNone && state.Neighbours.Find(now, hop, out _) == NeighbourStatus.Asking;
    }
}
