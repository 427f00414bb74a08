using System;

namespace Thimble.Mqtt;

/// <summary>What the broker answered. Each can be outstanding once, so that a set tells all; they are told in this order.</summary>
[Flags]
internal enum MqttAnswers : ushort
{
    None = 0,
    SessionLost = 1,
    Connack = 2,
    AuthenticationContinues = 4,
    Authenticated = 8,
    Suback = 0x10,
    SubackRefused = 0x20,
    Unsuback = 0x40,
    UnsubackRefused = 0x80,
    Pingresp = 0x100,

    /// <summary>Belongs to <see cref="Connack"/>, and is not told by itself.</summary>
    SessionPresent = 0x8000,

    OfSubscribe = Suback | SubackRefused,
    OfUnsubscribe = Unsuback | UnsubackRefused,
    OfAuth = AuthenticationContinues | Authenticated,
}
