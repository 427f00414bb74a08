namespace Thimble.Cli.Html;

/// <summary>What a region holds, for the colours of a map.</summary>
internal enum RegionKind
{
    /// <summary>Keys, and what keys come from.</summary>
    Secret,

    /// <summary>What the peer knows or may know: certificates, signatures, hashes of messages.</summary>
    Public,

    /// <summary>Records and messages on their way.</summary>
    Window,

    /// <summary>Registers of a computation, and what goes into it.</summary>
    Scratch,

    /// <summary>Where things stand: the plan, the connection, the readers, MQTT.</summary>
    State,
}
