using Thimble.Memory;

namespace Thimble.Cli.Probe;

/// <summary>What came of a connection by the engine.</summary>
internal sealed record Trial
{
    /// <summary>Whether the handshake was completed, and the server did not take it back.</summary>
    public bool Connected => Failure is null;

    /// <summary>Why it was not, or null.</summary>
    public ThimbleException? Failure { get; init; }

    /// <summary>The plan and what was used of it.</summary>
    public required MemoryMap Memory { get; init; }

    public ushort Suite { get; init; }

    public ushort Group { get; init; }

    public bool SentClientCertificate { get; init; }

    public bool Resumed { get; init; }

    /// <summary>The size of the session that the server gave, or 0.</summary>
    public int SessionBytes { get; init; }

    /// <summary>The longest content of a record.</summary>
    public int LargestRecordBytes { get; init; }

    /// <summary>The bytes that the server sent of its application.</summary>
    public int ApplicationBytes { get; init; }
}
