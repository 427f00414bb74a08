namespace Thimble.Net.Ip;

/// <summary>What follows when our address may no longer be used (RFC 2131 §4.4.5).</summary>
internal static class AddressLoss
{
    /// <summary>Nothing leaves with the address any more, and what is known of the link is forgotten.</summary>
    public static void Apply(ref NetworkState state)
    {
        state.Interface.IsUsable = false;
        state.Interface.AnnounceDue = false;
        state.Interface.PrefixLength = 0;
        state.Interface.Address = default;
        state.Interface.Gateway = default;
    }
}
