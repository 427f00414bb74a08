using System;

namespace Thimble;

/// <summary>What the broker publishes when the connection ends without DISCONNECT (MQTT 3.1.1 §3.1.2.5, MQTT 5 §3.1.2.5).</summary>
/// <param name="Message">The message, whose payload has at most 65,535 bytes.</param>
public sealed record MqttLastWill(MqttPublication Message)
{
    /// <summary>How long the broker waits for the client to return before it publishes the will, in whole seconds (MQTT 5 §3.1.3.2.2).</summary>
    public TimeSpan Delay { get; init; }
}
