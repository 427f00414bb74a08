using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble.Cli.Clouds;

/// <summary>
/// The clouds that <c>--for</c> knows. Each value is from the cloud's public documentation as of 2026-11-22, by the title that stands beside it; docs/clouds.md has the whole
/// list, and what was not found there with certainty and is therefore not checked.
/// </summary>
internal static class CloudPresets
{
    private const int Kibibyte = 1024;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CloudPreset> All { get; } = [Aws(), IotHub(), Dps(), EventGrid(), HiveMq(), Emqx(), ClearBlade()];

    /// <summary>Their names, for sentences.</summary>
    public static string Names => string.Join(", ", All.Select(preset => preset.Name));

    /// <summary>The cloud of that name, or null.</summary>
    public static CloudPreset? Find(string name) => All.FirstOrDefault(preset => string.Equals(preset.Name, name, StringComparison.OrdinalIgnoreCase));

    private static CloudPreset Aws() => new()
    {
        Name = "aws-iot",
        Title = "AWS IoT Core",
        Ports = [new(8883), new(443, "x-amzn-mqtt-ca")], // "Device communication protocols": protocols, port mappings and authentication
        Credentials = CloudCredentials.Certificate,      // the same; custom authorizers are not covered
        MaxQos = MqttQos.AtLeastOnce,                    // "MQTT": quality of service options
        RetainsReserved = false,                         // "MQTT": creating a retained message
        MaxPayloadBytes = 128 * Kibibyte,                // "AWS IoT Core endpoints and quotas": message broker limits; so is all up to MaxKeepAlive
        MaxTopicBytes = 256,
        MaxSlashes = 7,
        UncountedPrefix = "$aws/rules/",                 // also "ClientExtendedValidationAndFlowControl" of the AWS IoT Device SDK
        MaxFilters = 8,
        MaxClientIdBytes = 128,
        MinKeepAlive = 30,
        MaxKeepAlive = 1200,
        Roots = CloudRoots.AwsIot,                       // "Server authentication"
        Limits = Profiles.Rsa2048.Profile with { MaxMqttTopicBytes = 256 },
    };

    private static CloudPreset IotHub() => new()
    {
        Name = "azure-iot-hub",
        Title = "Azure IoT Hub",
        Versions = [MqttVersion.V311],       // "Communicate with an IoT hub using the MQTT protocol"; all without another title is from there
        TlsVersions = TlsVersions.Tls12,     // "Transport Layer Security (TLS) support in IoT Hub"
        Credentials = CloudCredentials.SasToken | CloudCredentials.Certificate,
        UserNameForm = "{host}/{id}/?api-version=2021-04-12",
        UserNameIsFree = false,
        TokenResourceForm = "{host}/devices/{device}", // "Control access to IoT Hub using SAS tokens"
        ClientIdMeaning = "which is the device ID, or DEVICE/MODULE",
        ClientIdProblem = AzureNames.DeviceOrModuleProblem, // "Understand the identity registry in your IoT hub"
        MaxQos = MqttQos.AtLeastOnce,
        Retains = false,
        MaxPayloadBytes = 256 * Kibibyte,
        MaxFilters = 5,
        TopicForms = ["devices/{device}/messages/events/", "$iothub/"],
        WillForms = ["devices/{device}/messages/events/"],
        FilterForms = ["devices/{device}/", "$iothub/"],
        MaxKeepAlive = 1177,
        Roots = CloudRoots.AzureIotHub,      // "Transport Layer Security (TLS) support in IoT Hub"
        Limits = Profiles.Rsa4096P384.Profile.Offering(TlsVersions.Tls12),
    };

    private static CloudPreset Dps() => new()
    {
        Name = "azure-dps",
        Title = "Azure IoT Hub Device Provisioning Service",
        Host = "global.azure-devices-provisioning.net", // "IoT Hub Device Provisioning Service (DPS) terminology": device provisioning endpoint
        Versions = [MqttVersion.V311],                  // "Communicate with your DPS using the MQTT protocol"; so is the rest
        TlsVersions = TlsVersions.Tls12,
        Credentials = CloudCredentials.SasToken | CloudCredentials.Certificate,
        UserNameForm = "{scope}/registrations/{id}/api-version=2019-03-31",
        UserNameIsFree = false,
        TokenResourceForm = "{scope}/registrations/{id}",
        TokenPolicy = "registration",
        ClientIdMeaning = "which is the registration ID, and with a certificate its common name",
        ClientIdProblem = AzureNames.RegistrationProblem, // "IoT Hub Device Provisioning Service (DPS) terminology"
        MaxQos = MqttQos.AtLeastOnce,
        TopicForms = ["$dps/registrations/"],
        FilterForms = ["$dps/registrations/res/"],
        KeepsSessions = false,
        Roots = CloudRoots.AzureDps,
        Limits = Profiles.Rsa4096P384.Profile.Offering(TlsVersions.Tls12),
    };

    private static CloudPreset EventGrid() => new()
    {
        Name = "azure-event-grid",
        Title = "Azure Event Grid",
        Credentials = CloudCredentials.Certificate | CloudCredentials.Password, // "Client authentication"; passwords by a webhook of one's own
        UserNameForm = "{id}",               // "MQTT features supported by the Azure Event Grid MQTT broker"; all without another title is from there
        ClientIdMeaning = "which is the name of the session",
        MaxQos = MqttQos.AtLeastOnce,
        MaxPayloadBytes = 512 * Kibibyte,
        MaxTopicBytes = 256,                 // "Azure Event Grid quotas and limits"
        MaxSlashes = 14,                     // 15 segments: "What's new in Azure Event Grid?", May 2025; 8 before
        MaxRetainedBytes = 64 * Kibibyte,    // "Support for MQTT Retain in Azure Event Grid"
        MaxKeepAlive = 1160,
        MaxWillDelay = TimeSpan.FromSeconds(300),
        TakesPacketProperties = false,
        TakesSubscriptionIdentifiers = false,
        Roots = CloudRoots.AzureEventGrid,   // "Azure Certificate Authority details"
        Limits = Profiles.Rsa4096P384.Profile,
    };

    private static CloudPreset HiveMq() => new()
    {
        Name = "hivemq-cloud",
        Title = "HiveMQ Cloud",
        Credentials = CloudCredentials.Password | CloudCredentials.Certificate, // HiveMQ Community Forum, "Arduino example with server signed certificate"
        MaxQos = MqttQos.ExactlyOnce,
        Roots = CloudRoots.HiveMqCloud,      // its servers have certificates of Let's Encrypt
        Limits = Profiles.Rsa4096P384.Profile,
    };

    private static CloudPreset Emqx() => new()
    {
        Name = "emqx",
        Title = "EMQX Cloud",
        Credentials = CloudCredentials.Password | CloudCredentials.Certificate, // "Quotas and Limits": no anonymous access; so is the next line
        MaxPayloadBytes = Kibibyte * Kibibyte,
        MaxQos = MqttQos.ExactlyOnce,
        Roots = CloudRoots.Emqx,                                                // the console of a deployment offers the one that counts
        Limits = Profiles.Rsa4096P384.Profile,
    };

    private static CloudPreset ClearBlade() => new()
    {
        Name = "clearblade",
        Title = "ClearBlade IoT Core",
        Ports = [new(8883), new(443)],       // "Publishing over MQTT"; all without another title is from there
        Versions = [MqttVersion.V311],
        Credentials = CloudCredentials.JsonWebToken,
        UserNameForm = "unused",             // as Google's samples had it: MQTT 3.1.1 has no password without a name
        ClientIdMeaning = "which is the path of the device",
        ClientIdForm = "projects/*/locations/*/registries/*/devices/*",
        MaxQos = MqttQos.AtLeastOnce,
        TopicForms = ["/devices/"],
        FilterForms = ["/devices/"],
        MaxKeepAlive = 1200,
        MaxTokenLifetime = TimeSpan.FromHours(24), // "Using JSON Web Tokens"
        Roots = CloudRoots.ClearBlade,
        Limits = Profiles.Rsa4096P384.Profile,
    };
}
