using System;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>
/// The regions of a session, as the plan sizes them, in native memory. They outlive connections: what is in flight lies there. Guarded by the
/// client's lock.
/// </summary>
internal sealed class MqttSessionMemory : IDisposable
{
    /// <summary>
    /// Every identifier that there is. A broker of MQTT 3.1.1 is told no limit, and of a message of QoS 2 nothing can be held back: what lets it go comes behind those
    /// that follow it. Mosquitto 2.0.11 exceeds Receive Maximum of MQTT 5 as well.
    /// </summary>
    private const int MaxInboundExactlyOnce = ushort.MaxValue;

    private readonly Profile _profile;
    private readonly PlanBuffer _memory;
    private readonly int _topicStart;
    private readonly int _inFlightStart;
    private readonly int _end;

    public MqttSessionMemory(MqttClientOptions options)
    {
        _profile = new Profile
        {
            MqttVersions = options.Version == MqttVersion.V5 ? MqttVersions.V5 : MqttVersions.V311,
            MaxMqttTopicBytes = options.MaxTopicBytes,
            MaxMqttAcknowledgements = options.ReceiveMaximum,
            MaxMqttInFlight = options.MaxInFlight,
            MaxMqttTopicAliases = options.InboundTopicAliases,
            MaxMqttInboundExactlyOnce = MaxInboundExactlyOnce,
        };
        _topicStart = Aligned(MqttSession.SessionBytes(_profile));
        _inFlightStart = _topicStart + Aligned(MqttSession.TopicBytes(_profile));
        _end = _inFlightStart + Aligned(MqttSession.InFlightBytes(_profile));
        _memory = new PlanBuffer(_end);
    }

    public MqttSession Session
    {
        get
        {
            Span<byte> memory = _memory.Span;
            return new MqttSession(_profile, memory[.._topicStart], memory[_topicStart.._inFlightStart][..MqttSession.TopicBytes(_profile)], default, memory[_inFlightStart.._end]);
        }
    }

    public void Dispose() => _memory.Dispose();

    private static int Aligned(int bytes) => (bytes + 7) & ~7;
}
