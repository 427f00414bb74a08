using System;

namespace Thimble.Mqtt;

/// <summary>What CONNECT says (MQTT 3.1.1 §3.1). Every session is a clean one for now.</summary>
public readonly ref struct MqttConnectOptions
{
    /// <summary>The client identifier in UTF-8, at most 65,535 bytes; empty lets the broker choose one ([MQTT-3.1.3-6]).</summary>
    public ReadOnlySpan<byte> ClientId { get; init; }

    /// <summary>The user name in UTF-8, at most 65,535 bytes; empty sends none.</summary>
    public ReadOnlySpan<byte> UserName { get; init; }

    /// <summary>The password, at most 65,535 bytes of any value; empty sends none. It needs a user name ([MQTT-3.1.2-22]).</summary>
    public ReadOnlySpan<byte> Password { get; init; }

    /// <summary>
    /// The longest silence that the client permits itself, in seconds (§3.1.2.10), and the longest that it waits for an
    /// answer. 0 turns both off.
    /// </summary>
    public ushort KeepAliveSeconds { get; init; }
}
