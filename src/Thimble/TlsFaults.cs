using Thimble.Memory;

namespace Thimble;

/// <summary>Explains what went wrong between the two ends of TLS.</summary>
internal static class TlsFaults
{
    private const string NotTls = "Is this a TLS port? MQTT over TLS usually has 8883, and 1883 is without TLS.";
    private const string ServerBug = "The server breaks the protocol: try its newest version, and report it there.";
    private const string Altered = "Either the network damaged the bytes, somebody altered them, or one end has a bug.";

    public static FaultExplanation? Explain(in Fault fault, FaultContext context) =>
        Records(fault) ?? Hello(fault, context) ?? Keys(fault, context) ?? Flow(fault, context);

    private static FaultExplanation? Records(in Fault fault) => fault.Reason switch
    {
        FaultReason.RecordTypeUnknown => new(
            $"The server's bytes are no TLS record: {fault.Actual} is no content type.",
            NotTls),
        FaultReason.RecordVersion => new(
            $"A record of the server bears {Words.Version(fault.Actual)}, which is not TLS.",
            NotTls),
        FaultReason.RecordOverflow when fault.Expected < 1 << 14 => new(
            $"The server agreed to records of at most {fault.Expected} bytes, and then sent one of {fault.Actual}.",
            ServerBug),
        FaultReason.RecordOverflow => new(
            $"A record of {fault.Actual} bytes is longer than TLS allows ({fault.Expected}).",
            NotTls),
        FaultReason.RecordLargerThanWindow => new(
            $"The server sent an application record of {fault.Actual} bytes, and the window takes {fault.Expected}.",
            $"Raise InWindowBytes (--window {fault.Actual}), take such records in pieces (AcceptLargeRecords, in the core ProvisionalDelivery), or let the server send smaller ones."),
        FaultReason.BadRecordMac => new(
            "A record's authentication tag does not verify.",
            Altered),
        FaultReason.UnexpectedRecord => new(
            $"A record of the type {Words.ContentType(fault.Actual)} arrived where none may.",
            ServerBug),
        FaultReason.AlertMalformed => new(
            $"An alert of the server is malformed ({fault.Actual}).",
            ServerBug),
        FaultReason.ContentTypeMissing => new(
            "A protected record holds zeros only, and so no type.",
            ServerBug),
        FaultReason.ChangeCipherSpecInvalid => new(
            $"A ChangeCipherSpec is not the single byte 1, or came out of turn ({fault.Actual}).",
            ServerBug),
        FaultReason.MessageAcrossKeyChange => new(
            "A handshake message begins before a change of keys and ends after it.",
            ServerBug),
        _ => null,
    };

    private static FaultExplanation? Hello(in Fault fault, FaultContext context) => fault.Reason switch
    {
        FaultReason.VersionUnsupported => new(
            $"The server chose {Words.Version(fault.Actual)}, and {Words.Version(fault.Expected)} was offered.",
            "Enable that version at the server, or offer the server's (--tls)."),
        FaultReason.SuiteNotOffered => new(
            $"The server chose {Words.Suite(fault.Actual)}, which was not offered.",
            ServerBug),
        FaultReason.SessionSuiteChanged => new(
            $"The server goes on with a session under {Words.Suite(fault.Actual)}, and it was made under {Words.Suite(fault.Expected)}.",
            ServerBug),
        FaultReason.CompressionNotOffered => new(
            $"The server chose compression method {fault.Actual}, and none was offered.",
            ServerBug),
        FaultReason.ExtensionNotOffered => new(
            $"The server answered with the extension {Words.Extension(fault.Actual)}, which was not offered.",
            ServerBug),
        FaultReason.ExtendedMasterSecretMissing => new(
            "The server does not know the extended master secret (RFC 7627), without which a connection can be mixed up with another one.",
            "Update the server's TLS library, or allow it in the profile (AllowLegacyMasterSecret)."),
        FaultReason.RenegotiationInfoMissing => new(
            "The server does not know renegotiation_info (RFC 5746), without which a stranger's bytes can be put before yours.",
            "Update the server's TLS library: this protection dates from 2010."),
        FaultReason.RenegotiationInfoInvalid => new(
            "The server's renegotiation_info speaks of an earlier handshake, but this is the first.",
            "Somebody may be in between. " + ServerBug),
        FaultReason.AlpnNotOffered => new(
            "The server chose an ALPN protocol that was not offered.",
            ServerBug),
        FaultReason.MaxFragmentLengthMismatch => new(
            $"The server answered max_fragment_length with code {fault.Actual}, and {fault.Expected} was offered.",
            ServerBug),
        FaultReason.RecordSizeLimitTooSmall => new(
            $"The server asks for records of at most {fault.Actual} bytes; the least that it may ask for is {fault.Expected}.",
            ServerBug),
        FaultReason.TwoRecordLimits => new(
            "The server answered both record_size_limit and max_fragment_length, of which only one can hold.",
            ServerBug),
        FaultReason.DuplicateHelloExtension => new(
            $"The server sent the extension {Words.Extension(fault.Actual)} twice.",
            ServerBug),
        FaultReason.HelloExtensionMalformed => new(
            $"The server's extension {Words.Extension(fault.Actual)} is not what its definition says.",
            ServerBug),
        FaultReason.PointFormatMissing => new(
            "The server does not list the uncompressed point format, which RFC 8422 requires.",
            ServerBug),
        FaultReason.VersionNotOffered => new(
            $"The server's supported_versions names {Words.Version(fault.Actual)}, and only {Words.Version(fault.Expected)} may stand there.",
            ServerBug),
        FaultReason.DowngradeDetected => new(
            "The server marks the connection as a downgrade: it can do TLS 1.3, and was made to believe that we cannot.",
            "Somebody in between may have changed the ClientHello: do not trust this network."),
        FaultReason.RetryChangesNothing => new(
            "The server asks for another ClientHello, and names neither another group nor a cookie.",
            ServerBug),
        FaultReason.SecondHelloRetryRequest => new(
            "The server asks for another ClientHello a second time.",
            ServerBug),
        FaultReason.CookieTooLong => new(
            $"The server's cookie of {fault.Actual} bytes does not fit into ClientHello, which has room for {fault.Expected}.",
            "Raise OutWindowBytes (--out-window) by the difference."),
        FaultReason.SuiteChangedAfterRetry => new(
            $"The server asked for another ClientHello with {Words.Suite(fault.Expected)} in mind, and then chose {Words.Suite(fault.Actual)}.",
            ServerBug),
        FaultReason.SessionIdMismatch => new(
            "The server's session id does not fit its version: TLS 1.3 echoes ours, and TLS 1.2 cannot know it.",
            ServerBug),
        FaultReason.ExtensionMisplaced => new(
            $"The server's {Words.HandshakeType(fault.Expected)} carries the extension {Words.Extension(fault.Actual)}, which does not belong there.",
            ServerBug),
        FaultReason.ExtensionMissing => new(
            $"The server's {Words.HandshakeType(fault.Expected)} lacks the extension {Words.Extension(fault.Actual)}.",
            ServerBug),
        FaultReason.SessionInvalid => new(
            $"The stored session of {fault.Actual} bytes is none: it was cut short or changed since it was taken, or another release wrote it.",
            "Delete it and connect without a session; then store it whole."),
        FaultReason.PreSharedKeyInvalid => new(
            fault.Expected == 0
                ? "A shared key was given, and the profile uses none."
                : $"The shared key or its identity has {fault.Actual} bytes, where {fault.Expected} is the limit.",
            "Keys have 16 to 64 bytes and an identity; PskModes says how they may be used, and MaxPskIdentityBytes how long the identity may be."),
        FaultReason.PreSharedKeyRefused => new(
            "The server did not accept the shared key, and the profile has nothing else to know the server by.",
            "Give the server the same identity, key and hash, and a mode of the profile's PskModes; if a session was offered, connect without it. Trust anchors would allow certificates."),
        FaultReason.PskHashMismatch => new(
            $"The server selected a key of SHA-{fault.Expected}, and {Words.Suite(fault.Actual)}, which has another hash.",
            ServerBug),
        FaultReason.PskIdentityNotOffered => new(
            $"The server selected the key number {fault.Actual}, and {fault.Expected} was the last one offered.",
            ServerBug),
        FaultReason.PskModeNotOffered => new(
            $"The server uses the key in the mode {(PskModes)fault.Actual}, and {(PskModes)fault.Expected} was offered.",
            "Let PskModes allow that mode, or change the server."),
        FaultReason.NoCommonSignatureScheme => new(
            $"The server named {fault.Actual} signature algorithms for client certificates, and the client's key can make none of them{(context.Profile.ClientEd25519 ? " (it is an Ed25519 key, which serves TLS 1.3 only)" : context.Profile.ClientEcdsaBits > 0 ? " (it is an EC key)" : "")}.",
            "Use a client key of another kind, or enable ECDSA or RSA with SHA-256 at the server."),
        _ => null,
    };

    private static FaultExplanation? Keys(in Fault fault, FaultContext context) => fault.Reason switch
    {
        FaultReason.GroupNotOffered => new(
            $"The server's key exchange uses {Words.Group(fault.Actual)}, which was not offered ({context.Profile.Groups}).",
            "Enable another group at the server, or in the profile (--groups)."),
        FaultReason.KeyShareInvalid => new(
            "The server's share of the key agreement is no valid point, or leads to the secret zero.",
            "Do not trust this server: such a share can be an attack."),
        FaultReason.SignatureSchemeNotOffered => new(
            $"The server proved itself with {Words.SignatureScheme(fault.Actual)}, which was not offered or does not fit its key.",
            "Raise --max-hash if it is SHA-384 or SHA-512; otherwise the server's configuration must change."),
        FaultReason.ServerKeyExchangeSignatureInvalid => new(
            "The signature over the server's key share was not made by the key in its certificate.",
            "The server may hold a key that is not its certificate's, or somebody is in between."),
        FaultReason.CertificateVerifyInvalid => new(
            "The server's CertificateVerify was not signed by the key in its certificate.",
            "The server may hold a key that is not its own, or somebody is in between."),
        FaultReason.KeyUpdateInvalid => new(
            $"The server's KeyUpdate says {fault.Actual}, which means nothing.",
            ServerBug),
        FaultReason.KeyDoesNotFitSuite => new(
            $"The server chose {Words.Suite(fault.Actual)}, but its certificate's key is of the other kind.",
            ServerBug),
        FaultReason.FinishedMismatch => new(
            "The two ends do not agree on what was said in the handshake: the server's Finished differs.",
            Altered),
        FaultReason.SigningFailed => new(
            "An operation with a private key of the client's failed its check, so that its result was withheld.",
            "The machine computed wrongly, was attacked, or the private key in the ROM image is damaged: bake it again."),
        FaultReason.ProvidedSignatureInvalid => new(
            "The signature that was provided for the client does not verify under its certificate's key" + (fault.Expected == 0 ? "." : $": it has {fault.Actual} bytes, and {fault.Expected} is the longest that could."),
            "Let the signer use the certificate's own key, the algorithm that it is asked for, and for ECDSA the DER encoding."),
        FaultReason.NoSignatureProvided => new(
            "The client's private key is kept elsewhere, and whoever holds it did not sign.",
            "The signer's own error says why: it may be locked, out of reach, or slower than the handshake's time-out."),
        FaultReason.SequenceExhausted => new(
            "Too many records were sent under the same keys.",
            "Connect anew."),
        _ => null,
    };

    private static FaultExplanation? Flow(in Fault fault, FaultContext context) => fault.Reason switch
    {
        FaultReason.AlertReceived => Alerts.Explain(fault.Actual, fault.Phase, context),
        FaultReason.UnexpectedMessage => new(
            $"The server sent {Words.HandshakeType(fault.Actual)} where {Words.HandshakeType(fault.Expected)} was expected.",
            ServerBug),
        FaultReason.MessageMalformed => new(
            $"The fields of the server's {Words.HandshakeType(fault.Expected)} do not add up to its length of {fault.Actual} bytes.",
            ServerBug),
        FaultReason.Flood => new(
            $"The server sent more than {fault.Expected} messages in a row that carry nothing.",
            "Do not trust this server: this can be an attack."),
        FaultReason.TruncatedByPeer => new(
            $"The connection ended without a close_notify, in the phase {fault.Phase}: what was received may have been cut short.",
            "If this happens in the handshake, look into the server's log: many servers close without an alert when a client certificate or its policy displeases them."),
        _ => null,
    };
}
