using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Thimble.Cli.Clouds;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>What the flags that <c>pub</c> and <c>sub</c> share asked for.</summary>
internal abstract class ClientSettings
{
    /// <summary>The environment variable that holds the password where no flag gives it.</summary>
    public const string PasswordVariable = "THIMBLE_MQTT_PASSWORD";

    /// <summary>A session that never expires (MQTT 5 §3.1.2.11.2).</summary>
    public const uint Forever = uint.MaxValue;

    private const int PlaintextPort = 1883;
    private const int TlsPort = 8883;

    /// <summary>The cloud that the broker is of, if any.</summary>
    public CloudSettings Cloud { get; } = new();

    public string? Host { get; set; }

    public int? Port { get; set; }

    public BrokerUrl? Url { get; set; }

    public bool AllowPlaintext { get; set; }

    public MqttVersion? ChosenVersion { get; set; }

    public string? Id { get; set; }

    public string? IdPrefix { get; set; }

    public string? UserName { get; set; }

    public byte[]? Password { get; set; }

    public int KeepAliveSeconds { get; set; } = 60;

    public bool KeepSession { get; set; }

    public uint? SessionExpiry { get; set; }

    public int? MaxInFlight { get; set; }

    public int? ReceiveMaximum { get; set; }

    public MqttQos Qos { get; set; }

    public string? WillTopic { get; set; }

    public byte[]? WillPayload { get; set; }

    public MqttQos WillQos { get; set; }

    public bool WillRetain { get; set; }

    public TimeSpan? WillDelay { get; set; }

    public MessageProperties WillProperties { get; } = new();

    /// <summary>Of CONNECT.</summary>
    public List<MqttUserProperty> UserProperties { get; } = [];

    public List<MqttUserProperty> SubscribeProperties { get; } = [];

    public List<MqttUserProperty> UnsubscribeProperties { get; } = [];

    public List<MqttUserProperty> DisconnectProperties { get; } = [];

    /// <summary>Of PUBLISH.</summary>
    public MessageProperties Properties { get; } = new();

    public int? TopicAlias { get; set; }

    public uint? SubscriptionIdentifier { get; set; }

    /// <summary>Whether <c>-D</c> was given, which makes it MQTT 5.</summary>
    public bool HasProperties { get; set; }

    public string? CaFile { get; set; }

    public string? CaPath { get; set; }

    public bool SystemTrust { get; set; }

    /// <summary>Hashes of keys, as <see cref="KeyPin.Text"/> has them.</summary>
    public List<string> Pins { get; } = [];

    public string? CertificateFile { get; set; }

    public string? KeyFile { get; set; }

    public string? SharedKey { get; set; }

    public string? SharedKeyIdentity { get; set; }

    public string Alpn { get; set; } = "";

    public TlsVersions? TlsVersions { get; set; }

    public NamedProfile? Profile { get; set; }

    public string? ServerName { get; set; }

    public string? KeyLogFile { get; set; }

    public bool Debug { get; set; }

    public bool Quiet { get; set; }

    public bool Help { get; set; }

    public MqttVersion Version => ChosenVersion ?? (HasProperties ? MqttVersion.V5 : MqttVersion.V311);

    /// <summary>The host to connect to.</summary>
    public string HostName => Url?.Host ?? Host ?? Cloud.Preset?.Host ?? "localhost";

    /// <summary>The port to connect to.</summary>
    public int PortNumber => Url?.Port ?? Port ?? (IsPlaintext ? PlaintextPort : Cloud.Preset?.Ports[0].Port ?? TlsPort);

    /// <summary>What the cloud makes of all this, or null where none was named.</summary>
    public CloudConnection? CloudConnection => Cloud.Preset is not { } preset ? null : new CloudConnection
    {
        Preset = preset,
        Host = ServerName ?? HostName,
        Port = PortNumber,
        ClientId = ClientId,
        IdScope = Cloud.IdScope,
        GivenUserName = UserName,
        GivenAlpn = Alpn,
        GivenTlsVersions = TlsVersions,
        Version = Version,
        KeepAliveSeconds = KeepAliveSeconds,
        IsPlaintext = IsPlaintext,
        KeepsSession = KeepSession || SessionExpiry is > 0,
        PacketsWithProperties =
        [
            .. UserProperties.Count > 0 ? ["CONNECT"] : (string[])[],
            .. SubscribeProperties.Count > 0 ? ["SUBSCRIBE"] : (string[])[],
            .. DisconnectProperties.Count > 0 ? ["DISCONNECT"] : (string[])[],
        ],
        WillDelay = WillDelay ?? TimeSpan.Zero,
        Given = Proof(preset),
        TokenLifetime = Cloud.TokenLifetime ?? CloudSettings.UsualTokenLifetime,
    };

    /// <summary>Whether a flag asks for TLS, or says whom to trust.</summary>
    public bool HasTrust => CaFile is not null || CaPath is not null || SystemTrust || Pins.Count > 0 || SharedKey is not null;

    /// <summary>Whether the connection has no TLS, which must have been asked for.</summary>
    public bool IsPlaintext => Url is { } url ? !url.IsSecure : AllowPlaintext && !HasTrust;

    /// <summary>The client identifier; empty lets the broker choose.</summary>
    public string ClientId => Id ?? (IdPrefix is null ? "" : IdPrefix + Environment.ProcessId.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes <c>-L</c> in: what it holds counts as if the flags had given it.</summary>
    public void TakeUrl(BrokerUrl url)
    {
        Url = url;
        UserName = url.UserName ?? UserName;
        Password = url.Password is { } password ? Encoding.UTF8.GetBytes(password) : Password;
        if (url.Topic is not null)
        {
            AddTopic("-L", url.Topic);
        }
    }

    /// <summary>Takes a topic, by <c>-t</c> or in a URL.</summary>
    public abstract void AddTopic(string flag, string topic);

    /// <summary>Sees whether all that was given makes sense together.</summary>
    /// <exception cref="UsageException">It does not.</exception>
    public virtual void Check()
    {
        Refuse(Url is not null && (Host is not null || Port is not null), "-L names the server, and so do -h and -p: give one or the other.");
        Refuse(Id is not null && IdPrefix is not null, "-i and -I both name the client: give one of them.");
        Refuse(HasProperties && ChosenVersion == MqttVersion.V311, "-D sets a property of MQTT 5, and -V asks for MQTT 3.1.1: leave out one of them.");
        Refuse(Version == MqttVersion.V311 && Password is not null && UserName is null && Cloud.Preset is null, "MQTT 3.1.1 has no password without a user name: give -u too.");
        Refuse(KeepSession && ClientId.Length == 0, "A session that is kept (-c) is found again by the client's name: give -i.");
        Refuse(Version == MqttVersion.V5 && SessionExpiry == Forever && ClientId.Length == 0, "A session that never expires (-x) is found again by the client's name: give -i.");
        Refuse(WillTopic is null && (WillPayload is not null || WillRetain || WillQos != MqttQos.AtMostOnce), "A will is published somewhere: give --will-topic too.");
        Refuse((CertificateFile is null) != (KeyFile is null), "--cert and --key belong together: give both or none.");
        Refuse((SharedKey is null) != (SharedKeyIdentity is null), "--psk and --psk-identity belong together: give both or none.");
        Refuse(SharedKey is not null && (CaFile is not null || CaPath is not null || SystemTrust || Pins.Count > 0), "--psk takes the place of certificates: give it, or the certificates to trust.");
        CheckCloud();
        CheckTrust();
    }

    /// <summary>What the cloud would not take of what the program is to do.</summary>
    protected virtual IEnumerable<string> CloudProblems(CloudConnection connection) => WillTopic is not { } topic ? [] : CloudRules.Publication(
        connection, new MqttPublication { Topic = topic, Qos = WillQos, Retain = WillRetain }, WillPayload?.Length ?? 0, isWill: true);

    protected static void Refuse(bool isWrong, string reason)
    {
        if (isWrong)
        {
            throw new UsageException(reason);
        }
    }

    private void CheckCloud()
    {
        Refuse(Cloud.Stray is not null, $"{Cloud.Stray} is for a cloud: give --for too, with one of {CloudPresets.Names}.");
        if (CloudConnection is not { } connection)
        {
            return;
        }

        Refuse(Host is null && Url is null && connection.Preset.Host is null, $"{connection.Preset.Title} has another server for each account: give -h.");
        CloudRuleException.ThrowIfAny([.. CloudRules.Connection(connection), .. CloudProblems(connection)]);
    }

    /// <summary>With what the client proves to a cloud who it is. A variable counts where no flag says anything.</summary>
    private CloudCredentials Proof(CloudPreset preset)
    {
        CloudCredentials given = (CertificateFile is null ? 0 : CloudCredentials.Certificate)
            | (Cloud.SasKeyFile is null && Cloud.GroupKeyFile is null ? 0 : CloudCredentials.SasToken)
            | (Cloud.JwtKeyFile is null ? 0 : CloudCredentials.JsonWebToken)
            | (Password is null ? 0 : CloudCredentials.Password);
        return given != CloudCredentials.None ? given
            : preset.Credentials.HasFlag(CloudCredentials.SasToken) && IsSet(CloudSettings.SasKeyVariable) ? CloudCredentials.SasToken
            : IsSet(PasswordVariable) ? CloudCredentials.Password
            : CloudCredentials.None;
    }

    private static bool IsSet(string variable) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable));

    private void CheckTrust()
    {
        Refuse(Url is { IsSecure: true } && AllowPlaintext, "The URL asks for TLS, and --allow-plaintext for none: leave out one of them.");
        Refuse(HasTrust && (AllowPlaintext || Url is { IsSecure: false }), "Certificates and keys are for TLS, and there would be none: leave them out, or use mqtts:// and no --allow-plaintext.");
        Refuse(Url is { IsSecure: false } && !AllowPlaintext, "mqtt:// has no TLS: anybody on the way can read all that is sent, the password too, and change it. Use mqtts://, or say --allow-plaintext.");
        Refuse(!IsPlaintext && !HasTrust && Cloud.Preset is not null, $"Whom to trust was not said: give --cafile FILE with {Cloud.Preset?.Roots.Names}, --tls-use-os-certs or --pin PIN.");
        Refuse(!IsPlaintext && !HasTrust, "Whom to trust was not said: give --cafile FILE, --capath DIR, --tls-use-os-certs or --pin PIN, or, to have no TLS, --allow-plaintext.");
    }
}
