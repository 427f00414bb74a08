using System;

namespace Thimble;

/// <summary>The password of one connection, such as a token that expires.</summary>
/// <param name="Bytes">The password. The client wipes it when it is in CONNECT, and CONNECT when that has left.</param>
public sealed record MqttPassword(Memory<byte> Bytes)
{
    /// <summary>
    /// After what time of the connection the client takes its leave of the broker and connects again, with the next password; before this one expires, that is. Null:
    /// the connection lasts as long as it lasts.
    /// </summary>
    public TimeSpan? RenewAfter { get; init; }
}
