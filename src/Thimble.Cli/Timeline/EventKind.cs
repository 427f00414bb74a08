namespace Thimble.Cli.Timeline;

/// <summary>What an event of a handshake is.</summary>
internal enum EventKind
{
    /// <summary>A message of the server.</summary>
    Received,

    /// <summary>A message of ours.</summary>
    Sent,

    /// <summary>Work between messages.</summary>
    Computed,
}
