namespace Thimble.Mqtt;

/// <summary>The properties of MQTT 5 by their identifiers (§2.2.2.2). Each summary says of what kind the value is.</summary>
public enum MqttProperty : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Byte: 1 where the payload is UTF-8 (§3.3.2.3.2).</summary>
    PayloadFormatIndicator = 1,

    /// <summary>Four bytes: seconds until the message expires (§3.3.2.3.3).</summary>
    MessageExpiryInterval = 2,

    /// <summary>String: what the payload is (§3.3.2.3.9).</summary>
    ContentType = 3,

    /// <summary>String: the topic to answer to, without wildcards (§3.3.2.3.5).</summary>
    ResponseTopic = 8,

    /// <summary>Binary: tells the requester which request an answer belongs to (§3.3.2.3.6).</summary>
    CorrelationData = 9,

    /// <summary>Variable byte integer, not 0: the subscription that a message matched, or its number when subscribing (§3.3.2.3.8, §3.8.2.1.2).</summary>
    SubscriptionIdentifier = 11,

    /// <summary>Four bytes: seconds for which the session outlives its connection; 0xFFFFFFFF for ever (§3.1.2.11.2).</summary>
    SessionExpiryInterval = 17,

    /// <summary>String: the client identifier that the broker chose (§3.2.2.3.7).</summary>
    AssignedClientIdentifier = 18,

    /// <summary>Two bytes: the keep-alive interval that counts, in seconds (§3.2.2.3.14).</summary>
    ServerKeepAlive = 19,

    /// <summary>String: the name of the authentication method (§3.1.2.11.9).</summary>
    AuthenticationMethod = 21,

    /// <summary>Binary: what the method says (§3.1.2.11.10).</summary>
    AuthenticationData = 22,

    /// <summary>Byte: 0 asks for no reason strings and user properties besides those of CONNACK, PUBLISH and DISCONNECT (§3.1.2.11.7).</summary>
    RequestProblemInformation = 23,

    /// <summary>Four bytes: seconds by which the will waits (§3.1.3.2.2).</summary>
    WillDelayInterval = 24,

    /// <summary>Byte: 1 asks for <see cref="ResponseInformation"/> (§3.1.2.11.6).</summary>
    RequestResponseInformation = 25,

    /// <summary>String: what to make a response topic from (§3.2.2.3.15).</summary>
    ResponseInformation = 26,

    /// <summary>String: another server to use (§3.2.2.3.16).</summary>
    ServerReference = 28,

    /// <summary>String: the reason in words (§3.2.2.3.9).</summary>
    ReasonString = 31,

    /// <summary>Two bytes, not 0: messages of QoS 1 and 2 at once (§3.1.2.11.3, §3.2.2.3.3). In CONNECT the session writes it.</summary>
    ReceiveMaximum = 33,

    /// <summary>Two bytes: the highest topic alias (§3.1.2.11.5, §3.2.2.3.8). In CONNECT the session writes it.</summary>
    TopicAliasMaximum = 34,

    /// <summary>Two bytes, not 0: stands for the topic (§3.3.2.3.4). In our PUBLISH the session writes it.</summary>
    TopicAlias = 35,

    /// <summary>Byte: the highest QoS that the broker takes, 0 or 1 (§3.2.2.3.4).</summary>
    MaximumQos = 36,

    /// <summary>Byte: 0 where the broker retains no messages (§3.2.2.3.5).</summary>
    RetainAvailable = 37,

    /// <summary>Two strings, a name and a value; it may come more than once.</summary>
    UserProperty = 38,

    /// <summary>Four bytes, not 0: the largest packet (§3.1.2.11.4, §3.2.2.3.6). In CONNECT the session writes it.</summary>
    MaximumPacketSize = 39,

    /// <summary>Byte: 0 where filters may hold no wildcards (§3.2.2.3.11).</summary>
    WildcardSubscriptionAvailable = 40,

    /// <summary>Byte: 0 where there are no subscription identifiers (§3.2.2.3.12).</summary>
    SubscriptionIdentifierAvailable = 41,

    /// <summary>Byte: 0 where there are no shared subscriptions (§3.2.2.3.13).</summary>
    SharedSubscriptionAvailable = 42,
}
