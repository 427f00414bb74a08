using System;

namespace Thimble.Mqtt;

/// <summary>What CONNECT says (MQTT 3.1.1 §3.1, MQTT 5 §3.1), besides a will.</summary>
public readonly ref struct MqttConnectOptions
{
    /// <summary>
    /// The client identifier in UTF-8, at most 65,535 bytes; empty lets the broker choose one ([MQTT-3.1.3-6]), in MQTT 3.1.1 for a clean
    /// session only ([MQTT-3.1.3-7]). In MQTT 5 the broker tells it as <see cref="MqttProperty.AssignedClientIdentifier"/>.
    /// </summary>
    public ReadOnlySpan<byte> ClientId { get; init; }

    /// <summary>The user name in UTF-8, at most 65,535 bytes; empty sends none.</summary>
    public ReadOnlySpan<byte> UserName { get; init; }

    /// <summary>The password, at most 65,535 bytes of any value; empty sends none. In MQTT 3.1.1 it needs a user name ([MQTT-3.1.2-22]).</summary>
    public ReadOnlySpan<byte> Password { get; init; }

    /// <summary>
    /// Properties from <see cref="MqttPropertyWriter"/> (MQTT 5 §3.1.2.11). Receive Maximum, Maximum Packet Size and Topic Alias Maximum are
    /// not among them: they follow from the profile, and the session writes them.
    /// </summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    /// <summary>
    /// The longest silence that the client permits itself, in seconds (§3.1.2.10), and the longest that it waits for an
    /// answer. 0 turns both off. A broker of MQTT 5 may set another.
    /// </summary>
    public ushort KeepAliveSeconds { get; init; }

    /// <summary>The version to speak, one that the profile names; none is the newest of them.</summary>
    public MqttVersion Version { get; init; }

    /// <summary>
    /// Whether the broker goes on with the session that it keeps for this client identifier, or keeps the new one: Clean Session 0
    /// (MQTT 3.1.1 §3.1.2.4), Clean Start 0 (MQTT 5 §3.1.2.4). In MQTT 5 <see cref="MqttProperty.SessionExpiryInterval"/> says for
    /// how long it keeps it; without that property it ends with the connection.
    /// </summary>
    public bool KeepSession { get; init; }
}
