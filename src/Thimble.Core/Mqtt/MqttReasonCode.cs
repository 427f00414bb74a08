namespace Thimble.Mqtt;

/// <summary>
/// How something ended (MQTT 5 §2.4). 0x80 and above are refusals. A connection of MQTT 3.1.1 knows the granted QoS, 0x80 of
/// SUBACK, and the return codes 1 to 5 of CONNACK, which only <see cref="MqttSession.Fault"/> carries.
/// </summary>
public enum MqttReasonCode : byte
{
    /// <summary>It was done; a disconnection is a normal one; QoS 0 is granted.</summary>
    Success = 0x00,

    /// <summary>QoS 1 is granted.</summary>
    GrantedQos1 = 0x01,

    /// <summary>QoS 2 is granted.</summary>
    GrantedQos2 = 0x02,

    /// <summary>The client leaves, and its will is to be published all the same.</summary>
    DisconnectWithWill = 0x04,

    /// <summary>The message was taken, and nobody subscribes to it.</summary>
    NoMatchingSubscribers = 0x10,

    /// <summary>There was no such subscription.</summary>
    NoSubscriptionExisted = 0x11,

    /// <summary>The authentication goes on.</summary>
    ContinueAuthentication = 0x18,

    /// <summary>The client begins an authentication anew.</summary>
    Reauthenticate = 0x19,

    /// <summary>The reason is not told.</summary>
    UnspecifiedError = 0x80,

    /// <summary>A packet does not follow the grammar.</summary>
    MalformedPacket = 0x81,

    /// <summary>A packet is not allowed where it stands.</summary>
    ProtocolError = 0x82,

    /// <summary>The packet is valid, and its receiver does not take it.</summary>
    ImplementationSpecificError = 0x83,

    /// <summary>The broker does not speak this version.</summary>
    UnsupportedProtocolVersion = 0x84,

    /// <summary>The client identifier is valid, and the broker does not allow it.</summary>
    ClientIdentifierNotValid = 0x85,

    /// <summary>The broker does not accept the user name or the password.</summary>
    BadUserNameOrPassword = 0x86,

    /// <summary>The client may not do this.</summary>
    NotAuthorized = 0x87,

    /// <summary>The broker is not available.</summary>
    ServerUnavailable = 0x88,

    /// <summary>The broker is busy: try later.</summary>
    ServerBusy = 0x89,

    /// <summary>The client is banned.</summary>
    Banned = 0x8A,

    /// <summary>The broker is shutting down.</summary>
    ServerShuttingDown = 0x8B,

    /// <summary>The authentication method is not supported, or not the one in use.</summary>
    BadAuthenticationMethod = 0x8C,

    /// <summary>Nothing came for one and a half times the keep-alive interval.</summary>
    KeepAliveTimeout = 0x8D,

    /// <summary>Another connection uses the same client identifier.</summary>
    SessionTakenOver = 0x8E,

    /// <summary>The topic filter is well formed, and not accepted.</summary>
    TopicFilterInvalid = 0x8F,

    /// <summary>The topic name is well formed, and not accepted.</summary>
    TopicNameInvalid = 0x90,

    /// <summary>The packet identifier is in use already.</summary>
    PacketIdentifierInUse = 0x91,

    /// <summary>The packet identifier is unknown.</summary>
    PacketIdentifierNotFound = 0x92,

    /// <summary>More messages were sent at once than the receiver allows.</summary>
    ReceiveMaximumExceeded = 0x93,

    /// <summary>The topic alias is zero or too high.</summary>
    TopicAliasInvalid = 0x94,

    /// <summary>The packet is larger than its receiver allows.</summary>
    PacketTooLarge = 0x95,

    /// <summary>Messages come too fast.</summary>
    MessageRateTooHigh = 0x96,

    /// <summary>A quota was exceeded.</summary>
    QuotaExceeded = 0x97,

    /// <summary>An administrator ended it.</summary>
    AdministrativeAction = 0x98,

    /// <summary>The payload is not in the format that was indicated.</summary>
    PayloadFormatInvalid = 0x99,

    /// <summary>The broker retains no messages.</summary>
    RetainNotSupported = 0x9A,

    /// <summary>The QoS is above the broker's maximum.</summary>
    QosNotSupported = 0x9B,

    /// <summary>Use another server for now.</summary>
    UseAnotherServer = 0x9C,

    /// <summary>Use another server from now on.</summary>
    ServerMoved = 0x9D,

    /// <summary>The broker has no shared subscriptions.</summary>
    SharedSubscriptionsNotSupported = 0x9E,

    /// <summary>Connections come too fast.</summary>
    ConnectionRateExceeded = 0x9F,

    /// <summary>The connection lasted as long as it may.</summary>
    MaximumConnectTime = 0xA0,

    /// <summary>The broker has no subscription identifiers.</summary>
    SubscriptionIdentifiersNotSupported = 0xA1,

    /// <summary>The broker has no wildcard subscriptions.</summary>
    WildcardSubscriptionsNotSupported = 0xA2,
}
