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

    /// <summary>Messages of QoS 1 have arrived: call <see cref="MqttSession.Acknowledge"/>.</summary>
    AcknowledgementDue = 6,
}
