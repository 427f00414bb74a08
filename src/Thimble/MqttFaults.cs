using Thimble.Memory;

namespace Thimble;

/// <summary>Explains what went wrong between an MQTT client and its broker.</summary>
internal static class MqttFaults
{
    private const string BrokerBug = "The broker breaks the protocol: try its newest version, and report it there.";

    public static FaultExplanation? Explain(in Fault fault) => Session(fault) ?? Grammar(fault);

    private static FaultExplanation? Session(in Fault fault) => fault.Reason switch
    {
        FaultReason.MqttConnectionRefused => new(
            $"The broker refused the connection: {ReturnCode(fault.Actual)} ({fault.Actual}).",
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
            $"The broker refused the subscription ({fault.Actual}).",
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
            $"The broker sent a message of QoS {fault.Actual}, and at most {fault.Expected} was subscribed.",
            BrokerBug),
        FaultReason.MqttAcknowledgementsOwed => new(
            $"One record of the broker holds {fault.Actual} messages of QoS 1 or more, and the profile plans to owe {fault.Expected} acknowledgements.",
            "Raise MaxMqttAcknowledgements, or InWindowBytes (--in-window) so that such records fit."),
        _ => null,
    };

    private static FaultExplanation? Grammar(in Fault fault) => fault.Reason switch
    {
        FaultReason.MqttFixedHeaderFlags => new(
            $"A packet of the broker begins with 0x{fault.Actual:X2}, whose flags are not allowed.",
            "Is there an MQTT 3.1.1 broker behind this port?"),
        FaultReason.MqttRemainingLengthMalformed => new(
            "The length of a packet of the broker goes on after its fourth byte.",
            "Is there an MQTT 3.1.1 broker behind this port?"),
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
        _ => $"a packet of type {type}",
    };
}
