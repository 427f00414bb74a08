namespace Thimble.Mqtt;

/// <summary>What comes next of a property. From <see cref="Name"/> on, pieces.</summary>
internal enum MqttPropertyStep : byte
{
    Identifier = 0,
    Integer = 1,
    NameLength = 2,
    ValueLength = 3,
    Name = 4,
    Value = 5,
}
