using System;
using System.Threading;
using Thimble.Memory;

namespace Thimble;

/// <summary>What the clients of a <see cref="MqttFleet"/> have in common. Immutable.</summary>
public sealed record MqttFleetOptions
{
    /// <summary>Whom all clients trust. It stays the caller's, and is needed as long as clients connect.</summary>
    public required Trust Trust { get; init; }

    /// <summary>
    /// The limits of every connection. They must plan for the clients' keys (<see cref="Profile.ClientEcdsaBits"/> and its like) and for topics. A fleet resumes no
    /// sessions, so no room for tickets is planned, whatever the profile says.
    /// </summary>
    public required Profile Profile { get; init; }

    /// <summary>The broker: a name, or an address.</summary>
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    public int Port { get; init; } = 8883;

    /// <summary>The name that the broker's certificate must carry; null is <see cref="Host"/>.</summary>
    public string? ServerName { get; init; }

    /// <summary>The application protocol to offer (RFC 7301), or nothing.</summary>
    public string Alpn { get; init; } = "";

    /// <summary>After what silence a client shows that it lives, in seconds, and how long it waits for an answer; 0 turns both off.</summary>
    public ushort KeepAliveSeconds { get; init; } = 60;

    /// <summary>
    /// Takes the messages of all clients: on a thread of the pool, one at a time for each client, and at the same time for different ones. While it runs nothing more is
    /// read for that client, so it must be done within <see cref="KeepAliveSeconds"/>, or the connection is taken for lost.
    /// </summary>
    public MqttFleetMessageHandler? Received { get; init; }

    /// <summary>Told once for each client that was connected and is no more; null where we disconnected it ourselves.</summary>
    public Action<MqttFleetClient, Exception?>? Ended { get; init; }

    /// <summary>The longest payload that is given out, in bytes. A longer one is skipped, and its message acknowledged all the same (RULES 5).</summary>
    public int MaxPayloadBytes
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "MaxPayloadBytes must be one byte or more.");
    } = 65_536;

    /// <summary>How many clients may be in their handshakes at once. More wait for their turn.</summary>
    public int MaxHandshakes
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "MaxHandshakes must be one or more.");
    } = 4 * Environment.ProcessorCount;

    /// <summary>The longest that connecting one client may take, from its turn on.</summary>
    public TimeSpan Timeout
    {
        get;
        init => field = (value > TimeSpan.Zero && value.TotalMilliseconds < int.MaxValue) || value == System.Threading.Timeout.InfiniteTimeSpan
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "Timeout must be longer than nothing and shorter than 24 days, or Timeout.InfiniteTimeSpan.");
    } = TimeSpan.FromSeconds(30);

    /// <summary>Where time comes from.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
