using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble.Cli.Clouds;

/// <summary>A connection to a cloud: what was given on the command line, and beside it what the preset makes of it.</summary>
internal sealed record CloudConnection
{
    public required CloudPreset Preset { get; init; }

    /// <summary>The name of the server as the cloud knows it.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    public string ClientId { get; init; } = "";

    /// <summary>The ID scope of DPS, or null.</summary>
    public string? IdScope { get; init; }

    public string? GivenUserName { get; init; }

    public string GivenAlpn { get; init; } = "";

    public TlsVersions? GivenTlsVersions { get; init; }

    public MqttVersion Version { get; init; } = MqttVersion.V311;

    public int KeepAliveSeconds { get; init; } = 60;

    public bool IsPlaintext { get; init; }

    /// <summary>Whether the session is to outlive the connection.</summary>
    public bool KeepsSession { get; init; }

    /// <summary>The packets that are to carry user properties, but PUBLISH: CONNECT, SUBSCRIBE and DISCONNECT.</summary>
    public IReadOnlyList<string> PacketsWithProperties { get; init; } = [];

    public TimeSpan WillDelay { get; init; }

    /// <summary>With what the client will prove who it is; several where the command line gives several.</summary>
    public CloudCredentials Given { get; init; }

    public TimeSpan TokenLifetime { get; init; } = CloudSettings.UsualTokenLifetime;

    /// <summary>The user name of CONNECT, or null.</summary>
    public string? UserName => GivenUserName ?? (Preset.UserNameForm is { } form ? Expand(form) : null);

    /// <summary>The application protocol to offer, or nothing.</summary>
    public string Alpn => GivenAlpn.Length > 0 ? GivenAlpn : Preset.AlpnAt(Port);

    /// <summary>The versions of TLS to offer.</summary>
    public TlsVersions TlsVersions => GivenTlsVersions ?? Preset.TlsVersions;

    /// <summary>What a SAS token gives access to.</summary>
    public string TokenResource => Expand(Preset.TokenResourceForm ?? "");

    /// <summary>For whom a JSON Web Token is: the project, which is the second level of the client identifier.</summary>
    public string Audience => ClientId.Split('/') is [_, var project, ..] ? project : "";

    /// <summary>Puts what is known of the connection into a form, once: a name with braces in it is no form.</summary>
    public string Expand(string form) => string.Concat(form.Split('{').SelectMany((piece, index) => index == 0 ? (string[])[piece] : Filled(piece.Split('}', 2))));

    private string[] Filled(string[] nameAndRest) =>
    [
        nameAndRest[0] switch
        {
            "host" => Host,
            "scope" => IdScope ?? "",
            "device" => ClientId.Replace("/", "/modules/", StringComparison.Ordinal),
            "id" => ClientId,
            _ => throw new InvalidOperationException($"No form has {{{nameAndRest[0]}}}."),
        },
        nameAndRest[1],
    ];
}
