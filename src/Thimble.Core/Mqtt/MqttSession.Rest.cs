namespace Thimble.Mqtt;

/// <summary>A session whose memory others use between two packets.</summary>
public readonly ref partial struct MqttSession
{
    /// <summary>
    /// Whether no packet is in progress, either way, and nothing is provisional: then the topic's region holds nothing that is needed, and the connection
    /// may leave its buffer (<see cref="Tls.TlsClient.Rest"/>). <see cref="Receive"/> has said <see cref="MqttEvent.NeedMoreData"/> before.
    /// </summary>
    public bool IsBetweenPackets => _state.Incoming.Reading == MqttReading.FixedHeader && !IsSending && !IsProvisional;
}
