using System;

namespace Thimble.Mqtt;

/// <summary>What MQTT 5 says of each property: its kind, the packets that may carry it (§2.2.2.2, table 2-4), and its legal values.</summary>
internal static class MqttPropertyRules
{
    private const ushort Will = 1 << (int)MqttPropertyPlace.Will;
    private const ushort Connect = 1 << (int)MqttPropertyPlace.Connect;
    private const ushort Connack = 1 << (int)MqttPropertyPlace.Connack;
    private const ushort Publish = 1 << (int)MqttPropertyPlace.Publish;
    private const ushort OurPublish = 1 << (int)MqttPropertyPlace.OurPublish;
    private const ushort Subscribe = 1 << (int)MqttPropertyPlace.Subscribe;
    private const ushort Unsubscribe = 1 << (int)MqttPropertyPlace.Unsubscribe;
    private const ushort Disconnect = 1 << (int)MqttPropertyPlace.Disconnect;
    private const ushort OurDisconnect = 1 << (int)MqttPropertyPlace.OurDisconnect;
    private const ushort Auth = 1 << (int)MqttPropertyPlace.Auth;

    private const ushort Acknowledgements = (1 << (int)MqttPacketType.Puback) | (1 << (int)MqttPacketType.Pubrec)
        | (1 << (int)MqttPacketType.Pubrel) | (1 << (int)MqttPacketType.Pubcomp) | (1 << (int)MqttPacketType.Suback) | (1 << (int)MqttPacketType.Unsuback);

    private const ushort Message = Publish | OurPublish | Will;
    private const ushort All = Message | Connect | Connack | Subscribe | Unsubscribe | Disconnect | OurDisconnect | Auth | Acknowledgements;

    // What PUBLISH takes with a topic of one byte, and more than an acknowledgement takes: below it a connection could carry nothing, not even what it owes.
    private const byte LeastPacketBytes = 6;

    private const byte Count = (byte)MqttProperty.SharedSubscriptionAvailable + 1;

    /// <summary>The kind of a property's value.</summary>
    public static MqttPropertyKind KindOf(MqttProperty property)
        => (byte)property < Count ? (MqttPropertyKind)Kinds[(byte)property] : MqttPropertyKind.None;

    /// <summary>Whether a property that has a kind may stand there.</summary>
    public static bool MayStand(MqttProperty property, MqttPropertyPlace place) => ((Places[(byte)property] >> (int)place) & 1) != 0;

    /// <summary>Whether it may stand there more than once.</summary>
    public static bool MayRepeat(MqttProperty property, MqttPropertyPlace place)
        => property == MqttProperty.UserProperty || (property == MqttProperty.SubscriptionIdentifier && place == MqttPropertyPlace.Publish);

    /// <summary>Whether an integer property may have that value: switches are 0 or 1, and limits are not 0. A topic alias is judged elsewhere.</summary>
    public static bool MayBe(MqttProperty property, uint value) => property switch
    {
        MqttProperty.ReceiveMaximum or MqttProperty.SubscriptionIdentifier => value != 0,
        MqttProperty.MaximumPacketSize => value >= LeastPacketBytes,
        _ => KindOf(property) != MqttPropertyKind.Byte || value <= 1,
    };

    private static ReadOnlySpan<byte> Kinds =>
    [
        0, 1, 3, 6, 0, 0, 0, 0, 6, 5, // to CorrelationData
        0, 4, 0, 0, 0, 0, 0, 3, 6, 2, // to ServerKeepAlive
        0, 6, 5, 1, 3, 1, 6, 0, 6, 0, // to ServerReference
        0, 6, 0, 2, 2, 2, 1, 1, 7, 3, // to MaximumPacketSize
        1, 1, 1, // to SharedSubscriptionAvailable
    ];

    private static ReadOnlySpan<ushort> Places =>
    [
        0,
        Message, // PayloadFormatIndicator
        Message, // MessageExpiryInterval
        Message, // ContentType
        0,
        0,
        0,
        0,
        Message, // ResponseTopic
        Message, // CorrelationData
        0,
        Publish | Subscribe, // SubscriptionIdentifier
        0,
        0,
        0,
        0,
        0,
        Connect | Connack | OurDisconnect, // SessionExpiryInterval
        Connack, // AssignedClientIdentifier
        Connack, // ServerKeepAlive
        0,
        Connect | Connack | Auth, // AuthenticationMethod
        Connect | Connack | Auth, // AuthenticationData
        Connect, // RequestProblemInformation
        Will, // WillDelayInterval
        Connect, // RequestResponseInformation
        Connack, // ResponseInformation
        0,
        Connack | Disconnect, // ServerReference
        0,
        0,
        Connack | Acknowledgements | Disconnect | OurDisconnect | Auth, // ReasonString
        0,
        Connack, // ReceiveMaximum
        Connack, // TopicAliasMaximum
        Publish, // TopicAlias
        Connack, // MaximumQos
        Connack, // RetainAvailable
        All, // UserProperty
        Connack, // MaximumPacketSize
        Connack, // WildcardSubscriptionAvailable
        Connack, // SubscriptionIdentifierAvailable
        Connack, // SharedSubscriptionAvailable
    ];
}
