using System.Collections.Generic;
using System.Globalization;
using Thimble.Memory;

namespace Thimble.Cli.Advise;

/// <summary>Knobs of windows, features, MQTT and versions.</summary>
internal static partial class Knobs
{
    private static IEnumerable<Knob> OfWindows(Profile profile) =>
    [
        .. Below(profile.InWindowBytes, [1024, 512, 256, 128], bytes => new Knob(
            $"receive records of {Number(bytes)} B whole instead of {Number(profile.InWindowBytes)}", $"--in-window {bytes}",
            "larger application records come in pieces that count only after their tag: read them as provisional, or gather them outside the plan",
            Price.Ours, p => p with { InWindowBytes = bytes })),
        .. Below(profile.OutWindowBytes, [1024, 512, 256, 128], bytes => new Knob(
            $"send records of {Number(bytes)} B instead of {Number(profile.OutWindowBytes)}", $"--out-window {bytes}",
            "more records for long messages, at 22 to 29 bytes each on the wire",
            Price.Ours, p => p with { OutWindowBytes = bytes })),
        .. Below(profile.MaxServerNameBytes, [32], bytes => new Knob(
            $"server names of up to {bytes} B instead of {profile.MaxServerNameBytes}", "MaxServerNameBytes",
            "servers with longer names", Price.Ours, p => p with { MaxServerNameBytes = bytes })),
        .. When(profile.MaxAlpnBytes > 0, new Knob(
            "no ALPN", "MaxAlpnBytes", "servers that tell protocols apart by ALPN, such as MQTT on port 443 of AWS IoT", Price.Peers, p => p with { MaxAlpnBytes = 0 })),
    ];

    private static IEnumerable<Knob> OfFeatures(Profile profile) =>
    [
        .. When(profile.ExportsKeys, new Knob(
            "no exported keys", "without --exports-keys", "channel bindings, and protocols above TLS that make keys from it", Price.Sacrifice, p => p with { ExportsKeys = false })),
        .. When(profile.MaxTicketBytes > 0, new Knob(
            "no session resumption", "--max-ticket 0", "short handshakes: each connection verifies the chain and signs again", Price.Sacrifice, p => p with { MaxTicketBytes = 0 })),
        .. Below(profile.MaxTicketBytes, [1024, 512, 256], bytes => new Knob(
            $"tickets of up to {Number(bytes)} B instead of {Number(profile.MaxTicketBytes)}", $"--max-ticket {bytes}",
            "resumption with servers whose tickets are longer, as those are that hold our certificate", Price.Ours, p => p with { MaxTicketBytes = bytes })),
        .. When(profile.AllowLegacyMasterSecret, new Knob(
            "extended master secret required", "AllowLegacyMasterSecret", "TLS 1.2 servers without RFC 7627", Price.Peers, p => p with { AllowLegacyMasterSecret = false })),
        .. When(profile.PskModes != PskModes.None, new Knob(
            "no shared keys", "without --psk-modes", "servers that are known by a key shared beforehand", Price.Peers,
            p => p with { PskModes = PskModes.None, MaxPskIdentityBytes = 0, Suites = p.Suites & ~(SuiteSets.Psk | SuiteSets.EcdhePsk) })),
        .. When(profile.StapledStatus, new Knob(
            "no stapled status", "without --stapled-status", "a revoked certificate of the server goes unnoticed until it expires", Price.Sacrifice, p => p with { StapledStatus = false })),
    ];

    private static IEnumerable<Knob> OfMqtt(Profile profile)
    {
        if (profile.MaxMqttTopicBytes == 0)
        {
            return [];
        }

        return
        [
            .. Below(profile.MaxMqttTopicBytes, [256, 128, 64, 32], bytes => new Knob(
                $"MQTT topics of up to {bytes} B instead of {Number(profile.MaxMqttTopicBytes)}", $"--max-topic {bytes}", "messages with longer topics", Price.Ours, p => p with { MaxMqttTopicBytes = bytes })),
            .. Below(profile.MaxMqttInFlight, [16, 4, 1, 0], count => new Knob(
                count == 0 ? "publish with QoS 0 only" : $"{count} unacknowledged messages at once instead of {Number(profile.MaxMqttInFlight)}", "MaxMqttInFlight",
                count == 0 ? "the broker's word that a message arrived" : "throughput over slow networks", count == 0 ? Price.Sacrifice : Price.Ours, p => p with { MaxMqttInFlight = count })),
            .. Below(profile.MaxMqttAcknowledgements, [16, 4, 0], count => new Knob(
                count == 0 ? "receive QoS 0 only" : $"{count} acknowledgements owed at once instead of {profile.MaxMqttAcknowledgements}", "MaxMqttAcknowledgements",
                count == 0 ? "messages that the broker keeps until we have them" : "brokers that put more messages into one large record", count == 0 ? Price.Sacrifice : Price.Ours, p => p with { MaxMqttAcknowledgements = count })),
            .. When(profile.MaxMqttInboundExactlyOnce > 0, new Knob(
                "receive no QoS 2", "MaxMqttInboundExactlyOnce", "messages that come exactly once", Price.Sacrifice, p => p with { MaxMqttInboundExactlyOnce = 0 })),
            .. When(profile.MaxMqttTopicAliases > 0, new Knob(
                "no topic aliases", "MaxMqttTopicAliases", "short packets for long topics", Price.Ours, p => p with { MaxMqttTopicAliases = 0 })),
            .. When(profile.ProvisionalMqtt, new Knob(
                "MQTT in records no larger than the window", "ProvisionalMqtt", "brokers that put much into one record: AWS IoT does", Price.Peers, p => p with { ProvisionalMqtt = false })),
            .. When((profile.MqttVersions & MqttVersions.V5) != 0, new Knob(
                "MQTT 3.1.1 only", "MqttVersions", "the properties and reason codes of MQTT 5", Price.Sacrifice, p => p with { MqttVersions = MqttVersions.V311, MaxMqttTopicAliases = 0 })),
            new Knob(
                "no MQTT session in the plan", "--max-topic 0", "MQTT, or its session lies in memory of your own", Price.Sacrifice,
                p => p with { MaxMqttTopicBytes = 0, MaxMqttInFlight = 0, MaxMqttAcknowledgements = 0, MaxMqttInboundExactlyOnce = 0, MaxMqttTopicAliases = 0, ProvisionalMqtt = false }),
        ];
    }

    private static IEnumerable<Knob> OfVersions(Profile profile)
    {
        bool both = profile.Offers(TlsVersions.Tls12) && profile.Offers(TlsVersions.Tls13);
        return
        [
            .. When(both, new Knob(
                "TLS 1.3 only", "--tls 1.3", "servers without TLS 1.3, among them some MQTT brokers", Price.Peers,
                p => p with { Versions = TlsVersions.Tls13, Suites = p.Suites & SuiteSets.Tls13, SecondTranscript = false })),
            .. When(profile.Offers(TlsVersions.Tls13), new Knob(
                "TLS 1.2 only", "--tls 1.2", "encrypted certificates, servers that ask for TLS 1.3, and its simpler proof of security", Price.Peers,
                p => WithSuitesOf12(p) with { Versions = TlsVersions.Tls12 })),
        ];
    }

    /// <summary>A profile of TLS 1.3 alone has no suites of TLS 1.2: those with the same ciphers take their place.</summary>
    private static Profile WithSuitesOf12(Profile profile)
    {
        CipherSuites older = profile.Suites & ~SuiteSets.Tls13;
        if (older == CipherSuites.None)
        {
            older = WithFittingSuites(Profiles.Rsa4096P384.Profile with { MaxEcdsaBits = profile.MaxEcdsaBits, MaxRsaBits = profile.MaxRsaBits, Ed25519 = profile.Ed25519 }).Suites & ~SuiteSets.Tls13;
            bool only128 = (profile.Suites & CipherSuites.Aes256GcmSha384) == 0;
            older &= only128 ? ~SuiteSets.Sha384 : older;
        }

        return profile with { Suites = older };
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
