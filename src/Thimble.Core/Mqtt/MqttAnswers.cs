using System;

namespace Thimble.Mqtt;

/// <summary>What the broker answered. Each can be outstanding once, so that a set tells all.</summary>
[Flags]
internal enum MqttAnswers : byte
{
    None = 0,
    Connack = 1,
    Suback = 2,
    SubackRefused = 4,
    Pingresp = 8,
}
