using System;

namespace Thimble.Mqtt;

/// <summary>What is known of the packet that is being received.</summary>
[Flags]
internal enum MqttIncomingFacts : byte
{
    None = 0,

    /// <summary>CONNACK: the broker goes on with an older session.</summary>
    SessionPresent = 1,

    /// <summary>PUBLISH: a message of QoS 2 that was delivered before; it passes in silence.</summary>
    Known = 2,

    /// <summary>The payload is skipped.</summary>
    Skipped = 4,

    /// <summary>SUBACK, UNSUBACK: a reason code was read.</summary>
    HasReason = 8,
}
