using System;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>
/// A message that arrived. Its memory belongs to the client and is used again: it is valid until <see cref="Dispose"/>, in a loop over
/// <see cref="MqttClient.Messages"/> until the next turn. Whoever needs it longer copies what he needs. A use after that throws
/// <see cref="ObjectDisposedException"/>. Safe to be read by many threads.
/// </summary>
public readonly struct MqttMessage : IDisposable
{
    private readonly InboundMessage? _message;
    private readonly int _use;

    internal MqttMessage(InboundMessage message)
    {
        _message = message;
        _use = message.Use;
    }

    /// <summary>The topic. Topics that come often cost no new string.</summary>
    public string Topic => Message.TopicText;

    /// <summary>The topic in UTF-8.</summary>
    public ReadOnlyMemory<byte> TopicUtf8 => Message.Topic;

    /// <summary>The payload.</summary>
    public ReadOnlyMemory<byte> Payload => Message.Payload;

    /// <summary>The QoS with which it came.</summary>
    public MqttQos Qos => Message.Qos;

    /// <summary>Whether the broker had kept it (or, where the subscription asks for that, whether it was published so).</summary>
    public bool Retain => Message.Retain;

    /// <summary>Whether the broker may have sent it before.</summary>
    public bool Duplicate => Message.Duplicate;

    /// <summary>The number of the packet that brought it, or 0 with QoS 0: for logs, since a number is soon used again.</summary>
    internal ushort PacketIdentifier => Message.PacketIdentifier;

    /// <summary>What MQTT 5 lets it say besides.</summary>
    public MqttMessageProperties Properties => Message.Properties;

    /// <summary>
    /// Says that the message has been dealt with, where <see cref="MqttClientOptions.ManualAcknowledgement"/> is set; otherwise it was said when the message was
    /// taken. Acknowledgements leave in the order in which the messages came ([MQTT-4.6.0-2]): one that is never acknowledged holds back all behind it, and the
    /// broker, until the next connection brings it again. Of a connection that has ended it does nothing: the broker sends the message again. Does not wait.
    /// </summary>
    public void Acknowledge() => Message.Acknowledge();

    /// <summary>Gives the memory back. Does not acknowledge.</summary>
    public void Dispose()
    {
        _message?.Release(_use);
    }

    private InboundMessage Message
    {
        get
        {
            ObjectDisposedException.ThrowIf(_message is null || _message.Use != _use, typeof(MqttMessage));
            return _message;
        }
    }
}
