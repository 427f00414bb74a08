using System;
using System.Buffers;
using System.Globalization;
using System.Text;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary><c>%j</c> and <c>%J</c>: a message as a JSON object, with its payload as a string or as JSON of its own.</summary>
internal static class JsonMessage
{
    /// <summary>Writes the object, or nothing and returns false where the payload should be JSON and is none.</summary>
    public static bool Write(IBufferWriter<byte> output, in ReceivedMessage message, bool payloadIsJson, bool pretty)
    {
        var payload = new ArrayBufferWriter<byte>();
        if (payloadIsJson && !message.Payload.IsEmpty && !JsonText.TryCopy(payload, message.Payload.Span, pretty, depth: 1))
        {
            return false;
        }

        var json = new JsonText(output, pretty);
        json.BeginObject();
        json.Name("tst"u8);
        json.String(Encoding.ASCII.GetBytes($"{message.At.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture)}{TimeFormat.Zone(message.At)}"));
        json.Name("topic"u8);
        json.String(message.Topic.Span);
        Number(ref json, "qos"u8, (int)message.Qos);
        Number(ref json, "retain"u8, message.Retain ? 1 : 0);
        Number(ref json, "payloadlen"u8, message.Payload.Length);
        if (message.Qos != MqttQos.AtMostOnce)
        {
            Number(ref json, "mid"u8, message.PacketIdentifier);
        }

        Properties(ref json, message.Properties);
        json.Name("payload"u8);
        if (message.Payload.IsEmpty)
        {
            json.Null();
        }
        else if (payloadIsJson)
        {
            output.Write(payload.WrittenSpan);
        }
        else
        {
            json.String(message.Payload.Span);
        }

        json.EndObject();
        return true;
    }

    private static void Properties(ref JsonText json, MqttMessageProperties properties)
    {
        bool any = properties is not
        {
            Expiry: null, ContentType: null, ResponseTopic: null, CorrelationData.IsEmpty: true, PayloadFormat: MqttPayloadFormat.Unspecified, UserProperties.Count: 0, SubscriptionIdentifiers.Count: 0,
        };
        if (!any)
        {
            return;
        }

        json.Name("properties"u8);
        json.BeginObject();
        foreach (uint identifier in properties.SubscriptionIdentifiers)
        {
            Number(ref json, "subscription-identifier"u8, identifier);
        }

        String(ref json, "content-type"u8, properties.ContentType);
        if (!properties.CorrelationData.IsEmpty)
        {
            json.Name("correlation-data"u8);
            json.String(properties.CorrelationData.Span);
        }

        if (properties.PayloadFormat != MqttPayloadFormat.Unspecified)
        {
            Number(ref json, "payload-format-indicator"u8, (int)properties.PayloadFormat);
        }

        String(ref json, "response-topic"u8, properties.ResponseTopic);
        UserProperties(ref json, properties);
        if (properties.Expiry is { } expiry)
        {
            Number(ref json, "message-expiry-interval"u8, (long)expiry.TotalSeconds);
        }

        json.EndObject();
    }

    private static void UserProperties(ref JsonText json, MqttMessageProperties properties)
    {
        if (properties.UserProperties.Count == 0)
        {
            return;
        }

        json.Name("user-properties"u8);
        json.BeginObject();
        foreach (MqttUserProperty property in properties.UserProperties)
        {
            String(ref json, Encoding.UTF8.GetBytes(property.Name), property.Value);
        }

        json.EndObject();
    }

    private static void Number(ref JsonText json, ReadOnlySpan<byte> name, long value)
    {
        json.Name(name);
        json.Number(value);
    }

    private static void String(ref JsonText json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
        {
            json.Name(name);
            json.String(Encoding.UTF8.GetBytes(value));
        }
    }
}
