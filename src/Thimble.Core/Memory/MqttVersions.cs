using System;

namespace Thimble.Memory;

/// <summary>The versions of MQTT that a profile may speak.</summary>
[Flags]
public enum MqttVersions : byte
{
    /// <summary>None named: MQTT 3.1.1.</summary>
    None = 0,

    /// <summary>MQTT 3.1.1 (OASIS Standard of 2014, with its errata).</summary>
    V311 = 1,

    /// <summary>MQTT 5 (OASIS Standard of 2019).</summary>
    V5 = 2,
}
