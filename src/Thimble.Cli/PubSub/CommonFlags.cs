using System;
using System.Linq;
using Thimble.Cli.Clouds;
using Thimble.Memory;
using Thimble.Mqtt;

namespace Thimble.Cli.PubSub;

/// <summary>The flags that <c>pub</c> and <c>sub</c> share, by mosquitto's names.</summary>
internal static class CommonFlags
{
    public static Flag<T>[] Of<T>()
        where T : ClientSettings =>
        [.. Broker<T>(), .. Cloud<T>(), .. Session<T>(), .. Will<T>(), .. Tls<T>(), .. Speech<T>(), .. Refused<T>()];

    private static Flag<T>[] Broker<T>()
        where T : ClientSettings
    {
        const string Section = "The broker";
        return
        [
            new(Section, "-h, --host", "HOST", "Its name or address. The default is localhost.", static (settings, values) => settings.Host = OfHost(values[0])),
            new(Section, "-p, --port", "PORT", "Its port. The default is 8883, and 1883 without TLS.", static (settings, values) => settings.Port = (int)FlagValue.Integer("-p", values[0], 1, 65_535)),
            new(Section, "-L, --url", "URL", "All in one: mqtts://[user[:password]@]host[:port][/topic].", static (settings, values) => settings.TakeUrl(BrokerUrl.Parse(values[0]))),
            new(Section, "-u, --username", "NAME", "The user name.", static (settings, values) => settings.UserName = FlagValue.Text("-u", values[0])),
            new(Section, "-P, --pw", "PASSWORD", "The password. Other users of the machine can see it while the program runs.", static (settings, values) => settings.Password = FlagValue.Bytes("-P", values[0], "Give it by --password-file.")),
            new(Section, "--password-file", "FILE", $"A file whose first line is the password. Without it and -P, {ClientSettings.PasswordVariable} is asked.", static (settings, values) => settings.Password = PasswordFile.Read(values[0])),
            new(Section, "--allow-plaintext", "", "Do without TLS: anybody on the way can read all that is sent, the password too, and change it.", static (settings, _) => settings.AllowPlaintext = true),
        ];
    }

    private static Flag<T>[] Cloud<T>()
        where T : ClientSettings
    {
        const string Section = "A cloud (docs/clouds.md)";
        return
        [
            new(Section, "--for", "CLOUD", $"Port, ALPN, user name and token as this cloud wants them, and its limits told before anything is sent: {CloudPresets.Names}.", static (settings, values) => settings.Cloud.Preset = CloudPresets.Find(values[0]) ?? throw new UsageException(CloudOption.Unknown(values[0]))),
            new(Section, "--sas-key", "FILE", $"Azure: a file whose first line is the device's key in base64; tokens are made of it. Without it {CloudSettings.SasKeyVariable} is asked.", static (settings, values) => settings.Cloud.SasKeyFile = values[0]),
            new(Section, "--id-scope", "SCOPE", "Azure DPS: the ID scope of the instance.", static (settings, values) => settings.Cloud.IdScope = FlagValue.Text("--id-scope", values[0])),
            new(Section, "--jwt-key", "FILE", "ClearBlade: the device's private key, RSA or P-256; tokens are made of it.", static (settings, values) => settings.Cloud.JwtKeyFile = values[0]),
            new(Section, "--token-lifetime", "SECONDS", "How long each token lasts, from 60; the default is 3600. The client connects again in time.", static (settings, values) => settings.Cloud.TokenLifetime = TimeSpan.FromSeconds(FlagValue.Integer("--token-lifetime", values[0], 60, 31_536_000))),
        ];
    }

    private static Flag<T>[] Session<T>()
        where T : ClientSettings
    {
        const string Section = "The session";
        return
        [
            new(Section, "-V, --protocol-version", "VERSION", "5 or mqttv5, 311 or mqttv311. The default is 311, and 5 where -D is given.", static (settings, values) => settings.ChosenVersion = Version(values[0])),
            new(Section, "-i, --id", "ID", "The client's name. Without it the broker chooses one.", static (settings, values) => settings.Id = FlagValue.Text("-i", values[0]) is { Length: > 0 } id ? id : throw new UsageException("-i takes a name, and not nothing.")),
            new(Section, "-I, --id-prefix", "PREFIX", "The same: a prefix, to which the process id is added.", static (settings, values) => settings.IdPrefix = FlagValue.Text("-I", values[0])),
            new(Section, "-k, --keepalive", "SECONDS", "The longest silence, from 5 to 65535. The default is 60.", static (settings, values) => settings.KeepAliveSeconds = (int)FlagValue.Integer("-k", values[0], 5, 65_535)),
            new(Section, "-c, --disable-clean-session", "", "Go on with the session that the broker keeps, and have it kept.", static (settings, _) => settings.KeepSession = true),
            new(Section, "-x", "SECONDS", "MQTT 5: for how long it is kept; -1 is for ever.", static (settings, values) => settings.SessionExpiry = Expiry(values[0])),
            new(Section, "-M", "COUNT", "How many messages of QoS 1 and 2 may be unacknowledged, from 1 to 4000. The default is 20.", static (settings, values) => settings.MaxInFlight = (int)FlagValue.Integer("-M", values[0], 1, 4000)),
            new(Section, "-D, --property", "COMMAND PROPERTY VALUE", "A property of MQTT 5 of CONNECT, PUBLISH, WILL, SUBSCRIBE, UNSUBSCRIBE or DISCONNECT; user-property takes NAME and VALUE.", static (settings, values) => PropertyFlag.Set(settings, values)) { OneMore = PropertyFlag.OneMore },
        ];
    }

    private static Flag<T>[] Will<T>()
        where T : ClientSettings
    {
        const string Section = "What the broker publishes when the client is gone without a word";
        return
        [
            new(Section, "--will-topic", "TOPIC", "Where.", static (settings, values) => settings.WillTopic = TopicRules.Name("--will-topic", values[0])),
            new(Section, "--will-payload", "TEXT", "What. The default is nothing.", static (settings, values) => settings.WillPayload = FlagValue.Bytes("--will-payload", values[0], "A will here is text.")),
            new(Section, "--will-qos", "QOS", "With which QoS: 0, 1 or 2.", static (settings, values) => settings.WillQos = FlagValue.Qos("--will-qos", values[0])),
            new(Section, "--will-retain", "", "And keeps it.", static (settings, _) => settings.WillRetain = true),
        ];
    }

    private static Flag<T>[] Tls<T>()
        where T : ClientSettings
    {
        const string Section = "TLS";
        return
        [
            new(Section, "--cafile", "FILE", "The certificates to trust, PEM (one or several) or DER.", static (settings, values) => settings.CaFile = values[0]),
            new(Section, "--capath", "DIR", "A directory of such files, *.crt and *.pem.", static (settings, values) => settings.CaPath = values[0]),
            new(Section, "--tls-use-os-certs", "", "Trust what this machine trusts.", static (settings, _) => settings.SystemTrust = true),
            new(Section, "--pin", "PIN", "The hash of a key: sha256/ and base64. Alone it is what is trusted; beside --cafile it narrows that. May be repeated.", static (settings, values) => settings.Pins.Add(OfPin(values[0]))),
            new(Section, "--cert", "FILE", "The client's certificate, and those above it, PEM or DER.", static (settings, values) => settings.CertificateFile = values[0]),
            new(Section, "--key", "FILE", "The client's private key: PKCS#8, PKCS#1 or SEC 1, PEM or DER.", static (settings, values) => settings.KeyFile = values[0]),
            new(Section, "--psk", "HEX", "A key that is shared with the broker, in hexadecimal digits, of 16 to 64 bytes.", static (settings, values) => settings.SharedKey = OfHexadecimal(values[0])),
            new(Section, "--psk-identity", "NAME", "Its name.", static (settings, values) => settings.SharedKeyIdentity = values[0].Length > 0 ? values[0] : throw new UsageException("--psk-identity takes a name, and not nothing.")),
            new(Section, "--tls", "VERSION", "The versions to offer: 1.2, 1.3 or 1.2,1.3, which is the default.", static (settings, values) => settings.TlsVersions = OfTls(values[0])),
            new(Section, "--tls-version", "VERSION", "The lowest version, by mosquitto's names: tlsv1.2 or tlsv1.3.", static (settings, values) => settings.TlsVersions = Lowest(values[0])),
            new(Section, "--tls-alpn", "NAME", "The application protocol to offer, such as mqtt.", static (settings, values) => settings.Alpn = values[0]),
            new(Section, "--servername", "NAME", "The name that the broker's certificate must carry. The default is the host's.", static (settings, values) => settings.ServerName = values[0]),
            new(Section, "--profile", "NAME", $"The limits of the connection: {string.Join(", ", Profiles.All.Select(profile => profile.Name))}. The default fits any broker.", static (settings, values) => settings.Profile = OfProfile(values[0])),
            new(Section, "--keylog", "FILE", "Append the connection's keys to this file, for Wireshark: whoever has it can read all that was sent.", static (settings, values) => settings.KeyLogFile = values[0]),
        ];
    }

    private static Flag<T>[] Speech<T>()
        where T : ClientSettings
    {
        const string Section = "What is said";
        return
        [
            new(Section, "-d, --debug", "", "Say on the standard error what is done.", static (settings, _) => settings.Debug = true),
            new(Section, "--quiet", "", "Say nothing of errors while it runs: the exit code does.", static (settings, _) => settings.Quiet = true),
            new(Section, "--help", "", "This.", static (settings, _) => settings.Help = true),
        ];
    }

    private static Flag<T>[] Refused<T>()
        where T : ClientSettings =>
        [
            Flag<T>.Always("--nodelay"),
            Flag<T>.Refused("--insecure", "", "Thimble never talks to a server whose certificate it has not verified. Trust the server's authority by --cafile, and name the server as its certificate does by --servername."),
            Flag<T>.Refused("--unix", "PATH", "Thimble connects by TCP only."),
            Flag<T>.Refused("--proxy", "URL", "Thimble connects by itself only. Let a tunnel such as 'ssh -L' do this, with --servername for the broker's name."),
            Flag<T>.Refused("-A", "ADDRESS", "the system chooses the address to connect from."),
            Flag<T>.Refused("-S", "", "Thimble looks up no SRV records. Name the broker by -h and -p."),
            Flag<T>.Refused("--ciphers", "LIST", "it is a list in OpenSSL's words. --profile and --tls choose what is offered."),
            Flag<T>.Refused("--tls-engine", "ENGINE", "Thimble has nothing of OpenSSL's. Keys come from files, by --key."),
            Flag<T>.Refused("--tls-engine-kpass-sha1", "HASH", "Thimble has nothing of OpenSSL's. Keys come from files, by --key."),
            Flag<T>.Refused("--keyform", "FORM", "the form of a key is found out from its file."),
        ];

    private static string OfHost(string text) => HostAndPort.IsHost(text) ? text : throw new UsageException($"-h takes the name or the address of a host, and not '{PrintableText.Of(text)}'.");

    private static string OfPin(string text)
    {
        try
        {
            return KeyPin.Parse(text).Text;
        }
        catch (FormatException e)
        {
            throw new UsageException($"--pin: {e.Message}");
        }
    }

    private static string OfHexadecimal(string text) =>
        text.Length is >= 32 and <= 128 && (text.Length & 1) == 0 && text.All(char.IsAsciiHexDigit) ? text : throw new UsageException("--psk takes 32 to 128 hexadecimal digits, two for each byte.");

    private static MqttVersion Version(string text) => text switch
    {
        "5" or "mqttv5" => MqttVersion.V5,
        "311" or "mqttv311" => MqttVersion.V311,
        "31" or "mqttv31" => throw new UsageException("MQTT 3.1 is not spoken here: every broker that knows it knows MQTT 3.1.1 too. Use -V 311 or -V 5."),
        _ => throw new UsageException($"-V takes 5 or 311, and not '{text}'."),
    };

    private static uint Expiry(string text) => text is "-1" or "∞" ? ClientSettings.Forever : (uint)FlagValue.Integer("-x", text, 0, ClientSettings.Forever);

    private static TlsVersions OfTls(string text) => TlsOption.Parse(text) ?? throw new UsageException($"--tls takes 1.2, 1.3 or 1.2,1.3, and not '{text}'.");

    private static TlsVersions Lowest(string text) => text switch
    {
        "tlsv1.2" => TlsVersions.Tls12 | TlsVersions.Tls13,
        "tlsv1.3" => TlsVersions.Tls13,
        _ => throw new UsageException($"--tls-version takes tlsv1.2 or tlsv1.3, and not '{text}': older versions are broken."),
    };

    private static NamedProfile OfProfile(string name) =>
        Profiles.Find(name) ?? throw new UsageException($"There is no profile '{name}'. There are: {string.Join(", ", Profiles.All.Select(profile => profile.Name))}.");
}
