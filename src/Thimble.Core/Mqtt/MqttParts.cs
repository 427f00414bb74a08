using System;

namespace Thimble.Mqtt;

/// <summary>The parts of MQTT that a build may leave out and a profile can ask for.</summary>
[Flags]
internal enum MqttParts : byte
{
    None = 0,
    Version5 = 1,
    Qos = 2,
}
