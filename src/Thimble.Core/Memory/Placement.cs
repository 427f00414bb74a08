namespace Thimble.Memory;

/// <summary>Where a region may be kept: a host that holds many connections keeps the three kinds apart.</summary>
public enum Placement : byte
{
    /// <summary>As long as the connection: kept for each one, however idle.</summary>
    Connection = 0,

    /// <summary>For as long as a handshake, or the record in progress, lasts.</summary>
    Handshake = 1,

    /// <summary>Within one call: one per thread serves all connections.</summary>
    Step = 2,

    /// <summary>A record window: needed while a record is in progress.</summary>
    Window = 3,
}
