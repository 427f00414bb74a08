namespace Thimble.Mqtt;

/// <summary>What a subscription asks for (MQTT 3.1.1 §3.8.3, MQTT 5 §3.8.3.1). All but the QoS need MQTT 5.</summary>
public readonly struct MqttSubscribeOptions
{
    private const byte QosMask = 0x03;
    private const byte NoLocalFlag = 0x04;
    private const byte RetainAsPublishedFlag = 0x08;
    private const int RetainHandlingShift = 4;

    /// <summary>The options as they stand in the packet.</summary>
    internal MqttSubscribeOptions(byte value) => Value = value;

    /// <summary>The highest QoS that messages may have.</summary>
    public MqttQos Qos
    {
        get => (MqttQos)(Value & QosMask);
        init => Value = (byte)((Value & ~QosMask) | (byte)value);
    }

    /// <summary>Whether our own messages stay away. Not for shared subscriptions ([MQTT-3.8.3-4]).</summary>
    public bool NoLocal
    {
        get => (Value & NoLocalFlag) != 0;
        init => Value = With(NoLocalFlag, value);
    }

    /// <summary>Whether messages keep the retain flag that they were published with.</summary>
    public bool RetainAsPublished
    {
        get => (Value & RetainAsPublishedFlag) != 0;
        init => Value = With(RetainAsPublishedFlag, value);
    }

    /// <summary>Which retained messages come at once.</summary>
    public MqttRetainHandling RetainHandling
    {
        get => (MqttRetainHandling)(Value >> RetainHandlingShift);
        init => Value = (byte)((Value & 0x0F) | ((byte)value << RetainHandlingShift));
    }

    /// <summary>The options as they stand in the packet.</summary>
    internal byte Value { get; private init; }

    /// <summary>Whether a client of that version may send them ([MQTT-3.8.3-5] of MQTT 5, [MQTT-3.8.3-4] of MQTT 3.1.1).</summary>
    internal bool AreValid(bool mqtt5)
        => Qos <= MqttQos.ExactlyOnce && (mqtt5 ? RetainHandling <= MqttRetainHandling.DoNotSend : Value == (byte)Qos);

    private byte With(byte flag, bool value) => (byte)(value ? Value | flag : Value & ~flag);
}
