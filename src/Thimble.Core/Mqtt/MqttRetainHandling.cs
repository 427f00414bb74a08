namespace Thimble.Mqtt;

/// <summary>Whether a subscription brings the messages that were retained before it (MQTT 5 §3.8.3.1).</summary>
public enum MqttRetainHandling : byte
{
    /// <summary>Always, as in MQTT 3.1.1.</summary>
    Send = 0,

    /// <summary>Only where there was no such subscription.</summary>
    SendIfNew = 1,

    /// <summary>Never.</summary>
    DoNotSend = 2,
}
