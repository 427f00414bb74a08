using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>The broker's reasons in the words of mosquitto's programs, which scripts may look for.</summary>
internal static class ReasonWords
{
    /// <summary>A return code of an MQTT 3.1.1 CONNACK (§3.2.2.3).</summary>
    public static string OfReturnCode(int code) => code switch
    {
        1 => "Connection Refused: unacceptable protocol version.",
        2 => "Connection Refused: identifier rejected.",
        3 => "Connection Refused: broker unavailable.",
        4 => "Connection Refused: bad user name or password.",
        5 => "Connection Refused: not authorised.",
        _ => "Connection Refused: unknown reason.",
    };

    /// <summary>A reason code of MQTT 5 (§2.4).</summary>
    public static string Of(MqttReasonCode reason) => reason switch
    {
        MqttReasonCode.MalformedPacket => "Malformed Packet",
        MqttReasonCode.ProtocolError => "Protocol Error",
        MqttReasonCode.ImplementationSpecificError => "Implementation specific error",
        MqttReasonCode.UnsupportedProtocolVersion => "Unsupported Protocol Version. Try connecting to an MQTT v5 broker, or use MQTT v3.x mode.",
        MqttReasonCode.ClientIdentifierNotValid => "Client Identifier not valid",
        MqttReasonCode.BadUserNameOrPassword => "Bad User Name or Password",
        MqttReasonCode.NotAuthorized => "Not authorized",
        MqttReasonCode.ServerUnavailable => "Server unavailable",
        MqttReasonCode.ServerBusy => "Server busy",
        MqttReasonCode.Banned => "Banned",
        MqttReasonCode.ServerShuttingDown => "Server shutting down",
        MqttReasonCode.BadAuthenticationMethod => "Bad authentication method",
        MqttReasonCode.KeepAliveTimeout => "Keep Alive timeout",
        MqttReasonCode.SessionTakenOver => "Session taken over",
        MqttReasonCode.TopicFilterInvalid => "Topic Filter invalid",
        MqttReasonCode.TopicNameInvalid => "Topic Name invalid",
        MqttReasonCode.PacketIdentifierInUse => "Packet Identifier in use",
        MqttReasonCode.PacketIdentifierNotFound => "Packet Identifier not found",
        MqttReasonCode.ReceiveMaximumExceeded => "Receive Maximum exceeded",
        MqttReasonCode.TopicAliasInvalid => "Topic Alias invalid",
        MqttReasonCode.PacketTooLarge => "Packet too large",
        MqttReasonCode.MessageRateTooHigh => "Message rate too high",
        MqttReasonCode.QuotaExceeded => "Quota exceeded",
        MqttReasonCode.AdministrativeAction => "Administrative action",
        MqttReasonCode.PayloadFormatInvalid => "Payload format invalid",
        MqttReasonCode.RetainNotSupported => "Retain not supported",
        MqttReasonCode.QosNotSupported => "QoS not supported",
        MqttReasonCode.UseAnotherServer => "Use another server",
        MqttReasonCode.ServerMoved => "Server moved",
        MqttReasonCode.SharedSubscriptionsNotSupported => "Shared Subscriptions not supported",
        MqttReasonCode.ConnectionRateExceeded => "Connection rate exceeded",
        MqttReasonCode.MaximumConnectTime => "Maximum connect time",
        MqttReasonCode.SubscriptionIdentifiersNotSupported => "Subscription identifiers not supported",
        MqttReasonCode.WildcardSubscriptionsNotSupported => "Wildcard Subscriptions not supported",
        _ => "Unspecified error",
    };
}
