namespace Thimble;

/// <summary>What kind of thing went wrong, for programs; <see cref="MqttException"/>'s message tells people.</summary>
public enum MqttProblem
{
    /// <summary>Not said.</summary>
    Unspecified = 0,

    /// <summary>The broker refused the connection; the reason code says why.</summary>
    ConnectionRefused = 1,

    /// <summary>The broker ended the connection with a reason code (MQTT 5 DISCONNECT).</summary>
    DisconnectedByBroker = 2,

    /// <summary>The connection ended without a word.</summary>
    ConnectionLost = 3,

    /// <summary>The broker did not answer in time.</summary>
    KeepAliveExpired = 4,

    /// <summary>The broker broke the protocol; the fault says how.</summary>
    ProtocolFault = 5,

    /// <summary>The broker refused a publication; the reason code says why.</summary>
    PublishRefused = 6,

    /// <summary>The client's queue is full, and its policy drops what does not fit.</summary>
    QueueFull = 7,

    /// <summary>There is no connection, and none is being made.</summary>
    NotConnected = 8,

    /// <summary>
    /// The broker has forgotten the session in the middle of an exchange of QoS 2: whether the message arrived is not known, and sending it again
    /// could double it.
    /// </summary>
    SessionLost = 9,

    /// <summary>The message is larger than the broker takes, or breaks another limit that it named.</summary>
    BeyondBrokerLimit = 10,

    /// <summary>The client was disposed of, or disconnected, before the exchange was complete.</summary>
    ClientClosed = 11,

    /// <summary>The enhanced authentication failed (MQTT 5 §4.12).</summary>
    AuthenticationFailed = 12,
}
