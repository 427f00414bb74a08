namespace Thimble.Mqtt;

/// <summary>What the value of a property is (MQTT 5 §1.5).</summary>
internal enum MqttPropertyKind : byte
{
    /// <summary>No property has this identifier.</summary>
    None = 0,

    Byte = 1,
    TwoByteInteger = 2,
    FourByteInteger = 3,
    VariableByteInteger = 4,
    Binary = 5,
    String = 6,
    StringPair = 7,
}
