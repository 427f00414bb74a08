using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>Explains what went wrong between an MQTT client and its broker.</summary>
internal static class MqttFaults
{
    private const string BrokerBug = "The broker breaks the protocol: try its newest version, and report it there.";

    public static FaultExplanation? Explain(in Fault fault) => Session(fault) ?? Grammar(fault) ?? Session5(fault) ?? Grammar5(fault);

    private static FaultExplanation? Session(in Fault fault) => fault.Reason switch
    {
        FaultReason.MqttConnectionRefused => new(
            $"The broker refused the connection: {(fault.Actual < 0x80 ? ReturnCode(fault.Actual) : ReasonCode(fault.Actual))} ({fault.Actual}).",
            "Check the client identifier and what the broker allows this client certificate."),
        FaultReason.MqttUnexpectedPacket => new(
            fault.Expected == 0
                ? $"The broker sent {PacketType(fault.Actual)}, which it may not do now."
                : $"The broker sent {PacketType(fault.Actual)} where {PacketType(fault.Expected)} was awaited.",
            BrokerBug),
        FaultReason.MqttTopicTooLong => new(
            $"A message arrived on a topic of {fault.Actual} bytes, and the profile plans for {fault.Expected}.",
            "Raise MaxMqttTopicBytes (--max-topic), or subscribe more narrowly."),
        FaultReason.MqttSubscriptionRefused => new(
            $"The broker refused the subscription: {ReasonCode(fault.Actual)} ({fault.Actual}).",
            "Check what the broker allows this client to read."),
        FaultReason.MqttKeepAliveExpired => new(
            $"The broker did not answer within {fault.Expected / 1000.0:0.#} s.",
            "Check the network, or raise the keep-alive interval."),
        FaultReason.MqttConnectionLost => new(
            fault.Actual > 0
                ? $"The connection ended in the middle of a packet, of which {fault.Actual} bytes are missing."
                : "The broker ended the connection.",
            "Look into the broker's log: brokers close without a word when a client identifier is used twice or its policy forbids something."),
        FaultReason.MqttPublishQos => new(
            $"The broker sent a message of QoS {fault.Actual}, and the profile plans for QoS {fault.Expected} at most.",
            "Subscribe with a lower QoS, look whether the broker subscribes by itself, or raise MaxMqttAcknowledgements (QoS 1) and MaxMqttInboundExactlyOnce (QoS 2)."),
        FaultReason.MqttAcknowledgementsOwed => new(
            $"One record of the broker holds {fault.Actual} messages of QoS 1 or more, and the profile plans to owe {fault.Expected} acknowledgements.",
            "Raise MaxMqttAcknowledgements, or InWindowBytes (--in-window) so that such records fit."),
        _ => null,
    };

    private static FaultExplanation? Grammar(in Fault fault) => fault.Reason switch
    {
        FaultReason.MqttFixedHeaderFlags => new(
            $"A packet of the broker begins with 0x{fault.Actual:X2}, whose flags are not allowed.",
            "Is there a broker behind this port, and one of this version of MQTT?"),
        FaultReason.MqttRemainingLengthMalformed => new(
            "The length of a packet of the broker goes on after its fourth byte.",
            "Is there a broker behind this port, and one of this version of MQTT?"),
        FaultReason.MqttRemainingLengthWrong => new(
            $"A packet of the broker says that it has {fault.Actual} bytes, and what it holds has {fault.Expected}.",
            BrokerBug),
        FaultReason.MqttAcknowledgeFlags => new(
            $"The broker's CONNACK has the flags 0x{fault.Actual:X2}: reserved ones, or an old session although a clean one was asked for.",
            BrokerBug),
        FaultReason.MqttReturnCode => new(
            $"The broker answered with the return code {fault.Actual}, and the highest that makes sense is {fault.Expected}.",
            BrokerBug),
        FaultReason.MqttPacketIdentifier => new(
            $"The broker answered the packet {fault.Actual}, and {fault.Expected} was sent.",
            BrokerBug),
        FaultReason.MqttPublishIdentifierZero => new(
            "A message of QoS 1 has the packet identifier 0, which cannot be acknowledged.",
            BrokerBug),
        FaultReason.MqttTopicNotUtf8 => new(
            $"The topic of a message is not well-formed UTF-8: the byte 0x{fault.Actual:X2} at offset {fault.Expected}.",
            "Whoever publishes it must change it; until then subscribe more narrowly."),
        FaultReason.MqttTopicInvalid => new(
            $"The topic of a message is empty or holds a wildcard: the byte 0x{fault.Actual:X2} at offset {fault.Expected}.",
            BrokerBug),
        _ => null,
    };

    private static FaultExplanation? Session5(in Fault fault) => fault.Reason switch
    {
        FaultReason.MqttDisconnected => new(
            $"The broker ended the connection: {ReasonCode(fault.Actual)} ({fault.Actual}).",
            fault.Actual == 0x8E ? "Give each client an identifier of its own." : "Look into the broker's log."),
        FaultReason.MqttSessionUnknown => new(
            "The broker goes on with a session of this client identifier, of which nothing is kept here.",
            "Begin a clean session once, or keep what is in flight over restarts."),
        FaultReason.MqttAcknowledgementUnknown => new(
            $"The broker sent {PacketType(fault.Expected)} for the packet {fault.Actual}, which does not wait for it.",
            BrokerBug),
        FaultReason.MqttPacketTooLarge => new(
            $"A packet of the broker has {fault.Actual} bytes, and it was told that at most {fault.Expected} can be received.",
            "Raise InWindowBytes (--in-window), or let MQTT read records before their tag (ProvisionalMqtt)."),
        FaultReason.MqttReceiveMaximumExceeded => new(
            $"The broker sent {fault.Actual} messages of QoS 1 or 2 without an answer, and the profile plans for {fault.Expected}.",
            "Raise MaxMqttAcknowledgements and MaxMqttInboundExactlyOnce, or have the broker send fewer at once."),
        FaultReason.MqttTopicAliasInvalid => new(
            $"The broker used the topic alias {fault.Actual}, and was told that {fault.Expected} is the highest.",
            BrokerBug),
        FaultReason.MqttTopicAliasUnknown => new(
            $"The broker used the topic alias {fault.Actual} before it said which topic that is.",
            BrokerBug),
        FaultReason.MqttAuthenticationMethod => new(
            "The broker names another authentication method than this client, or none.",
            "Check which methods the broker is configured for."),
        FaultReason.MqttAuthenticationUnexpected => new(
            $"The broker's AUTH says {ReasonCode(fault.Actual)} ({fault.Actual}) where {ReasonCode(fault.Expected)} ({fault.Expected}) is all it may say.",
            BrokerBug),
        _ => null,
    };

    private static FaultExplanation? Grammar5(in Fault fault) => fault.Reason switch
    {
        FaultReason.MqttReasonCodeInvalid => new(
            $"The broker sent {PacketType(fault.Expected)} with the reason code {fault.Actual} ({ReasonCode(fault.Actual)}), which that packet does not have.",
            BrokerBug),
        FaultReason.MqttPropertyUnknown => new(
            $"A packet of the broker has a property {fault.Actual}, and MQTT 5 knows none of that number.",
            BrokerBug),
        FaultReason.MqttPropertyMisplaced => new(
            $"The broker sent {PacketType(fault.Expected)} with the property {Property(fault.Actual)}, which does not belong there.",
            BrokerBug),
        FaultReason.MqttPropertyRepeated => new(
            $"A packet of the broker has the property {Property(fault.Actual)} more than {fault.Expected} time.",
            BrokerBug),
        FaultReason.MqttPropertyValue => new(
            $"The property {Property(fault.Expected)} has the value {fault.Actual}, which it may not have.",
            BrokerBug),
        FaultReason.MqttPropertyLength => new(
            $"The properties of a packet need {fault.Actual} bytes or more where {fault.Expected} are left.",
            BrokerBug),
        FaultReason.MqttPropertyNotUtf8 => new(
            $"The property {Property(fault.Expected)} is not well-formed UTF-8: the byte 0x{fault.Actual:X2}.",
            "Whoever publishes it must change it; until then subscribe more narrowly."),
        FaultReason.MqttPropertyUnasked => new(
            $"The broker sent {PacketType(fault.Expected)} with the property {Property(fault.Actual)}, which this client asked it to leave out.",
            BrokerBug),
        FaultReason.MqttLengthNotShortest => new(
            $"A length takes {fault.Actual} bytes, and {fault.Expected} would have been enough.",
            BrokerBug),
        FaultReason.MqttTopicMissing => new(
            "A message has neither a topic nor an alias for one.",
            BrokerBug),
        FaultReason.MqttResponseTopicInvalid => new(
            fault.Actual == 0 ? "The response topic of a message is empty." : $"The response topic of a message holds a wildcard: the byte 0x{fault.Actual:X2}.",
            "Whoever publishes it must change it; until then subscribe more narrowly."),
        _ => null,
    };

    /// <summary>MQTT 5 §2.2.2.2.</summary>
    private static string Property(uint property) => (MqttProperty)property switch
    {
        MqttProperty.None => "0",
        <= MqttProperty.SharedSubscriptionAvailable => $"{(MqttProperty)property} ({property})",
        _ => $"{property}",
    };

    /// <summary>MQTT 5 §2.4.</summary>
    private static string ReasonCode(uint code) => (MqttReasonCode)code switch
    {
        MqttReasonCode.Success => "no reason to complain",
        MqttReasonCode.NoMatchingSubscribers => "nobody subscribes to it",
        MqttReasonCode.NoSubscriptionExisted => "no such subscription",
        MqttReasonCode.ContinueAuthentication => "the authentication goes on",
        MqttReasonCode.Reauthenticate => "authenticate anew",
        MqttReasonCode.UnspecifiedError => "a reason that it does not tell",
        MqttReasonCode.MalformedPacket => "malformed packet",
        MqttReasonCode.ProtocolError => "protocol error",
        MqttReasonCode.ImplementationSpecificError => "something that it does not support",
        MqttReasonCode.UnsupportedProtocolVersion => "unacceptable protocol version",
        MqttReasonCode.ClientIdentifierNotValid => "client identifier rejected",
        MqttReasonCode.BadUserNameOrPassword => "bad user name or password",
        MqttReasonCode.NotAuthorized => "not authorized",
        MqttReasonCode.ServerUnavailable => "server unavailable",
        MqttReasonCode.ServerBusy => "server busy",
        MqttReasonCode.Banned => "this client is banned",
        MqttReasonCode.ServerShuttingDown => "server shutting down",
        MqttReasonCode.BadAuthenticationMethod => "bad authentication method",
        MqttReasonCode.KeepAliveTimeout => "it heard nothing for too long",
        MqttReasonCode.SessionTakenOver => "another connection uses the same client identifier",
        MqttReasonCode.TopicFilterInvalid => "topic filter not accepted",
        MqttReasonCode.TopicNameInvalid => "topic not accepted",
        MqttReasonCode.PacketIdentifierInUse => "packet identifier in use",
        MqttReasonCode.PacketIdentifierNotFound => "packet identifier not found",
        MqttReasonCode.ReceiveMaximumExceeded => "too many messages at once",
        MqttReasonCode.TopicAliasInvalid => "topic alias invalid",
        MqttReasonCode.PacketTooLarge => "packet too large",
        MqttReasonCode.MessageRateTooHigh => "messages come too fast",
        MqttReasonCode.QuotaExceeded => "a quota was exceeded",
        MqttReasonCode.AdministrativeAction => "an administrator ended it",
        MqttReasonCode.PayloadFormatInvalid => "the payload is not in the format indicated",
        MqttReasonCode.RetainNotSupported => "it retains no messages",
        MqttReasonCode.QosNotSupported => "QoS not supported",
        MqttReasonCode.UseAnotherServer => "use another server for now",
        MqttReasonCode.ServerMoved => "the server has moved",
        MqttReasonCode.SharedSubscriptionsNotSupported => "no shared subscriptions",
        MqttReasonCode.ConnectionRateExceeded => "connections come too fast",
        MqttReasonCode.MaximumConnectTime => "the connection lasted as long as it may",
        MqttReasonCode.SubscriptionIdentifiersNotSupported => "no subscription identifiers",
        MqttReasonCode.WildcardSubscriptionsNotSupported => "no wildcard subscriptions",
        _ => "a reason of its own",
    };

    /// <summary>MQTT 3.1.1 §3.2.2.3.</summary>
    private static string ReturnCode(uint code) => code switch
    {
        1 => "unacceptable protocol version",
        2 => "client identifier rejected",
        3 => "server unavailable",
        4 => "bad user name or password",
        5 => "not authorized",
        _ => "a reason of its own",
    };

    /// <summary>MQTT 3.1.1 §2.2.1.</summary>
    private static string PacketType(uint type) => type switch
    {
        1 => "CONNECT",
        2 => "CONNACK",
        3 => "PUBLISH",
        4 => "PUBACK",
        5 => "PUBREC",
        6 => "PUBREL",
        7 => "PUBCOMP",
        8 => "SUBSCRIBE",
        9 => "SUBACK",
        10 => "UNSUBSCRIBE",
        11 => "UNSUBACK",
        12 => "PINGREQ",
        13 => "PINGRESP",
        14 => "DISCONNECT",
        15 => "AUTH",
        _ => $"a packet of type {type}",
    };
}
