using System;
using System.Collections.Generic;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>What the broker said when it accepted a connection (MQTT 5 §3.2).</summary>
public sealed record MqttConnectResult
{
    /// <summary>The version that is spoken.</summary>
    public required MqttVersion Version { get; init; }

    /// <summary>Whether the broker goes on with a session that it kept.</summary>
    public required bool SessionPresent { get; init; }

    /// <summary>The client's identifier: its own, or the one that the broker chose.</summary>
    public required string ClientId { get; init; }

    /// <summary>The keep-alive interval that counts; zero is none.</summary>
    public required TimeSpan KeepAlive { get; init; }

    /// <summary>What the broker allows.</summary>
    public required MqttServerLimits Limits { get; init; }

    /// <summary>What the broker says in words, or null.</summary>
    public string? ReasonString { get; init; }

    /// <summary>What response topics are made from, or null (MQTT 5 §3.2.2.3.15).</summary>
    public string? ResponseInformation { get; init; }

    /// <summary>Further properties.</summary>
    public IReadOnlyList<MqttUserProperty> UserProperties { get; init; } = [];
}
