using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble.Cli.Clouds;

/// <summary>
/// What a cloud's MQTT endpoint demands of its clients, as data: <see cref="CloudPresets"/> has the values, <see cref="CloudRules"/> the checks. A limit that the cloud does
/// not document is null here, and nothing is checked. In forms, <c>{host}</c> is the name of the server, <c>{id}</c> the client identifier, <c>{device}</c> the same as the
/// path of a device or a module in Azure, and <c>{scope}</c> the ID scope.
/// </summary>
internal sealed record CloudPreset
{
    /// <summary>What <c>--for</c> takes.</summary>
    public required string Name { get; init; }

    /// <summary>The name for people.</summary>
    public required string Title { get; init; }

    /// <summary>Where it listens, the default first.</summary>
    public IReadOnlyList<CloudPort> Ports { get; init; } = [new(8883)];

    /// <summary>The server, where all clients of the cloud have the same, or null.</summary>
    public string? Host { get; init; }

    /// <summary>The versions of MQTT that it speaks.</summary>
    public IReadOnlyList<MqttVersion> Versions { get; init; } = [MqttVersion.V311, MqttVersion.V5];

    /// <summary>The versions of TLS that it speaks, as far as Thimble does.</summary>
    public TlsVersions TlsVersions { get; init; } = TlsVersions.Tls12 | TlsVersions.Tls13;

    /// <summary>How clients prove who they are. Any one of these is enough.</summary>
    public required CloudCredentials Credentials { get; init; }

    /// <summary>The user name, where the cloud prescribes it.</summary>
    public string? UserNameForm { get; init; }

    /// <summary>Whether another user name may be given: then the form is only the default.</summary>
    public bool UserNameIsFree { get; init; } = true;

    /// <summary>What a SAS token gives access to.</summary>
    public string? TokenResourceForm { get; init; }

    /// <summary>The policy that a SAS token names, or null.</summary>
    public string? TokenPolicy { get; init; }

    /// <summary>What the client identifier is in this cloud, where it must be given; otherwise null.</summary>
    public string? ClientIdMeaning { get; init; }

    /// <summary>The form of client identifiers, in which <c>*</c> is any level, or null.</summary>
    public string? ClientIdForm { get; init; }

    /// <summary>What is wrong with a client identifier, as a sentence without its full stop, or null.</summary>
    public Func<string, string?> ClientIdProblem { get; init; } = static _ => null;

    public int? MaxClientIdBytes { get; init; }

    /// <summary>The highest QoS.</summary>
    public MqttQos MaxQos { get; init; } = MqttQos.AtLeastOnce;

    /// <summary>Whether it keeps messages for those who subscribe later.</summary>
    public bool Retains { get; init; } = true;

    /// <summary>Whether it keeps them on topics that begin with <c>$</c>.</summary>
    public bool RetainsReserved { get; init; } = true;

    public int? MaxRetainedBytes { get; init; }

    public int? MaxPayloadBytes { get; init; }

    public int? MaxTopicBytes { get; init; }

    /// <summary>How many slashes a topic or a filter may have.</summary>
    public int? MaxSlashes { get; init; }

    /// <summary>A prefix of topics that limits do not count, to the end of the level behind it, or null.</summary>
    public string? UncountedPrefix { get; init; }

    /// <summary>How many filters one SUBSCRIBE may carry.</summary>
    public int? MaxFilters { get; init; }

    /// <summary>How topics begin that can be published to; empty means any.</summary>
    public IReadOnlyList<string> TopicForms { get; init; } = [];

    /// <summary>How a will's topic begins; empty means as others.</summary>
    public IReadOnlyList<string> WillForms { get; init; } = [];

    /// <summary>How filters begin; empty means any.</summary>
    public IReadOnlyList<string> FilterForms { get; init; } = [];

    /// <summary>The shortest keep-alive, in seconds.</summary>
    public int MinKeepAlive { get; init; } = 1;

    /// <summary>The longest keep-alive, in seconds.</summary>
    public int MaxKeepAlive { get; init; } = ushort.MaxValue;

    public TimeSpan? MaxWillDelay { get; init; }

    /// <summary>Whether sessions can outlive connections.</summary>
    public bool KeepsSessions { get; init; } = true;

    /// <summary>Whether packets other than PUBLISH may carry user properties.</summary>
    public bool TakesPacketProperties { get; init; } = true;

    /// <summary>Whether a subscription may have an identifier.</summary>
    public bool TakesSubscriptionIdentifiers { get; init; } = true;

    /// <summary>How long a token may last.</summary>
    public TimeSpan MaxTokenLifetime { get; init; } = TimeSpan.FromDays(365);

    /// <summary>The public roots at which the chains of its servers end.</summary>
    public required CloudRoots Roots { get; init; }

    /// <summary>The profile to begin with, by the name of the cloud.</summary>
    public NamedProfile Profile => new(Name, $"what {Title} needs to begin with", Limits);

    /// <summary>The limits of <see cref="Profile"/>.</summary>
    public required Profile Limits { get; init; }

    /// <summary>What is to be offered by ALPN at that port.</summary>
    public string AlpnAt(int port) => Ports.FirstOrDefault(known => known.Port == port).Alpn ?? "";
}
