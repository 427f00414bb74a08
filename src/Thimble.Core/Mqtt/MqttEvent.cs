namespace Thimble.Mqtt;

/// <summary>What <see cref="MqttSession.Receive"/> found. The value of cleared memory is never success.</summary>
public enum MqttEvent : byte
{
    /// <summary>The session has failed; <see cref="MqttSession.Fault"/> says why.</summary>
    Faulted = 0,

    /// <summary>All of the source was consumed and nothing is ready yet.</summary>
    NeedMoreData = 1,

    /// <summary>CONNACK: the broker accepted the connection (MQTT 3.1.1 §3.2).</summary>
    Connected = 2,

    /// <summary>A PUBLISH begins (§3.3): the data is its topic, <see cref="MqttSession.PayloadBytes"/> the length of what follows.</summary>
    PublishBegin = 3,

    /// <summary>The data is the next piece of the payload, a slice of the source.</summary>
    PublishData = 4,

    /// <summary>The payload ended.</summary>
    PublishEnd = 5,

    /// <summary>SUBACK: the subscription was granted (§3.9).</summary>
    Subscribed = 6,

    /// <summary>SUBACK: the broker refused the subscription (return code 0x80); the session goes on.</summary>
    SubscriptionRefused = 7,

    /// <summary>PINGRESP: the broker lives (§3.13).</summary>
    PingResponse = 8,

    /// <summary>DISCONNECT was sent: whatever still arrives is discarded (§3.14).</summary>
    Disconnected = 9,

    /// <summary>
    /// A message of QoS 1 has ended, and no more acknowledgements can be owed: call <see cref="MqttSession.Acknowledge"/>, and
    /// then go on. Nothing was consumed.
    /// </summary>
    AcknowledgementDue = 10,

    /// <summary>A payload ended that was to be skipped; where the message has QoS 1 it is acknowledged like any other.</summary>
    PublishSkipped = 11,
}
