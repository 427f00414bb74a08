using System;
using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>Which reason codes a packet may carry (MQTT 5, tables 3-1, 3-4 to 3-13), and which one tells the broker of a fault.</summary>
internal static class MqttReasonCodes
{
    private const ushort Connack = 1 << (int)MqttPacketType.Connack;
    private const ushort Received = (1 << (int)MqttPacketType.Puback) | (1 << (int)MqttPacketType.Pubrec);
    private const ushort Released = (1 << (int)MqttPacketType.Pubrel) | (1 << (int)MqttPacketType.Pubcomp);
    private const ushort Suback = 1 << (int)MqttPacketType.Suback;
    private const ushort Unsuback = 1 << (int)MqttPacketType.Unsuback;
    private const ushort Disconnect = 1 << (int)MqttPacketType.Disconnect;
    private const ushort Auth = 1 << (int)MqttPacketType.Auth;

    /// <summary>The lowest code that is a refusal.</summary>
    private const byte FirstRefusal = 0x80;

    /// <summary>True for a refusal.</summary>
    public static bool IsRefusal(MqttReasonCode code) => (byte)code >= FirstRefusal;

    /// <summary>Whether a broker may send that code in that packet.</summary>
    public static bool MayStand(MqttReasonCode code, MqttPacketType packet) => ((PacketsOf(code) >> (int)packet) & 1) != 0;

    /// <summary>Whether a client may end a connection with it (MQTT 5 §3.14.2.1).</summary>
    public static bool MayDisconnectWith(MqttReasonCode code) => code
        is MqttReasonCode.Success or MqttReasonCode.DisconnectWithWill
        or (>= MqttReasonCode.UnspecifiedError and <= MqttReasonCode.ImplementationSpecificError)
        or MqttReasonCode.TopicNameInvalid
        or (>= MqttReasonCode.ReceiveMaximumExceeded and <= MqttReasonCode.PayloadFormatInvalid);

    /// <summary>What DISCONNECT says after a fault (MQTT 5 §4.13); success where the broker has nothing to learn.</summary>
    public static MqttReasonCode Of(FaultReason fault)
    {
        switch (fault)
        {
            case FaultReason.MqttFixedHeaderFlags:
            case FaultReason.MqttRemainingLengthMalformed:
            case FaultReason.MqttRemainingLengthWrong:
            case FaultReason.MqttTopicNotUtf8:
            case FaultReason.MqttPropertyUnknown:
            case FaultReason.MqttPropertyLength:
            case FaultReason.MqttPropertyNotUtf8:
            case FaultReason.MqttLengthNotShortest:
                return MqttReasonCode.MalformedPacket;
            case FaultReason.MqttTopicInvalid:
            case FaultReason.MqttTopicTooLong:
                return MqttReasonCode.TopicNameInvalid;
            case FaultReason.MqttAcknowledgementsOwed:
            case FaultReason.MqttReceiveMaximumExceeded:
                return MqttReasonCode.ReceiveMaximumExceeded;
            case FaultReason.MqttTopicAliasInvalid:
                return MqttReasonCode.TopicAliasInvalid;
            case FaultReason.MqttPacketTooLarge:
                return MqttReasonCode.PacketTooLarge;
            case FaultReason.MqttKeepAliveExpired:
                return MqttReasonCode.UnspecifiedError;
            case FaultReason.None:
            case FaultReason.MqttConnectionLost:
            case FaultReason.MqttConnectionRefused:
            case FaultReason.MqttDisconnected:
                return MqttReasonCode.Success;
            default:
                return MqttReasonCode.ProtocolError;
        }
    }

    private static ushort PacketsOf(MqttReasonCode code)
    {
        int index = (byte)code - FirstRefusal;
        if (index >= 0)
        {
            return index < Refusals.Length ? Refusals[index] : (ushort)0;
        }

        return code switch
        {
            MqttReasonCode.Success => Connack | Received | Released | Suback | Unsuback | Disconnect | Auth,
            MqttReasonCode.GrantedQos1 or MqttReasonCode.GrantedQos2 => Suback,
            MqttReasonCode.NoMatchingSubscribers => Received,
            MqttReasonCode.NoSubscriptionExisted => Unsuback,
            MqttReasonCode.ContinueAuthentication => Auth,
            _ => 0,
        };
    }

    private static ReadOnlySpan<ushort> Refusals =>
    [
        Connack | Received | Suback | Unsuback | Disconnect, // 0x80
        Connack | Disconnect,
        Connack | Disconnect,
        Connack | Received | Suback | Unsuback | Disconnect,
        Connack,
        Connack,
        Connack,
        Connack | Received | Suback | Unsuback | Disconnect,
        Connack,
        Connack | Disconnect,
        Connack,
        Disconnect,
        Connack | Disconnect,
        Disconnect,
        Disconnect,
        Suback | Unsuback | Disconnect,
        Connack | Received | Disconnect, // 0x90
        Received | Suback | Unsuback,
        Released,
        Disconnect,
        Disconnect,
        Connack | Disconnect,
        Disconnect,
        Connack | Received | Suback | Disconnect,
        Disconnect,
        Connack | Received | Disconnect,
        Connack | Disconnect,
        Connack | Disconnect,
        Connack | Disconnect,
        Connack | Disconnect,
        Suback | Disconnect,
        Connack | Disconnect,
        Disconnect, // 0xA0
        Suback | Disconnect,
        Suback | Disconnect,
    ];
}
