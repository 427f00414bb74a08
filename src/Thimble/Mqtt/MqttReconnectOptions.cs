using System;

namespace Thimble;

/// <summary>
/// How a lost connection is made again: after a time drawn at random between 0 and a bound (full jitter, so that clients of one broker do
/// not return together), which doubles with each attempt in vain.
/// </summary>
public sealed record MqttReconnectOptions
{
    /// <summary>The bound of the first wait.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What the bound never exceeds.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How many attempts in a row may fail before the client gives up; null is no limit.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>Whether ConnectAsync too tries again, until it is cancelled or trying makes no sense; otherwise it makes one attempt.</summary>
    public bool AlsoFirst { get; init; }

    /// <summary>
    /// Whether to try again what cannot get better by itself: bad credentials, a client that is not authorised, a certificate that does not
    /// verify. Otherwise these end the client's efforts at once.
    /// </summary>
    public bool RetryRefusals { get; init; }

    /// <summary>Whether to follow the broker to another server that it names (MQTT 5 §4.11). The other one must pass the same verification under its own name.</summary>
    public bool FollowRedirects { get; init; }
}
