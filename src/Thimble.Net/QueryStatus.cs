namespace Thimble.Net;

/// <summary>Where a question to a server stands.</summary>
public enum QueryStatus : byte
{
    /// <summary>Nothing was asked.</summary>
    None = 0,

    /// <summary>It was asked, and not answered.</summary>
    InProgress,

    /// <summary>It was answered.</summary>
    Done,

    /// <summary>It failed; the network's fault says why.</summary>
    Failed,
}
