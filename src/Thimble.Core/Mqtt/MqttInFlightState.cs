using System;

namespace Thimble.Mqtt;

/// <summary>Where a message stands that we sent: the stage of its exchange (MQTT 3.1.1 §4.3), and two flags.</summary>
[Flags]
internal enum MqttInFlightState : byte
{
    None = 0,

    /// <summary>QoS 1: PUBACK is awaited.</summary>
    ExpectPuback = 1,

    /// <summary>QoS 2: PUBREC is awaited.</summary>
    ExpectPubrec = 2,

    /// <summary>QoS 2: PUBREC came, and PUBREL is to be sent.</summary>
    OwesPubrel = 3,

    /// <summary>QoS 2: PUBREL was sent, and PUBCOMP is awaited.</summary>
    ExpectPubcomp = 4,

    /// <summary>The stage without the flags.</summary>
    Stage = 0x0F,

    /// <summary>The PUBLISH is not yet sent whole on this connection.</summary>
    Due = 0x10,

    /// <summary>What was heard about it counts, and the caller was not told yet.</summary>
    Confirmed = 0x20,
}
