using System;
using System.Collections.Generic;

namespace Thimble.Cli.PubSub;

/// <summary>The properties of a message or of a will, as <c>-D</c> collects them (MQTT 5 §3.3.2.3).</summary>
internal sealed class MessageProperties
{
    public string? ContentType { get; set; }

    public byte[]? CorrelationData { get; set; }

    public TimeSpan? Expiry { get; set; }

    public MqttPayloadFormat? PayloadFormat { get; set; }

    public string? ResponseTopic { get; set; }

    public List<MqttUserProperty> UserProperties { get; } = [];

    /// <summary>The message with these properties.</summary>
    public MqttPublication Apply(MqttPublication message) => message with
    {
        ContentType = ContentType,
        CorrelationData = CorrelationData,
        Expiry = Expiry,
        PayloadFormat = PayloadFormat ?? MqttPayloadFormat.Unspecified,
        ResponseTopic = ResponseTopic,
        UserProperties = UserProperties,
    };
}
