using System;

namespace Thimble.Mqtt;

/// <summary>What holds for a session.</summary>
[Flags]
internal enum MqttFacts : byte
{
    None = 0,

    /// <summary>SUBSCRIBE was sent, and SUBACK is awaited.</summary>
    AwaitsSuback = 1,

    /// <summary>PINGREQ was sent, and PINGRESP is awaited.</summary>
    AwaitsPingresp = 2,

    /// <summary>The latest SUBSCRIBE asked for QoS 1.</summary>
    AskedAtLeastOnce = 4,

    /// <summary>Some SUBSCRIBE asked for QoS 1: messages of that QoS may come, even before its SUBACK (MQTT 3.1.1 §3.8.4).</summary>
    MayGetAtLeastOnce = 8,
}
