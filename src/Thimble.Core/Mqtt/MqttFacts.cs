using System;

namespace Thimble.Mqtt;

/// <summary>What holds for a session.</summary>
[Flags]
internal enum MqttFacts : ushort
{
    None = 0,

    /// <summary>SUBSCRIBE was sent, and SUBACK is awaited.</summary>
    AwaitsSuback = 1,

    /// <summary>UNSUBSCRIBE was sent, and UNSUBACK is awaited.</summary>
    AwaitsUnsuback = 2,

    /// <summary>PINGREQ was sent, and PINGRESP is awaited.</summary>
    AwaitsPingresp = 4,

    /// <summary>The session goes on with what was in flight.</summary>
    Continues = 8,

    /// <summary>CONNECT asked for a session that outlives its connection.</summary>
    KeepsSession = 0x10,

    /// <summary>The broker goes on with an older session.</summary>
    SessionPresent = 0x20,

    /// <summary>Acknowledgements of our messages count, and the caller was not told yet.</summary>
    AcknowledgementsUntold = 0x40,

    /// <summary>CONNECT named an authentication method (MQTT 5 §4.12).</summary>
    Authenticates = 0x80,

    /// <summary>The broker sent AUTH, and the next one is ours.</summary>
    OwesAuth = 0x100,

    /// <summary>We began an authentication anew, which has not ended.</summary>
    Reauthenticates = 0x200,

    /// <summary>CONNECT asked for no problem information (MQTT 5 §3.1.2.11.7).</summary>
    NoProblemInformation = 0x400,

    /// <summary>CONNECT asked for response information (MQTT 5 §3.1.2.11.6).</summary>
    WantsResponseInformation = 0x800,

    /// <summary>CONNECT said that the session ends with its connection: DISCONNECT may not say otherwise (MQTT 5 §3.14.2.2.2).</summary>
    EndsWithConnection = 0x1000,
}
