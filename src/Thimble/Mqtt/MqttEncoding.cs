using System;
using System.Buffers;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>Turns what the host says into the properties and filters of packets.</summary>
internal static class MqttEncoding
{
    /// <summary>The seconds that stand for ever (MQTT 5 §3.1.2.11.2).</summary>
    public const uint Forever = uint.MaxValue;

    private const int MaxBytes = 32 << 10;

    /// <summary>The topic in UTF-8, in <paramref name="scratch"/> where it fits.</summary>
    /// <exception cref="ArgumentException">It is no topic name.</exception>
    public static ReadOnlySpan<byte> Topic(string topic, Span<byte> scratch)
    {
        ArgumentNullException.ThrowIfNull(topic);
        ReadOnlySpan<byte> bytes = Encoding.UTF8.TryGetBytes(topic, scratch, out int written) ? scratch[..written] : Encoding.UTF8.GetBytes(topic);
        return MqttText.IsTopicName(bytes)
            ? bytes
            : throw new ArgumentException($"'{PrintableText.Of(topic)}' is no topic to publish to: it has 1 to 65,535 bytes, no '+', no '#' and no U+0000.", nameof(topic));
    }

    /// <summary>Whole seconds; more than fit are for ever.</summary>
    public static uint Seconds(TimeSpan time) => time.TotalSeconds >= Forever ? Forever : (uint)Math.Max(0, time.TotalSeconds);

    /// <summary>The properties of a publication, and of the trace that it belongs to.</summary>
    public static byte[] Publication(MqttPublication publication, string? traceParent, string? traceState, TimeSpan? willDelay = null)
    {
        return Write(
            (publication, traceParent, traceState, willDelay),
            static (ref MqttPropertyWriter writer, (MqttPublication Publication, string? TraceParent, string? TraceState, TimeSpan? WillDelay) what) =>
            {
                MqttPublication said = what.Publication;
                AddIf(ref writer, what.WillDelay > TimeSpan.Zero, MqttProperty.WillDelayInterval, Seconds(what.WillDelay ?? default));
                AddIf(ref writer, said.PayloadFormat != MqttPayloadFormat.Unspecified, MqttProperty.PayloadFormatIndicator, (uint)said.PayloadFormat);
                AddIf(ref writer, said.Expiry is not null, MqttProperty.MessageExpiryInterval, Seconds(said.Expiry ?? default));
                AddIf(ref writer, MqttProperty.ContentType, said.ContentType);
                AddIf(ref writer, MqttProperty.ResponseTopic, said.ResponseTopic);
                if (!said.CorrelationData.IsEmpty)
                {
                    writer.Add(MqttProperty.CorrelationData, said.CorrelationData.Span);
                }

                Add(ref writer, said.UserProperties);
                AddIf(ref writer, "traceparent", what.TraceParent);
                AddIf(ref writer, "tracestate", what.TraceState);
            });
    }

    /// <summary>The properties of CONNECT.</summary>
    public static byte[] Connect(MqttClientOptions options, ReadOnlyMemory<byte> authentication) => Write(
        (options, authentication),
        static (ref MqttPropertyWriter writer, (MqttClientOptions Options, ReadOnlyMemory<byte> Authentication) what) =>
        {
            AddIf(ref writer, what.Options.SessionExpiry > TimeSpan.Zero, MqttProperty.SessionExpiryInterval, Seconds(what.Options.SessionExpiry));
            Add(ref writer, what.Options.Authentication, what.Authentication);
            Add(ref writer, what.Options.UserProperties);
        });

    /// <summary>The properties of AUTH.</summary>
    public static byte[] Authentication(MqttAuthentication authentication, ReadOnlyMemory<byte> data) => Write(
        (authentication, data),
        static (ref MqttPropertyWriter writer, (MqttAuthentication Authentication, ReadOnlyMemory<byte> Data) what) => Add(ref writer, what.Authentication, what.Data));

    /// <summary>The properties of SUBSCRIBE.</summary>
    public static byte[] Subscribe(uint identifier, IReadOnlyList<MqttUserProperty> userProperties) => Write(
        (identifier, userProperties),
        static (ref MqttPropertyWriter writer, (uint Identifier, IReadOnlyList<MqttUserProperty> UserProperties) what) =>
        {
            AddIf(ref writer, what.Identifier != 0, MqttProperty.SubscriptionIdentifier, what.Identifier);
            Add(ref writer, what.UserProperties);
        });

    /// <summary>User properties alone: those of UNSUBSCRIBE and DISCONNECT.</summary>
    public static byte[] User(IReadOnlyList<MqttUserProperty> userProperties) =>
        Write(userProperties, static (ref MqttPropertyWriter writer, IReadOnlyList<MqttUserProperty> what) => Add(ref writer, what));

    /// <summary>The filters of SUBSCRIBE.</summary>
    /// <exception cref="ArgumentException">One is none, or they are too many.</exception>
    public static byte[] Filters(IReadOnlyList<MqttSubscription> subscriptions)
    {
        var writer = new MqttSubscriptionWriter(new byte[MaxBytes]);
        foreach (MqttSubscription subscription in subscriptions)
        {
            writer.Add(Filter(subscription.Filter), new MqttSubscribeOptions
            {
                Qos = subscription.Qos,
                NoLocal = subscription.NoLocal,
                RetainAsPublished = subscription.RetainAsPublished,
                RetainHandling = subscription.RetainHandling,
            });
        }

        return writer.Overrun ? throw TooMany(nameof(subscriptions)) : writer.Written.ToArray();
    }

    /// <summary>The filters of UNSUBSCRIBE.</summary>
    /// <exception cref="ArgumentException">One is none, or they are too many.</exception>
    public static byte[] Filters(IReadOnlyList<string> filters)
    {
        var writer = new MqttUnsubscriptionWriter(new byte[MaxBytes]);
        foreach (string filter in filters)
        {
            writer.Add(Filter(filter));
        }

        return writer.Overrun ? throw TooMany(nameof(filters)) : writer.Written.ToArray();
    }

    private static byte[] Filter(string filter)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(filter ?? throw new ArgumentException("A filter is null.", nameof(filter)));
        return MqttText.IsTopicFilter(bytes)
            ? bytes
            : throw new ArgumentException($"'{PrintableText.Of(filter)}' is no topic filter: '+' fills a whole level, '#' the last one.", nameof(filter));
    }

    private static ArgumentException TooMany(string name) => new($"The filters do not fit into one packet of {MaxBytes} bytes. Use several calls.", name);

    private delegate void Writing<T>(ref MqttPropertyWriter writer, T what);

    [SuppressMessage("Style", "IDE0063", Justification = "The memory is given back where its last use is seen.")]
    private static byte[] Write<T>(T what, Writing<T> write)
    {
        byte[] memory = ArrayPool<byte>.Shared.Rent(MaxBytes);
        try
        {
            var writer = new MqttPropertyWriter(memory);
            write(ref writer, what);
            return writer.IsRefused ? throw new ArgumentException($"A property is longer than MQTT allows, or they are more than {MaxBytes} bytes in all.", nameof(what)) : writer.Written.ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(memory, clearArray: true);
        }
    }

    private static void Add(ref MqttPropertyWriter writer, IReadOnlyList<MqttUserProperty> properties)
    {
        foreach (MqttUserProperty property in properties)
        {
            writer.AddUserProperty(Encoding.UTF8.GetBytes(property.Name), Encoding.UTF8.GetBytes(property.Value));
        }
    }

    private static void Add(ref MqttPropertyWriter writer, MqttAuthentication? authentication, ReadOnlyMemory<byte> data)
    {
        if (authentication is not null)
        {
            writer.Add(MqttProperty.AuthenticationMethod, Encoding.UTF8.GetBytes(authentication.Method));
            if (!data.IsEmpty)
            {
                writer.Add(MqttProperty.AuthenticationData, data.Span);
            }
        }
    }

    private static void AddIf(ref MqttPropertyWriter writer, bool holds, MqttProperty property, uint value)
    {
        if (holds)
        {
            writer.Add(property, value);
        }
    }

    private static void AddIf(ref MqttPropertyWriter writer, MqttProperty property, string? value)
    {
        if (value is not null)
        {
            writer.Add(property, Encoding.UTF8.GetBytes(value));
        }
    }

    private static void AddIf(ref MqttPropertyWriter writer, string name, string? value)
    {
        if (value is not null)
        {
            writer.AddUserProperty(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value));
        }
    }
}
