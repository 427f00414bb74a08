using Thimble.Memory;

namespace Thimble;

/// <summary>The articles of faults between the two ends of TLS.</summary>
internal static class TlsArticles
{
    private const string Probe = "thimble probe HOST:PORT";
    private const string Show = "openssl s_client -connect HOST:PORT -msg";

    private static readonly FaultArticle s_protocolBroken = new(
        ["The server's TLS library has a bug, or is of the years before the standard.", "Something between both ends, such as a proxy or a firewall, answers in the server's stead.", "Somebody tries an attack."],
        [Probe, Show, "Update the server, and report it to whoever makes it."]);

    private static readonly FaultArticle s_altered = new(
        ["Bytes were changed on the way: a bad cable, a driver that overruns a buffer, or an attack.", "Both ends derived other keys, because one has a bug.", "On a device: the buffer of the connection was written to by other code."],
        ["Connect again: a chance error does not come back.", Show, "On a device: compare with the same connection from a host (thimble connect HOST:PORT --cafile FILE)."]);

    private static readonly FaultArticle s_noTls = new(
        ["The port is not one of TLS: MQTT without TLS has 1883, with TLS 8883; HTTP has 80 and 443.", "A proxy answers in plain text, with an error page, say.", "The server expects STARTTLS, which is not MQTT's way."],
        [Probe, "Look at the first bytes: openssl s_client -connect HOST:PORT"]);

    private static readonly FaultArticle s_nothingCommon = new(
        ["The profile offers what the server does not take, or the server answers what was not offered."],
        [Probe, "thimble advise"]);

    public static FaultArticle? Of(FaultReason reason) => Records(reason) ?? Hello(reason) ?? Keys(reason) ?? SharedKeys(reason) ?? Flow(reason);

    private static FaultArticle? Records(FaultReason reason) => reason switch
    {
        FaultReason.RecordTypeUnknown or FaultReason.RecordVersion => s_noTls,
        FaultReason.RecordOverflow => new(
            ["The port is not one of TLS: the first bytes of plain text read as a long record.", "The server agreed to a limit (record_size_limit, max_fragment_length) and does not keep it."],
            [Probe]),
        FaultReason.RecordLargerThanWindow => new(
            ["The server sends records of up to 16 kB, as most do, whatever a client asks for."],
            [Probe, "thimble plan --in-window 16384", "Take large records in pieces: AcceptLargeRecords, in the core ProvisionalDelivery."]),
        FaultReason.BadRecordMac or FaultReason.FinishedMismatch => s_altered,
        FaultReason.UnexpectedRecord or FaultReason.AlertMalformed or FaultReason.ContentTypeMissing or FaultReason.ChangeCipherSpecInvalid or FaultReason.MessageAcrossKeyChange => s_protocolBroken,
        FaultReason.SequenceExhausted => new(
            ["The connection carried more records than one set of keys may protect."],
            ["Connect anew."]),
        FaultReason.RecordSizeLimitTooSmall or FaultReason.TwoRecordLimits or FaultReason.MaxFragmentLengthMismatch => s_protocolBroken,
        _ => null,
    };

    private static FaultArticle? Hello(FaultReason reason) => reason switch
    {
        FaultReason.VersionUnsupported => new(
            ["The server speaks TLS 1.0 or 1.1 only.", "The profile offers one version, and the server the other."],
            [Probe, "thimble connect HOST:PORT --cafile FILE --tls 1.2,1.3"]),
        FaultReason.ExtendedMasterSecretMissing => new(
            ["The server's TLS library is older than 2015, or is Erlang's of RabbitMQ in TLS 1.2."],
            [Probe, "Prefer TLS 1.3 at that server, which needs no such extension.", "AllowLegacyMasterSecret permits it, where the server cannot be changed."]),
        FaultReason.RenegotiationInfoMissing => new(
            ["The server's TLS library is older than 2010."],
            [Probe, "Update the server."]),
        FaultReason.RenegotiationInfoInvalid or FaultReason.DowngradeDetected => new(
            ["Somebody between both ends changes the handshake.", "A proxy that inspects TLS does it badly."],
            ["Do not trust this network.", Probe, "Compare with another network."]),
        FaultReason.SuiteNotOffered or FaultReason.CompressionNotOffered or FaultReason.ExtensionNotOffered or FaultReason.AlpnNotOffered or FaultReason.GroupNotOffered or FaultReason.VersionNotOffered
            or FaultReason.SessionSuiteChanged or FaultReason.DuplicateHelloExtension or FaultReason.HelloExtensionMalformed or FaultReason.PointFormatMissing or FaultReason.RetryChangesNothing
            or FaultReason.SecondHelloRetryRequest or FaultReason.SuiteChangedAfterRetry or FaultReason.SessionIdMismatch or FaultReason.ExtensionMisplaced or FaultReason.ExtensionMissing => s_protocolBroken,
        FaultReason.CookieTooLong => new(
            ["The server gives a very long cookie in HelloRetryRequest."],
            ["thimble plan --out-window 1024", Probe]),
        _ => null,
    };

    private static FaultArticle? Keys(FaultReason reason) => reason switch
    {
        FaultReason.SignatureSchemeNotOffered or FaultReason.KeyDoesNotFitSuite => s_nothingCommon,
        FaultReason.NoCommonSignatureScheme => new(
            ["The client's key is Ed25519 and the version TLS 1.2.", "The server takes RSA client certificates only, or EC only.", "The server demands SHA-512, or RSA-PSS."],
            [Probe, "Use an EC P-256 client key: every server of today takes it."]),
        FaultReason.KeyShareInvalid => new(
            ["Somebody tries an attack with a point that is on no curve.", "The server's arithmetic has a bug."],
            ["Do not trust this server.", Probe]),
        FaultReason.ServerKeyExchangeSignatureInvalid or FaultReason.CertificateVerifyInvalid => new(
            ["The server was given a key that is not its certificate's.", "Somebody in between shows a certificate whose key he does not have."],
            [Probe, "At the server: openssl pkey -in KEY -pubout, and openssl x509 -in CERT -pubkey -noout, must print the same."]),
        FaultReason.KeyUpdateInvalid => s_protocolBroken,
        FaultReason.SigningFailed => new(
            ["The machine computed wrongly: an unstable supply, overheating, or an attack by glitches.", "The private key in the ROM image is damaged."],
            ["thimble bake inspect IMAGE", "Bake it again, and look at the supply's voltage under load."]),
        FaultReason.ProvidedSignatureInvalid => new(
            ["The secure element holds another key than the client's certificate has.", "It signs with another algorithm, or gives ECDSA signatures as r and s instead of DER."],
            ["Compare the element's public key with the certificate's.", "Sign the digest as it is: do not hash it again."]),
        FaultReason.NoSignatureProvided => new(
            ["The secure element, the TPM or the HSM is locked or absent.", "It needs longer than the handshake's time-out."],
            ["Read the error that it gave: it is the cause of the exception."]),
        _ => null,
    };

    private static FaultArticle? SharedKeys(FaultReason reason) => reason switch
    {
        FaultReason.SessionInvalid => new(
            ["The stored session was written by another release, or cut short."],
            ["Delete it: the next handshake is a full one, and gives a new session."]),
        FaultReason.PreSharedKeyInvalid => new(
            ["The key or its identity is longer than the profile plans for, or the profile uses none."],
            ["thimble plan --psk-modes pskWithDhe --max-psk-identity 64"]),
        FaultReason.PreSharedKeyRefused => new(
            ["The server has another key under that identity, or does not know it.", "The server allows the key in another mode, or with another hash."],
            ["Compare identity and key at both ends, byte by byte; mind hexadecimal against text.", "Look into the server's log."]),
        FaultReason.PskHashMismatch or FaultReason.PskIdentityNotOffered or FaultReason.PskModeNotOffered => s_protocolBroken,
        _ => null,
    };

    private static FaultArticle? Flow(FaultReason reason) => reason switch
    {
        FaultReason.AlertReceived => new(
            ["The server ended the connection and said why in one number: the alert. It has an article of its own."],
            ["thimble explain alert 40", Probe, "Look into the server's log, which tells more than it tells you."]),
        FaultReason.UnexpectedMessage or FaultReason.MessageMalformed => s_protocolBroken,
        FaultReason.Flood => new(
            ["Somebody tries to keep the client busy with messages that carry nothing."],
            ["Do not trust this server.", Probe]),
        FaultReason.TruncatedByPeer => new(
            ["The server closed without a word, as many do when they dislike a client certificate or its policy.", "The server was restarted, or its time-out for handshakes is short.", "A firewall cut the connection."],
            [Probe, "Look into the server's log.", "thimble connect HOST:PORT --cafile FILE"]),
        _ => null,
    };
}
