using Thimble.Memory;

namespace Thimble;

/// <summary>Explains what went wrong between an MQTT client and its broker.</summary>
internal static class MqttFaults
{
    private const string BrokerBug = "The broker breaks the protocol: try its newest version, and report it there.";

    public static FaultExplanation? Explain(in Fault fault) => fault.Reason switch
    {
        FaultReason.MqttMalformed => new(
            $"A control packet of the broker breaks the grammar of MQTT ({fault.Expected} was expected, {fault.Actual} found).",
            "Is there an MQTT 3.1.1 broker behind this port?"),
        FaultReason.MqttConnectionRefused => new(
            $"The broker refused the connection: {ReturnCode(fault.Actual)} ({fault.Actual}).",
            "Check the client identifier and what the broker allows this client certificate."),
        FaultReason.MqttUnexpectedPacket => new(
            $"The broker sent {PacketType(fault.Actual)}, which it may not do now.",
            BrokerBug),
        FaultReason.MqttTopicTooLong => new(
            $"A message arrived on a topic of {fault.Actual} bytes, and the profile plans for {fault.Expected}.",
            "Raise MaxMqttTopicBytes (--max-topic), or subscribe more narrowly."),
        FaultReason.MqttPacketTooLarge => new(
            $"A packet of {fault.Actual} bytes does not fit where it must go, which takes {fault.Expected}.",
            "Raise OutWindowBytes (--window), or send less at once."),
        FaultReason.MqttSubscriptionRefused => new(
            $"The broker refused the subscription ({fault.Actual}).",
            "Check what the broker allows this client to read."),
        FaultReason.MqttKeepAliveExpired => new(
            "The broker did not answer in time.",
            "Check the network, or give it more time."),
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
