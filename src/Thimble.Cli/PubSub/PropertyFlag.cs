using System;
using System.Text;

namespace Thimble.Cli.PubSub;

/// <summary>
/// <c>-D COMMAND PROPERTY VALUE</c>, or <c>-D COMMAND user-property NAME VALUE</c>: a property of one of the packets that are sent.
/// </summary>
internal static class PropertyFlag
{
    private const string UserProperty = "user-property";

    /// <summary>Whether a value more follows these three.</summary>
    public static bool OneMore(string[] values) => values[1] == UserProperty;

    /// <exception cref="UsageException">There is no such command or property, the one has not the other, or the value makes no sense.</exception>
    public static void Set(ClientSettings settings, string[] values)
    {
        string command = values[0].ToUpperInvariant();
        string property = values[1];
        bool known = (command, property) switch
        {
            ("CONNECT", UserProperty) => Add(() => settings.UserProperties.Add(Pair(values))),
            ("CONNECT", "receive-maximum") => Once(settings.ReceiveMaximum, values, () => settings.ReceiveMaximum = (int)FlagValue.Integer(property, values[2], 1, byte.MaxValue)),
            ("CONNECT", "session-expiry-interval") => Once(settings.SessionExpiry, values, () => settings.SessionExpiry = (uint)FlagValue.Integer(property, values[2], 0, uint.MaxValue)),
            ("PUBLISH", "topic-alias") => Once(settings.TopicAlias, values, () => settings.TopicAlias = (int)FlagValue.Integer(property, values[2], 1, ushort.MaxValue)),
            ("PUBLISH", _) => SetOfMessage(settings.Properties, values),
            ("WILL", "will-delay-interval") => Once(settings.WillDelay, values, () => settings.WillDelay = Seconds(values)),
            ("WILL", _) => SetOfMessage(settings.WillProperties, values),
            ("SUBSCRIBE", "subscription-identifier") => Once(settings.SubscriptionIdentifier, values, () => settings.SubscriptionIdentifier = (uint)FlagValue.Integer(property, values[2], 1, 268_435_455)),
            ("SUBSCRIBE", UserProperty) => Add(() => settings.SubscribeProperties.Add(Pair(values))),
            ("UNSUBSCRIBE", UserProperty) => Add(() => settings.UnsubscribeProperties.Add(Pair(values))),
            ("DISCONNECT", UserProperty) => Add(() => settings.DisconnectProperties.Add(Pair(values))),
            ("SUBSCRIBE" or "UNSUBSCRIBE" or "DISCONNECT" or "AUTH" or "PUBACK" or "PUBREC" or "PUBREL" or "PUBCOMP" or "CONNECT", _) => false,
            _ => throw new UsageException($"-D begins with a command, one of CONNECT, PUBLISH, WILL, SUBSCRIBE, UNSUBSCRIBE and DISCONNECT, and '{values[0]}' is none."),
        };
        if (!known)
        {
            throw new UsageException($"-D {command} {property} is not to be had here: no such property of {command} can be set. There are: {Known(command)}.");
        }

        settings.HasProperties = true;
    }

    private static bool SetOfMessage(MessageProperties message, string[] values)
    {
        string property = values[1];
        return property switch
        {
            UserProperty => Add(() => message.UserProperties.Add(Pair(values))),
            "content-type" => Once(message.ContentType, values, () => message.ContentType = FlagValue.Text(property, values[2])),
            "correlation-data" => Once(message.CorrelationData, values, () => message.CorrelationData = Encoding.UTF8.GetBytes(FlagValue.Text(property, values[2]))),
            "message-expiry-interval" => Once(message.Expiry, values, () => message.Expiry = Seconds(values)),
            "payload-format-indicator" => Once(message.PayloadFormat, values, () => message.PayloadFormat = (MqttPayloadFormat)FlagValue.Integer(property, values[2], 0, 1)),
            "response-topic" => Once(message.ResponseTopic, values, () => message.ResponseTopic = TopicRules.Name(property, values[2])),
            _ => false,
        };
    }

    private static string Known(string command)
    {
        const string OfMessages = "content-type, correlation-data, message-expiry-interval, payload-format-indicator, response-topic, user-property";
        return command switch
        {
            "CONNECT" => "receive-maximum, session-expiry-interval, user-property",
            "PUBLISH" => OfMessages + ", topic-alias",
            "WILL" => OfMessages + ", will-delay-interval",
            "SUBSCRIBE" => "subscription-identifier, user-property",
            "UNSUBSCRIBE" or "DISCONNECT" => "user-property",
            _ => "none",
        };
    }

    private static bool Add(Action set)
    {
        set();
        return true;
    }

    private static bool Once(object? before, string[] values, Action set)
    {
        if (before is not null)
        {
            throw new UsageException($"-D {values[0]} {values[1]} was given twice, and may come once.");
        }

        set();
        return true;
    }

    private static TimeSpan Seconds(string[] values) => TimeSpan.FromSeconds(FlagValue.Integer(values[1], values[2], 0, uint.MaxValue));

    private static MqttUserProperty Pair(string[] values) => new(FlagValue.Text(UserProperty, values[2]), FlagValue.Text(UserProperty, values[3]));
}
