using System;
using System.Net;

namespace Thimble.Cli.Device;

/// <summary>What one device is told at build, besides its credentials.</summary>
internal sealed record DeviceSettings
{
    /// <summary>The address of the host's loopback as a guest of QEMU's user network sees it.</summary>
    public static IPAddress HostOfGuest { get; } = new([10, 0, 2, 2]);

    /// <summary>What a device calls itself that nobody named.</summary>
    public const string UsualClientId = "device-1";

    /// <summary>The broker's name, which its certificate must carry.</summary>
    public required string BrokerName { get; init; }

    /// <summary>The broker's port.</summary>
    public required int BrokerPort { get; init; }

    /// <summary>What the device calls itself; its topics are beneath it.</summary>
    public string ClientId { get; init; } = UsualClientId;

    /// <summary>Where commands come from.</summary>
    public string CommandTopic => CommandTopicOf(ClientId);

    /// <summary>Where the commands of a client come from.</summary>
    public static string CommandTopicOf(string clientId) => $"thimble/{clientId}/command";

    /// <summary>Where readings go.</summary>
    public string ReadingTopic => $"thimble/{ClientId}/reading";

    /// <summary>Where answers go.</summary>
    public string ReplyTopic => $"thimble/{ClientId}/reply";

    /// <summary>The time between two readings.</summary>
    public TimeSpan ReadingInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The longest silence of the MQTT session.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a step before the session may take.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The first pause after a loss.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The time server; where there is none, <see cref="FixedTime"/> is the time at the start.</summary>
    public IPEndPoint? TimeServer { get; init; }

    /// <summary>The time at the start, where no server is asked.</summary>
    public DateTimeOffset? FixedTime { get; init; }

    /// <summary>A name server that takes precedence over DHCP's.</summary>
    public IPEndPoint? NameServer { get; init; }

    /// <summary>A fixed address, or none to ask DHCP.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The length of the network's prefix beside the fixed address.</summary>
    public int PrefixLength { get; init; } = 24;

    /// <summary>The router beside the fixed address.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>The MAC address: of QEMU's range, locally administered.</summary>
    public ulong MacAddress { get; init; } = 0x5254_0012_3456;
}
