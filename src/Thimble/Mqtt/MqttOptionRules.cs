using System;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble;

/// <summary>What must hold between a client's options, and what follows from them.</summary>
internal static class MqttOptionRules
{
    private const int PlaintextPort = 1883;
    private const int TlsPort = 8883;
    private const int MaxMqttInFlight = 4000;

    /// <summary>What a record of TLS carries at most: many small messages share one.</summary>
    private const int WindowBytes = 16_384;

    private const int TicketBytes = 2048;

    /// <exception cref="ArgumentException">The options contradict themselves.</exception>
    public static void Check(MqttClientOptions options)
    {
        Uri server = options.Server ?? throw new ArgumentException("Server is missing: mqtts://host.", nameof(options));
        Require(server.IsAbsoluteUri && server.Scheme is "mqtts" or "mqtt", $"Server is '{server}': use mqtts://host or mqtts://host:port.");
        Require(server.UserInfo.Length == 0, "Server holds a user name: use UserName and Password, which no log shows.");
        Require(!IsPlaintext(server) || options.AllowPlaintext, "Server begins with mqtt://, which anybody can read and change: use mqtts://, or set AllowPlaintext.");
        Require(
            IsPlaintext(server) || options.Credentials is not null || options.Tls is not null,
            "Credentials is missing: say whom the client trusts, for example Credentials.Load(\"ca.pem\").");
        Require(options.Version is MqttVersion.V311 or MqttVersion.V5, "Version is none: use MqttVersion.V5 or MqttVersion.V311.");
        Require(options.Password.IsEmpty || options.PasswordSource is null, "Password and PasswordSource both give a password: set one of them.");
        InRange(options.MaxInFlight, 1, MaxMqttInFlight, nameof(options.MaxInFlight));
        InRange(options.ReceiveMaximum, 1, byte.MaxValue, nameof(options.ReceiveMaximum));
        InRange(options.ReceiveQueue, 1, int.MaxValue, nameof(options.ReceiveQueue));
        InRange(options.MaxTopicBytes, 1, MqttText.MaxBytes, nameof(options.MaxTopicBytes));
        InRange(options.MaxMessageBytes, 0, Array.MaxLength, nameof(options.MaxMessageBytes));
        InRange(options.TopicAliases, 0, ushort.MaxValue, nameof(options.TopicAliases));
        InRange(options.InboundTopicAliases, 0, byte.MaxValue, nameof(options.InboundTopicAliases));
        InRange(options.Queue.Capacity, 1, int.MaxValue, "Queue.Capacity");
        InRange((int)Math.Clamp(options.KeepAlive.TotalSeconds, -1, int.MaxValue), 0, ushort.MaxValue, "KeepAlive in seconds");
        Require(options.ConnectTimeout > TimeSpan.Zero, "ConnectTimeout must be longer than nothing.");
        Require(options.Reconnect is null || (options.Reconnect.FirstDelay >= TimeSpan.Zero && options.Reconnect.MaxDelay >= options.Reconnect.FirstDelay), "Reconnect: FirstDelay must not be negative, nor above MaxDelay.");
        if (options.Version == MqttVersion.V311)
        {
            CheckVersion311(options);
        }
    }

    public static bool IsPlaintext(Uri server) => server.Scheme == "mqtt";

    public static int Port(Uri server) => server.Port > 0 ? server.Port : IsPlaintext(server) ? PlaintextPort : TlsPort;

    /// <summary>Whether a session may outlive its connection.</summary>
    public static bool KeepsSession(MqttClientOptions options) =>
        options.Version == MqttVersion.V5 || options.SessionExpiry > TimeSpan.Zero || !options.CleanStart;

    /// <summary>What TLS is told for that server.</summary>
    public static TlsConnectionOptions Tls(MqttClientOptions options, Uri server, SessionCache? sessions)
    {
        if (options.Tls is { } tls)
        {
            return server == options.Server ? tls : tls with { ServerName = server.Host };
        }

        Profile profile = Profiles.Rsa4096P384.Profile with { InWindowBytes = WindowBytes, OutWindowBytes = WindowBytes, MaxTicketBytes = TicketBytes, MaxServerNameBytes = 253, MaxMqttTopicBytes = 0 };
        return new TlsConnectionOptions
        {
            Credentials = options.Credentials!,
            Profile = options.Credentials!.Fit(profile),
            ServerName = server.Host,
            Sessions = sessions,
            TimeProvider = options.TimeProvider,
        };
    }

    private static void CheckVersion311(MqttClientOptions options)
    {
        const string Only5 = " needs MQTT 5: set Version to MqttVersion.V5.";
        Require(options.Authentication is null, "Authentication" + Only5);
        Require(options.UserProperties.Count == 0, "UserProperties" + Only5);
        Require(!options.PropagateTrace, "PropagateTrace" + Only5);
        Require(options.TopicAliases == 0, "TopicAliases" + Only5);
        Require(options.InboundTopicAliases == 0, "InboundTopicAliases" + Only5);
        Require(options.Will is null || options.Will.Delay == TimeSpan.Zero, "The will's Delay" + Only5);
        Require((options.Password.IsEmpty && options.PasswordSource is null) || options.UserName is not null, "MQTT 3.1.1 has no password without a user name ([MQTT-3.1.2-22]).");
        Require(!options.CleanStart || options.SessionExpiry == TimeSpan.Zero, "MQTT 3.1.1 cannot throw an old session away and keep the new one: set CleanStart to false, or SessionExpiry to zero.");
        Require(options.CleanStart || options.ClientId.Length != 0, "A session that is kept needs a ClientId ([MQTT-3.1.3-7] of MQTT 3.1.1).");
    }

    private static void InRange(int value, int least, int most, string name) =>
        Require(value >= least && value <= most, $"{name} is {value}: it must be from {least} to {most}.");

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new ArgumentException(otherwise);
        }
    }
}
