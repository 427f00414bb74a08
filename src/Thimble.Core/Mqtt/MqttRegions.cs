using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>The regions of an MQTT session. A profile without topics plans none.</summary>
public static class MqttRegions
{
    /// <summary>Adds them.</summary>
    public static void Add(ref RegionSet regions, in Profile profile)
    {
        bool planned = profile.MaxMqttTopicBytes != 0;
        regions.Add(RegionId.MqttSession, planned ? MqttSession.SessionBytes(profile) : 0);
        regions.Add(RegionId.MqttTopic, MqttSession.TopicBytes(profile));
        regions.Add(RegionId.MqttRollback, planned ? MqttSession.RollbackBytes(profile) : 0);
        regions.Add(RegionId.MqttInFlight, planned ? MqttSession.InFlightBytes(profile) : 0);
    }
}
