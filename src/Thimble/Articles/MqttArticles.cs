using Thimble.Memory;

namespace Thimble;

/// <summary>The articles of faults between an MQTT client and its broker.</summary>
internal static class MqttArticles
{
    private const string Log = "Look into the broker's log.";
    private const string Debug = "thimble sub -h HOST -p PORT --cafile FILE -t TOPIC -d";

    private static readonly FaultArticle s_protocolBroken = new(
        ["The broker or a plug-in of it has a bug.", "The port belongs to something else that speaks inside TLS.", "Both ends speak different versions of MQTT."],
        [Debug, Log, "Try the other version of MQTT (-V), and update the broker."]);

    public static FaultArticle? Of(FaultReason reason) => Session(reason) ?? Limits(reason) ?? Grammar(reason);

    private static FaultArticle? Session(FaultReason reason) => reason switch
    {
        FaultReason.MqttConnectionRefused => new(
            ["The user name or the password is wrong, or the client certificate has no policy that lets it connect.", "The client identifier is taken, or not of the form that the broker wants.", "The broker does not speak this version of MQTT."],
            ["thimble sub -h HOST -p PORT --cafile FILE -t TOPIC -V mqttv311 -d", Log, "For clouds: --for knows the forms of user names and client identifiers."]),
        FaultReason.MqttDisconnected => new(
            ["Another client connected with the same client identifier.", "A quota or a limit of the broker was exceeded.", "The broker is shutting down."],
            [Log, "Give each client an identifier of its own."]),
        FaultReason.MqttConnectionLost => new(
            ["The broker dislikes what was sent, and closes without a word, as MQTT 3.1.1 has it: a topic without permission, QoS 2 or a retained message in a cloud that has none.", "Another client connected with the same client identifier.", "The network was lost."],
            [Log, "Use MQTT 5, whose brokers say why (-V mqttv5).", Debug]),
        FaultReason.MqttSubscriptionRefused => new(
            ["The client may not read that topic.", "The filter is not allowed: a wildcard at the root, say."],
            [Log, "Check the client's policy for the filter as it stands."]),
        FaultReason.MqttKeepAliveExpired => new(
            ["The network was lost without a word: a NAT forgot the connection, the radio sleeps.", "The broker is overloaded."],
            ["Lower the keep-alive interval below the NAT's memory (often 5 minutes), and reconnect.", Log]),
        FaultReason.MqttSessionUnknown => new(
            ["The device was restarted, and the broker kept its session.", "Two clients share a client identifier."],
            ["Begin a clean session once (-c off, or CleanStart).", "Keep what is in flight over restarts (MqttSession.TryStore)."]),
        FaultReason.MqttAuthenticationMethod or FaultReason.MqttAuthenticationUnexpected => new(
            ["Client and broker are configured for different methods of enhanced authentication."],
            [Log, "Compare the methods at both ends."]),
        _ => null,
    };

    private static FaultArticle? Limits(FaultReason reason) => reason switch
    {
        FaultReason.MqttTopicTooLong => new(
            ["The filter has a wildcard, and somebody publishes to a longer topic than was thought of."],
            ["thimble plan --max-topic 256", "Subscribe more narrowly."]),
        FaultReason.MqttAcknowledgementsOwed or FaultReason.MqttReceiveMaximumExceeded => new(
            ["Many messages wait at the broker, and it sends more at once than the profile plans for: MQTT 3.1.1 has no way to tell it a limit."],
            ["Use MQTT 5, which tells it (Receive Maximum).", "Lower max_inflight_messages at the broker.", "thimble advise"]),
        FaultReason.MqttPublishQos => new(
            ["A filter was subscribed with a higher QoS than the profile plans for, in this or in an earlier session.", "The broker subscribes its clients to topics by itself."],
            ["Subscribe with a lower QoS.", "Raise MaxMqttAcknowledgements for QoS 1, and MaxMqttInboundExactlyOnce for QoS 2.", Log]),
        FaultReason.MqttPacketTooLarge => new(
            ["A message is longer than the packet that this client said it takes."],
            ["thimble plan --in-window 4096", "Let MQTT read records before their tag (ProvisionalMqtt): then a payload of any size passes."]),
        _ => null,
    };

    private static FaultArticle? Grammar(FaultReason reason) => reason switch
    {
        FaultReason.MqttTopicNotUtf8 or FaultReason.MqttPropertyNotUtf8 or FaultReason.MqttResponseTopicInvalid => new(
            ["Whoever publishes it breaks the rules of MQTT's text, and the broker does not check."],
            ["Find the publisher, and subscribe more narrowly until then.", Debug]),
        FaultReason.MqttFixedHeaderFlags or FaultReason.MqttUnexpectedPacket or FaultReason.MqttRemainingLengthMalformed or FaultReason.MqttRemainingLengthWrong
            or FaultReason.MqttAcknowledgeFlags or FaultReason.MqttReturnCode or FaultReason.MqttPacketIdentifier or FaultReason.MqttTopicInvalid
            or FaultReason.MqttPublishIdentifierZero or FaultReason.MqttReasonCodeInvalid or FaultReason.MqttAcknowledgementUnknown or FaultReason.MqttPropertyUnknown
            or FaultReason.MqttPropertyMisplaced or FaultReason.MqttPropertyRepeated or FaultReason.MqttPropertyValue or FaultReason.MqttPropertyLength or FaultReason.MqttPropertyUnasked
            or FaultReason.MqttLengthNotShortest or FaultReason.MqttTopicAliasInvalid or FaultReason.MqttTopicAliasUnknown or FaultReason.MqttTopicMissing => s_protocolBroken,
        _ => null,
    };
}
