using System;
using System.Linq;
using Thimble.Cli.Clouds;
using Thimble.Memory;
using Thimble.Mqtt;
using Xunit;

namespace Thimble.Tool.Tests.Clouds;

/// <summary>What a preset makes of a connection, against the examples of the clouds' documentation.</summary>
public sealed class CloudPresetTests
{
    [Fact]
    public void The_names_are_those_of_bake() =>
        Assert.Equal(CloudRoots.All.Select(roots => roots.Name), CloudPresets.All.Select(preset => preset.Name));

    [Theory]
    [InlineData("aws-iot", 8883, "")]
    [InlineData("aws-iot", 443, "x-amzn-mqtt-ca")]
    [InlineData("azure-iot-hub", 8883, "")]
    [InlineData("azure-dps", 8883, "")]
    [InlineData("azure-event-grid", 8883, "")]
    [InlineData("hivemq-cloud", 8883, "")]
    [InlineData("emqx", 8883, "")]
    [InlineData("clearblade", 8883, "")]
    [InlineData("clearblade", 443, "")]
    public void Each_port_has_its_application_protocol(string cloud, int port, string alpn)
    {
        CloudConnection connection = Of(cloud, "host", "id") with { Port = port };
        Assert.Contains(connection.Preset.Ports, known => known.Port == port);
        Assert.Equal(alpn, connection.Alpn);
        Assert.Equal("mqtt", (connection with { GivenAlpn = "mqtt" }).Alpn);
    }

    [Theory]
    [InlineData("aws-iot", "3.1.1 5", "1.2 1.3")]
    [InlineData("azure-iot-hub", "3.1.1", "1.2")]
    [InlineData("azure-dps", "3.1.1", "1.2")]
    [InlineData("azure-event-grid", "3.1.1 5", "1.2 1.3")]
    [InlineData("hivemq-cloud", "3.1.1 5", "1.2 1.3")]
    [InlineData("emqx", "3.1.1 5", "1.2 1.3")]
    [InlineData("clearblade", "3.1.1", "1.2 1.3")]
    public void Each_cloud_has_its_versions(string cloud, string mqtt, string tls)
    {
        CloudPreset preset = CloudPresets.Find(cloud)!;
        Assert.Equal(mqtt, string.Join(' ', preset.Versions.Select(version => version == MqttVersion.V5 ? "5" : "3.1.1")));
        Assert.Equal(tls, string.Join(' ', new[] { (TlsVersions.Tls12, "1.2"), (TlsVersions.Tls13, "1.3") }.Where(pair => preset.TlsVersions.HasFlag(pair.Item1)).Select(pair => pair.Item2)));
    }

    [Fact]
    public void Azure_IoT_Hub_has_the_user_name_of_its_documentation()
    {
        CloudConnection device = Of("azure-iot-hub", "contoso.azure-devices.net", "MyDevice01");
        Assert.Equal("contoso.azure-devices.net/MyDevice01/?api-version=2021-04-12", device.UserName);
        Assert.Equal("contoso.azure-devices.net/devices/MyDevice01", device.TokenResource);
        Assert.Equal("devices/MyDevice01/messages/events/", device.Expand(device.Preset.TopicForms[0]));
    }

    [Fact]
    public void A_module_of_Azure_IoT_Hub_has_its_own_forms()
    {
        CloudConnection module = Of("azure-iot-hub", "contoso.azure-devices.net", "MyDevice01/pump");
        Assert.Equal("contoso.azure-devices.net/MyDevice01/pump/?api-version=2021-04-12", module.UserName);
        Assert.Equal("contoso.azure-devices.net/devices/MyDevice01/modules/pump", module.TokenResource);
        Assert.Equal("devices/MyDevice01/modules/pump/messages/events/", module.Expand(module.Preset.TopicForms[0]));
    }

    [Fact]
    public void Azure_DPS_has_the_user_name_of_its_documentation()
    {
        CloudConnection device = Of("azure-dps", "global.azure-devices-provisioning.net", "my-registration") with { IdScope = "0ne00A0A0A0" };
        Assert.Equal("global.azure-devices-provisioning.net", device.Preset.Host);
        Assert.Equal("0ne00A0A0A0/registrations/my-registration/api-version=2019-03-31", device.UserName);
        Assert.Equal("0ne00A0A0A0/registrations/my-registration", device.TokenResource);
        Assert.Equal("registration", device.Preset.TokenPolicy);
    }

    [Fact]
    public void What_was_put_into_a_form_is_no_form_itself()
    {
        CloudConnection device = Of("azure-dps", "host", "{scope}{id}") with { IdScope = "{id}{host}" };
        Assert.Equal("{id}{host}/registrations/{scope}{id}/api-version=2019-03-31", device.UserName);
        Assert.Equal("{id}/devices/a{host}/modules/b", Of("azure-iot-hub", "{id}", "a{host}/b").TokenResource);
    }

    [Fact]
    public void Azure_Event_Grid_takes_the_session_name_for_the_authentication_name_unless_told()
    {
        CloudConnection client = Of("azure-event-grid", "ns.westeurope-1.ts.eventgrid.azure.net", "Mgmt-Session1");
        Assert.Equal("Mgmt-Session1", client.UserName);
        Assert.Equal("Mgmt-application", (client with { GivenUserName = "Mgmt-application" }).UserName);
    }

    [Fact]
    public void ClearBlade_has_a_path_for_an_identifier_and_a_name_that_nobody_looks_at()
    {
        CloudConnection device = Of("clearblade", "us-central1-mqtt.clearblade.com", "projects/my-project/locations/us-central1/registries/my-registry/devices/my-device");
        Assert.Equal(("unused", "my-project"), (device.UserName, device.Audience));
        Assert.Empty(CloudRules.Connection(device with { Given = CloudCredentials.JsonWebToken }));
    }

    [Theory]
    [InlineData("aws-iot")]
    [InlineData("hivemq-cloud")]
    [InlineData("emqx")]
    public void The_others_prescribe_no_user_name(string cloud) => Assert.Null(Of(cloud, "host", "id").UserName);

    [Fact]
    public void Each_cloud_names_roots_and_has_a_profile_of_its_name_that_can_be_planned() => Assert.All(CloudPresets.All, preset =>
    {
        Assert.Same(CloudRoots.Find(preset.Name), preset.Roots);
        Assert.Equal(preset.Name, preset.Profile.Name);
        Assert.Equal(preset.TlsVersions, preset.Profile.Profile.Versions & (TlsVersions.Tls12 | TlsVersions.Tls13));
        Assert.True(preset.Ports.All(port => port.Alpn.Length <= preset.Profile.Profile.MaxAlpnBytes), preset.Name);
    });

    private static CloudConnection Of(string cloud, string host, string id) =>
        new() { Preset = CloudPresets.Find(cloud) ?? throw new ArgumentException(cloud), Host = host, Port = 8883, ClientId = id };
}
