namespace Thimble.Mqtt;

/// <summary>What a call that sends, or that tells the time, came to. The value of cleared memory is never success.</summary>
public enum MqttStatus : byte
{
    /// <summary>The session has failed; <see cref="MqttSession.Fault"/> says why, and nothing will be sent any more.</summary>
    Faulted = 0,

    /// <summary>All is written, or nothing is to be done.</summary>
    Complete = 1,

    /// <summary>The destination is full: send it, then make the same call with the same arguments and room for more.</summary>
    DestinationTooSmall = 2,

    /// <summary>A PINGREQ is due: call <see cref="MqttSession.Ping"/>.</summary>
    PingDue = 3,

    /// <summary>The call does not fit the session now: not connected, another packet half sent, an answer outstanding. Nothing was written.</summary>
    WrongState = 4,

    /// <summary>An argument breaks a rule of MQTT, or differs from that of the call which this one continues. Nothing was written.</summary>
    InvalidArgument = 5,

    /// <summary>The broker is owed acknowledgements: call <see cref="MqttSession.Acknowledge"/>.</summary>
    AcknowledgementDue = 6,

    /// <summary>
    /// The message <see cref="MqttSession.RedeliveryToken"/> must go out again before other ones of QoS 1 or 2: publish it with
    /// <see cref="MqttPublishOptions.Redelivers"/>. Nothing was written.
    /// </summary>
    RedeliveryDue = 7,

    /// <summary>
    /// As many messages of QoS 1 and 2 are unacknowledged as the profile plans for or the broker allows ([MQTT-3.3.4-7]): publish again
    /// when one was acknowledged. Nothing was written.
    /// </summary>
    QuotaExhausted = 8,

    /// <summary>The packet is larger than the broker allows ([MQTT-3.1.2-24], §3.2.2.3.6). Nothing was written.</summary>
    PacketTooLarge = 9,

    /// <summary>
    /// The broker said in CONNACK that it does not do this: a QoS, a retained message, a topic alias, a wildcard, a shared subscription or a
    /// subscription identifier. <see cref="MqttSession.Limits"/> tells. Nothing was written.
    /// </summary>
    NotAvailable = 10,
}
