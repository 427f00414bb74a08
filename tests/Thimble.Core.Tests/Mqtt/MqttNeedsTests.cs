using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Core.Tests.Mqtt;

/// <summary>What a build lacks of what a profile asks of MQTT.</summary>
public sealed class MqttNeedsTests
{
    private const MqttParts All = MqttParts.Version5 | MqttParts.Qos;

    [Fact]
    public void The_default_build_lacks_nothing()
    {
        Assert.Equal(All, MqttNeeds.InThisBuild);
        Assert.Equal(MqttParts.None, MqttNeeds.Missing(Desk.Profile5(), MqttNeeds.InThisBuild));
    }

    [Fact]
    public void Messages_of_QoS_0_in_MQTT_311_need_nothing()
    {
        Assert.Equal(MqttParts.None, MqttNeeds.Missing(new Profile { MaxMqttTopicBytes = 64, ProvisionalMqtt = true }, MqttParts.None));
        Assert.Equal(MqttParts.None, MqttNeeds.Missing(new Profile { MqttVersions = MqttVersions.V311 }, MqttParts.None));
    }

    [Fact]
    public void Each_part_is_missed_by_itself()
    {
        var five = new Profile { MqttVersions = MqttVersions.V311 | MqttVersions.V5 };
        Assert.Equal(MqttParts.Version5, MqttNeeds.Missing(five, MqttParts.Qos));
        Assert.Equal(MqttParts.None, MqttNeeds.Missing(five, MqttParts.Version5));
        Assert.Equal(MqttParts.Qos, MqttNeeds.Missing(new Profile { MaxMqttAcknowledgements = 1 }, MqttParts.Version5));
        Assert.Equal(MqttParts.Qos, MqttNeeds.Missing(new Profile { MaxMqttInFlight = 1 }, MqttParts.Version5));
        Assert.Equal(MqttParts.Qos, MqttNeeds.Missing(new Profile { MaxMqttInboundExactlyOnce = 1 }, MqttParts.Version5));
        Assert.Equal(All, MqttNeeds.Missing(Desk.Profile5(), MqttParts.None));
    }
}
