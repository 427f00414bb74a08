namespace Thimble.Mqtt;

/// <summary>What <see cref="MqttSession.Receive"/> found. The value of cleared memory is never success.</summary>
public enum MqttEvent : byte
{
    /// <summary>The session has failed; <see cref="MqttSession.Fault"/> says why.</summary>
    Faulted = 0,

    /// <summary>All of the source was consumed and nothing is ready yet.</summary>
    NeedMoreData = 1,

    /// <summary>
    /// CONNACK: the broker accepted the connection (§3.2). <see cref="MqttSession.SessionPresent"/> says whether it goes on with an older
    /// session, and <see cref="MqttSession.Limits"/> what it allows.
    /// </summary>
    Connected = 2,

    /// <summary>
    /// A PUBLISH begins (§3.3): the data is its topic, <see cref="MqttSession.PayloadBytes"/> the length of what follows. In MQTT 5 the
    /// topic is empty where an alias stands for it: then <see cref="MqttSession.Topic"/> has it from the event of
    /// <see cref="MqttProperty.TopicAlias"/> on. Properties follow, then the payload.
    /// </summary>
    PublishBegin = 3,

    /// <summary>The data is the next piece of the payload, a slice of the source.</summary>
    PublishData = 4,

    /// <summary>The payload ended.</summary>
    PublishEnd = 5,

    /// <summary>SUBACK: every filter was granted (§3.9). <see cref="MqttSession.ReasonCode"/> is the lowest QoS among them.</summary>
    Subscribed = 6,

    /// <summary>SUBACK: the broker refused a filter or more; the session goes on. <see cref="MqttSession.ReasonCode"/> is of the first one.</summary>
    SubscriptionRefused = 7,

    /// <summary>PINGRESP: the broker lives (§3.13).</summary>
    PingResponse = 8,

    /// <summary>DISCONNECT was sent: whatever still arrives is discarded (§3.14).</summary>
    Disconnected = 9,

    /// <summary>No more acknowledgements can be owed: call <see cref="MqttSession.Acknowledge"/>, and then go on. Nothing was consumed.</summary>
    AcknowledgementDue = 10,

    /// <summary>A payload ended that was to be skipped; where the message has QoS 1 or 2 it is acknowledged like any other.</summary>
    PublishSkipped = 11,

    /// <summary>
    /// A property (MQTT 5) of the packet <see cref="MqttSession.Packet"/>: <see cref="MqttSession.Property"/> says which. Where it is an integer,
    /// <see cref="MqttSession.PropertyInteger"/> is its value, and that is all. Otherwise pieces follow, and <see cref="PropertyEnd"/>.
    /// </summary>
    Property = 12,

    /// <summary>The data is the next piece of the name of a <see cref="MqttProperty.UserProperty"/>, a slice of the source.</summary>
    PropertyName = 13,

    /// <summary>The data is the next piece of the value of a string, binary or user property, a slice of the source.</summary>
    PropertyValue = 14,

    /// <summary>The value of a string, binary or user property ended.</summary>
    PropertyEnd = 15,

    /// <summary>
    /// PUBACK or PUBCOMP: the exchange of the message <see cref="MqttSession.Token"/> is over, and the broker has it.
    /// <see cref="MqttSession.ReasonCode"/> may say that nobody subscribes to it.
    /// </summary>
    Acknowledged = 16,

    /// <summary>PUBREC: the broker has the message <see cref="MqttSession.Token"/> of QoS 2, and nobody will ask for its payload again.</summary>
    Received = 17,

    /// <summary>PUBACK or PUBREC: the broker refused the message <see cref="MqttSession.Token"/>, as <see cref="MqttSession.ReasonCode"/> says. Its exchange is over.</summary>
    PublishRefused = 18,

    /// <summary>UNSUBACK: every filter was taken back (§3.11).</summary>
    Unsubscribed = 19,

    /// <summary>UNSUBACK: the broker refused to take back a filter or more; <see cref="MqttSession.ReasonCode"/> is of the first one.</summary>
    UnsubscriptionRefused = 20,

    /// <summary>The data are the next <see cref="MqttReasonCode"/>s of SUBACK or UNSUBACK, one for each filter in the order of the request: a slice of the source.</summary>
    ReasonCodes = 21,

    /// <summary>AUTH: the broker wants more (MQTT 5 §4.12). Its data came as properties; answer with <see cref="MqttSession.Authenticate"/>.</summary>
    AuthenticationContinues = 22,

    /// <summary>AUTH: the broker is content with the authentication that <see cref="MqttSession.Authenticate"/> began anew.</summary>
    Authenticated = 23,

    /// <summary>
    /// The broker has forgotten the session that was to be continued: all messages that were in flight are unknown to it, and their entries
    /// are gone. <see cref="Connected"/> follows.
    /// </summary>
    SessionLost = 24,
}
