using Thimble.Mqtt;

namespace Thimble;

/// <summary>The articles of MQTT 5's reason codes (§2.4): what a broker that complains usually means.</summary>
internal static class MqttReasonArticles
{
    private const string Log = "Look into the broker's log.";
    private const string Debug = "thimble sub -h HOST -p PORT --cafile FILE -t TOPIC -d";

    public static FaultArticle Of(MqttReasonCode reason) => Access(reason) ?? Limits(reason) ?? Server(reason) ?? new(
        ["The code says all that the broker tells."],
        [Log]);

    private static FaultArticle? Access(MqttReasonCode reason) => reason switch
    {
        MqttReasonCode.BadUserNameOrPassword => new(
            ["The user name or the password is wrong, or the password is a token that has expired.", "The cloud wants a user name of its own form."],
            ["Check both; --for knows the forms of clouds.", Log]),
        MqttReasonCode.NotAuthorized or MqttReasonCode.Banned => new(
            ["The client's policy does not allow this topic or this client identifier.", "The client certificate is known, and not active."],
            ["Compare the policy with the topic and the client identifier as they stand.", Debug, Log]),
        MqttReasonCode.BadAuthenticationMethod => new(
            ["The broker does not know the method of enhanced authentication."],
            ["Compare the methods at both ends.", Log]),
        MqttReasonCode.ClientIdentifierNotValid => new(
            ["It is empty, too long, or not of the form that the broker wants."],
            ["thimble pub -h HOST -p PORT --cafile FILE -t TOPIC -m test -i CLIENTID", Log]),
        MqttReasonCode.SessionTakenOver => new(
            ["Another client connected with the same client identifier: a second copy of this program, say."],
            ["Give each client an identifier of its own."]),
        MqttReasonCode.TopicFilterInvalid or MqttReasonCode.TopicNameInvalid => new(
            ["The topic is well-formed, and the broker does not allow it: a reserved name, or too many levels."],
            ["Compare it with the broker's documentation.", Log]),
        MqttReasonCode.UnsupportedProtocolVersion => new(
            ["The broker speaks MQTT 3.1.1 only."],
            ["thimble sub -h HOST -p PORT --cafile FILE -t TOPIC -V mqttv311"]),
        _ => null,
    };

    private static FaultArticle? Limits(MqttReasonCode reason) => reason switch
    {
        MqttReasonCode.PacketTooLarge => new(
            ["The message is larger than the broker takes."],
            ["Send it in parts, or raise the broker's limit."]),
        MqttReasonCode.QuotaExceeded or MqttReasonCode.MessageRateTooHigh or MqttReasonCode.ConnectionRateExceeded => new(
            ["More was sent, or more often, than the broker allows this client."],
            ["Send less often; reconnect with growing pauses.", Log]),
        MqttReasonCode.ReceiveMaximumExceeded => new(
            ["More messages were on their way than the broker said it takes; Thimble counts them, so something else used the connection."],
            [Log, "Please report it with the output of -d."]),
        MqttReasonCode.RetainNotSupported or MqttReasonCode.QosNotSupported or MqttReasonCode.SharedSubscriptionsNotSupported or MqttReasonCode.SubscriptionIdentifiersNotSupported
            or MqttReasonCode.WildcardSubscriptionsNotSupported => new(
            ["The broker does not have that part of MQTT; many clouds leave some out."],
            ["Do without it.", "thimble pub --help"]),
        MqttReasonCode.PayloadFormatInvalid => new(
            ["The payload was announced as text and is none."],
            ["Leave the payload format indicator out, or send UTF-8."]),
        MqttReasonCode.MaximumConnectTime or MqttReasonCode.KeepAliveTimeout => new(
            ["The connection lasted as long as the broker allows, or it heard nothing for too long."],
            ["Reconnect.", Log]),
        _ => null,
    };

    private static FaultArticle? Server(MqttReasonCode reason) => reason switch
    {
        MqttReasonCode.UseAnotherServer or MqttReasonCode.ServerMoved => new(
            ["The broker names another server, or expects the client to know it."],
            ["Connect to the server that it names, or set FollowRedirects."]),
        MqttReasonCode.ServerUnavailable or MqttReasonCode.ServerBusy or MqttReasonCode.ServerShuttingDown or MqttReasonCode.AdministrativeAction => new(
            ["The broker is being restarted, or has too much to do."],
            ["Try again later, with growing pauses.", Log]),
        MqttReasonCode.MalformedPacket or MqttReasonCode.ProtocolError or MqttReasonCode.PacketIdentifierInUse or MqttReasonCode.PacketIdentifierNotFound or MqttReasonCode.TopicAliasInvalid => new(
            ["The broker did not understand what was sent: one of both ends has a bug."],
            [Debug, Log, "If other clients work, please report it with the output of -d."]),
        _ => null,
    };
}
