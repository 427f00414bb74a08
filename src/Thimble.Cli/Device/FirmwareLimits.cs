using System.Text;
using Thimble.Memory;

namespace Thimble.Cli.Device;

/// <summary>What the firmware can do with a profile, and on which board: anything else is refused before it is compiled, and not planned for nothing.</summary>
internal static class FirmwareLimits
{
    /// <summary>The firmware's state, buffers and frame, as its report says (<c>Device.OwnBytes</c>).</summary>
    public const int OwnBytes = 1248;

    /// <summary>The plan of its network, as its report says.</summary>
    public const int NetworkBytes = 1688;

    /// <summary>The longest packet of MQTT that it sends, in one record (<c>Device.PacketBytes</c>).</summary>
    public const int PacketBytes = 224;

    /// <summary>Refuses a profile that the firmware cannot serve on this board.</summary>
    /// <exception cref="DeviceException">What the profile asks for, what there is, and what to do.</exception>
    public static void Check(in Profile profile, DeviceBoard board)
    {
        RefuseUnknown(profile);
        int topic = Encoding.UTF8.GetByteCount(DeviceSettings.CommandTopicOf(DeviceSettings.UsualClientId));
        if (profile.MaxMqttTopicBytes < topic)
        {
            throw new DeviceException($"The firmware takes commands from a topic of {topic} bytes, and this profile plans for topics of {profile.MaxMqttTopicBytes} (maxMqttTopicBytes). Probe again with --max-topic 64.");
        }

        if (profile.OutWindowBytes < PacketBytes)
        {
            throw new DeviceException($"The firmware sends packets of up to {PacketBytes} bytes in one record, and this profile plans for records of {profile.OutWindowBytes} (outWindowBytes). Probe again with --window 256.");
        }

        int planned = MemoryPlan.For(profile, DeviceProfile.WordBits).TotalBytes;
        int room = board.BufferBytes - OwnBytes - NetworkBytes;
        if (planned > room)
        {
            throw new DeviceException($"This profile's plan takes {planned:N0} bytes on the device, and {board.Option} has {room:N0} for it beside network and firmware. Probe again with smaller windows (--window 512).");
        }
    }

    private static void RefuseUnknown(in Profile profile)
    {
        if (profile.ClientKeyElsewhere)
        {
            throw new DeviceException("The firmware signs with a key in its own flash, and this profile leaves the client's key elsewhere (clientKeyElsewhere). Set that to false.");
        }

        if (profile.PskModes != PskModes.None)
        {
            throw new DeviceException($"The firmware has no place for a shared key, and this profile plans for one (pskModes {profile.PskModes}). Plan for certificates.");
        }

        if (profile.MaxTicketBytes != 0)
        {
            throw new DeviceException($"The firmware resumes no session, and this profile plans for tickets of {profile.MaxTicketBytes:N0} bytes (maxTicketBytes). Set that to 0.");
        }

        if (profile.ExportsKeys)
        {
            throw new DeviceException("The firmware exports no keys, and this profile plans for that (exportsKeys). Set that to false.");
        }

        if (profile.MqttVersions.HasFlag(MqttVersions.V5) || profile.MaxMqttTopicAliases != 0)
        {
            throw new DeviceException("The firmware speaks MQTT 3.1.1, and this profile plans for MQTT 5 (mqttVersions, maxMqttTopicAliases). Leave that out.");
        }

        if (profile.MaxMqttAcknowledgements != 0 || profile.MaxMqttInFlight != 0 || profile.MaxMqttInboundExactlyOnce != 0)
        {
            throw new DeviceException("The firmware's messages have QoS 0, and this profile plans for QoS 1 and 2 (maxMqttAcknowledgements, maxMqttInFlight, maxMqttInboundExactlyOnce). Set them to 0.");
        }
    }
}
