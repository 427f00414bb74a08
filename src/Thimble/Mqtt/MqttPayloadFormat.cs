namespace Thimble;

/// <summary>What a payload is, as its publisher says (MQTT 5 §3.3.2.3.2).</summary>
public enum MqttPayloadFormat
{
    /// <summary>Bytes of any kind; also where nothing was said.</summary>
    Unspecified = 0,

    /// <summary>UTF-8.</summary>
    Utf8 = 1,
}
