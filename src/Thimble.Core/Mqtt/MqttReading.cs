namespace Thimble.Mqtt;

/// <summary>Which byte of an incoming packet comes next. Every value after <see cref="RemainingLength"/> lies in the packet's body.</summary>
internal enum MqttReading : byte
{
    FixedHeader = 0,
    RemainingLength = 1,
    AcknowledgeFlags = 2,
    ConnectReturnCode = 3,
    IdentifierHigh = 4,
    IdentifierLow = 5,
    SubscribeReturnCode = 6,
    TopicLengthHigh = 7,
    TopicLengthLow = 8,
    Topic = 9,
    PublishIdentifierHigh = 10,
    PublishIdentifierLow = 11,
    Payload = 12,
    SkippedPayload = 13,
}
