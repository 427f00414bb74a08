namespace Thimble.Mqtt;

/// <summary>How surely a message arrives (MQTT 3.1.1 §4.3, MQTT 5 §4.3).</summary>
public enum MqttQos : byte
{
    /// <summary>At most once: nothing is acknowledged.</summary>
    AtMostOnce = 0,

    /// <summary>At least once: the sender repeats the message until it is acknowledged.</summary>
    AtLeastOnce = 1,

    /// <summary>Exactly once: the two sides agree on the message's identifier before and after.</summary>
    ExactlyOnce = 2,
}
