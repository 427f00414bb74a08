using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Thimble.Cli.Clouds;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>What an <see cref="MqttClient"/> needs for the broker that the flags name. Owns the keys that it read.</summary>
internal sealed class BrokerSetup : IDisposable
{
    /// <summary>The largest that a packet of MQTT can be (§1.5.5, §2.1.4); a message is a few bytes smaller.</summary>
    public const int LargestMessageBytes = 268_435_455;

    private const int WindowBytes = 16_384;
    private const int TicketBytes = 2048;

    private readonly SessionCache? _sessions;
    private readonly Credentials? _credentials;
    private readonly PreSharedKey? _sharedKey;
    private readonly CloudTokens? _tokens;

    /// <exception cref="CredentialException">A certificate or a key cannot be used.</exception>
    /// <exception cref="UsageException">What was asked for makes no sense.</exception>
    public BrokerSetup(ClientSettings settings, DebugLog? log)
    {
        if (!settings.IsPlaintext)
        {
            _credentials = ReadCredentials(settings);
            _sharedKey = settings.SharedKey is { } key ? PreSharedKey.FromHex(settings.SharedKeyIdentity!, key) : null;
            _sessions = new SessionCache();
        }

        CloudConnection? cloud = settings.CloudConnection;
        _tokens = cloud is null ? null : CloudTokens.Open(cloud, settings.Cloud);
        string? userName = cloud is null ? settings.UserName : cloud.UserName;
        Server = $"{settings.HostName} port {settings.PortNumber}";
        Options = new MqttClientOptions
        {
            Server = Address(settings),
            AllowPlaintext = settings.IsPlaintext,
            Tls = settings.IsPlaintext ? null : Tls(settings),
            Version = settings.Version,
            ClientId = settings.ClientId,
            UserName = userName,
            Password = cloud is null || cloud.Given.HasFlag(CloudCredentials.Password) ? PasswordOf(settings, userName) : [],
            PasswordSource = _tokens is null ? null : _tokens.NextAsync,
            CleanStart = !settings.KeepSession,
            SessionExpiry = Expiry(settings),
            KeepAlive = TimeSpan.FromSeconds(settings.KeepAliveSeconds),
            Will = Will(settings),
            UserProperties = settings.UserProperties,
            MaxInFlight = settings.MaxInFlight ?? 20,
            ReceiveMaximum = settings.ReceiveMaximum ?? byte.MaxValue,
            TopicAliases = settings.TopicAlias is null ? 0 : 1,
            MaxTopicBytes = ushort.MaxValue,
            MaxMessageBytes = LargestMessageBytes,
            Logger = log,
        };
    }

    /// <summary>Where it is, in words.</summary>
    public string Server { get; }

    public MqttClientOptions Options { get; }

    public void Dispose()
    {
        _tokens?.Dispose();
        _sharedKey?.Dispose();
        _sessions?.Dispose();
        _credentials?.Dispose();
    }

    private static Uri Address(ClientSettings settings)
    {
        string host = settings.HostName.Contains(':') ? $"[{settings.HostName}]" : settings.HostName;
        return Uri.TryCreate($"{(settings.IsPlaintext ? "mqtt" : "mqtts")}://{host}:{settings.PortNumber}", UriKind.Absolute, out Uri? address)
            ? address
            : throw new UsageException($"'{settings.HostName}' is no name of a host.");
    }

    private static Credentials ReadCredentials(ClientSettings settings)
    {
        if (settings.SharedKey is not null && settings.CertificateFile is null)
        {
            return Credentials.OfSharedKey();
        }

        if (settings.Pins.Count > 0)
        {
            ClientIdentity? client = settings.CertificateFile is { } file && settings.KeyFile is { } keyFile ? ClientIdentity.FromFiles(file, keyFile) : null;
            return Credentials.From(PinnedTrust(settings), client);
        }

        if (settings.CaPath is null && !settings.SystemTrust && settings.CaFile is { } caFile)
        {
            return Credentials.Load(caFile, settings.CertificateFile, settings.KeyFile);
        }

        List<X509Certificate2> chain = settings.CertificateFile is { } own ? CertificateFile.Read(own) : [];
        AsymmetricAlgorithm? key = settings.KeyFile is { } path ? PrivateKeyFile.Read(path) : null;
        return Credentials.From(Anchors(settings), chain, key);
    }

    private static Trust PinnedTrust(ClientSettings settings) => settings.CaFile is null && settings.CaPath is null && !settings.SystemTrust
        ? Trust.OfPins(settings.Pins)
        : Trust.Of(Anchors(settings)).WithPins(settings.Pins);

    private static List<X509Certificate2> Anchors(ClientSettings settings)
    {
        List<X509Certificate2> anchors = [];
        if (settings.CaFile is { } file)
        {
            anchors.AddRange(CertificateFile.Read(file));
        }

        if (settings.CaPath is { } directory)
        {
            foreach (string path in FilesIn(directory))
            {
                anchors.AddRange(CertificateFile.Read(path));
            }
        }

        if (settings.SystemTrust)
        {
            using var store = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
            anchors.AddRange(store.Certificates);
        }

        return anchors.Count > 0 ? anchors : throw new UsageException("This machine trusts no certificate, or says so nowhere that .NET looks: give --cafile.");
    }

    private static string[] FilesIn(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new UsageException($"There is no directory '{directory}' (--capath).");
        }

        string[] files = [.. Directory.EnumerateFiles(directory).Where(path => Path.GetExtension(path) is ".crt" or ".pem" or ".cer").Order(StringComparer.Ordinal)];
        return files.Length > 0 ? files : throw new UsageException($"The directory '{directory}' (--capath) has no file *.crt, *.pem or *.cer.");
    }

    private TlsConnectionOptions Tls(ClientSettings settings)
    {
        string name = settings.ServerName ?? settings.HostName;
        string alpn = settings.CloudConnection?.Alpn ?? settings.Alpn;
        Profile profile = settings.Profile?.Profile ?? Profiles.Rsa4096P384.Profile with { InWindowBytes = WindowBytes, OutWindowBytes = WindowBytes };
        profile = profile with
        {
            MaxTicketBytes = int.Max(profile.MaxTicketBytes, TicketBytes),
            MaxServerNameBytes = int.Max(profile.MaxServerNameBytes, int.Min(name.Length, 253)),
            MaxAlpnBytes = int.Max(profile.MaxAlpnBytes, int.Min(alpn.Length, 255)),
            MaxMqttTopicBytes = 0,
        };
        profile = (settings.CloudConnection?.TlsVersions ?? settings.TlsVersions) is { } versions ? profile.Offering(versions) : profile;
        return new TlsConnectionOptions
        {
            Credentials = _credentials!,
            Profile = _credentials!.Fit(_sharedKey is null ? profile : ForSharedKey(profile)),
            ServerName = name,
            Alpn = alpn,
            PreSharedKey = _sharedKey,
            Sessions = _sessions,
            KeyLogFile = settings.KeyLogFile,
            AcceptLargeRecords = true,
        };
    }

    private static Profile ForSharedKey(Profile profile) =>
        HandshakeRequest.WithSharedKeySuites(profile with { PskModes = PskModes.PskWithDhe, MaxPskIdentityBytes = int.Max(profile.MaxPskIdentityBytes, 128) }, hasKey: true);

    private static byte[] PasswordOf(ClientSettings settings, string? userName)
    {
        if (settings.Password is { } password)
        {
            return password;
        }

        string? variable = userName is null ? null : Environment.GetEnvironmentVariable(ClientSettings.PasswordVariable);
        return variable is null ? [] : System.Text.Encoding.UTF8.GetBytes(variable);
    }

    private static TimeSpan Expiry(ClientSettings settings)
    {
        if (settings.Version == MqttVersion.V311)
        {
            return settings.KeepSession ? TimeSpan.MaxValue : TimeSpan.Zero;
        }

        uint seconds = settings.SessionExpiry ?? (settings.KeepSession ? ClientSettings.Forever : 0);
        return seconds == ClientSettings.Forever ? TimeSpan.MaxValue : TimeSpan.FromSeconds(seconds);
    }

    private static MqttLastWill? Will(ClientSettings settings) => settings.WillTopic is not { } topic ? null : new MqttLastWill(settings.WillProperties.Apply(new MqttPublication
    {
        Topic = topic,
        Payload = settings.WillPayload,
        Qos = settings.WillQos,
        Retain = settings.WillRetain,
    }))
    {
        Delay = settings.WillDelay ?? TimeSpan.Zero,
    };
}
