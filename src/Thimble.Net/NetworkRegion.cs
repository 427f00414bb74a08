namespace Thimble.Net;

/// <summary>The parts of a network's memory, in the order in which they lie.</summary>
public enum NetworkRegion : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Addresses, neighbours, DHCP, DNS, SNTP, counters; what begins the memory.</summary>
    State,

    /// <summary>The headers of the frame that is being sent.</summary>
    Frame,

    /// <summary>The name that is being looked up, in the form of RFC 1035 §3.1.</summary>
    HostName,

    /// <summary>The state of the TCP connection.</summary>
    Tcp,

    /// <summary>What TCP sends until it is acknowledged.</summary>
    SendBuffer,

    /// <summary>What TCP received until it is consumed.</summary>
    ReceiveBuffer,
}
