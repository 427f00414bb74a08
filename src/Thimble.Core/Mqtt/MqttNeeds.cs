using Thimble.Memory;

namespace Thimble.Mqtt;

/// <summary>What a profile asks for, and what there is: pure functions, so that a host can judge another build than its own.</summary>
internal static class MqttNeeds
{
    /// <summary>What this build contains.</summary>
    public static MqttParts InThisBuild
        => (Features.Mqtt5 ? MqttParts.Version5 : MqttParts.None) | (Features.MqttQos ? MqttParts.Qos : MqttParts.None);

    /// <summary>What the profile asks for beyond <paramref name="contained"/>.</summary>
    public static MqttParts Missing(in Profile profile, MqttParts contained)
    {
        MqttParts needed = (profile.MqttVersions & MqttVersions.V5) != 0 ? MqttParts.Version5 : MqttParts.None;
        bool qos = profile.MaxMqttAcknowledgements > 0 || profile.MaxMqttInFlight > 0 || profile.MaxMqttInboundExactlyOnce > 0;
        return (needed | (qos ? MqttParts.Qos : MqttParts.None)) & ~contained;
    }
}
