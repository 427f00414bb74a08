namespace Thimble.Mqtt;

/// <summary>
/// Which byte of an incoming packet comes next. Every value after <see cref="RemainingLength"/> lies in the packet's body, and those from
/// <see cref="Properties"/> on take many bytes at once, or none.
/// </summary>
internal enum MqttReading : byte
{
    FixedHeader = 0,
    RemainingLength = 1,
    AcknowledgeFlags = 2,
    ReasonCode = 3,
    IdentifierHigh = 4,
    IdentifierLow = 5,
    TopicLengthHigh = 6,
    TopicLengthLow = 7,
    Topic = 8,
    PropertyLength = 9,
    Properties = 10,
    ReasonCodes = 11,
    Payload = 12,
    End = 13,
}
