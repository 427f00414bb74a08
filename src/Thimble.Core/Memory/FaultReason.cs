namespace Thimble.Memory;

/// <summary>
/// Every way in which a connection can end. Members tell the exact cause; <c>Expected</c> and <c>Actual</c> of
/// <see cref="Fault"/> are named in each summary where they carry something.
/// </summary>
public enum FaultReason : ushort
{
    /// <summary>All is well.</summary>
    None = 0,

    // Memory and configuration (1 to 49).

    /// <summary>The buffer is smaller than the plan. Expected and Actual: bytes.</summary>
    BufferTooSmall = 1,

    /// <summary>The buffer's first byte is not at a multiple of eight. Expected: 8; Actual: the address modulo 8.</summary>
    BufferMisaligned = 2,

    /// <summary>The buffer does not begin with the plan of this profile, or the plan that was baked for it is of another profile, machine or version.</summary>
    BufferNotPlanned = 3,

    /// <summary>The ROM image's header, bounds or digest are wrong.</summary>
    RomImageInvalid = 4,

    /// <summary>The ROM image holds no trust anchor.</summary>
    NoTrustAnchor = 5,

    /// <summary>The seed is shorter than 48 bytes, or all its bytes are equal. Expected and Actual: bytes.</summary>
    SeedUnusable = 6,

    /// <summary>No time was given, and a certificate cannot be judged without one.</summary>
    TimeUnknown = 7,

    /// <summary>The time given lies before the ROM image was baked. Expected and Actual: days since 1970.</summary>
    ClockBeforeBakeDate = 8,

    /// <summary>The server name is empty, too long for the profile, or no DNS name. Expected and Actual: bytes.</summary>
    ServerNameInvalid = 9,

    /// <summary>The profile names no suite, group or signature algorithm that could be offered together.</summary>
    ProfileOffersNothing = 10,

    /// <summary>The client's private key is of a kind or size that the profile does not plan for. Expected and Actual: bits.</summary>
    ClientKeyNotInProfile = 11,

    /// <summary>The ALPN protocol name is empty or longer than the profile allows. Expected and Actual: bytes.</summary>
    AlpnInvalid = 12,

    /// <summary>The profile asks for an algorithm that this build leaves out (see <see cref="Features"/>). Expected: what it contains; Actual: what is missing; a bit for each, in their order.</summary>
    NotInThisBuild = 13,

    /// <summary>The profile asks for more than a plan can have. Expected: the most that one can; Actual: what this takes, at least; both in bytes.</summary>
    PlanTooLarge = 14,

    // X.509 and DER (100 to 199).

    /// <summary>The bytes are not strict DER. Expected: the tag that was wanted; Actual: the one found, or the length.</summary>
    CertificateMalformed = 100,

    /// <summary>The server sent no certificate.</summary>
    CertificateMissing = 101,

    /// <summary>Not X.509 version 3 (RFC 5280 §4.1.2.1). Actual: the version number.</summary>
    CertificateVersion = 102,

    /// <summary>The validity period has not begun. Expected: notBefore, Actual: now; both in days since 1970.</summary>
    CertificateNotYetValid = 103,

    /// <summary>The validity period has ended. Expected: notAfter, Actual: now; both in days since 1970.</summary>
    CertificateExpired = 104,

    /// <summary>The chain ends and its last issuer is no trust anchor. The fault's text is that issuer's name.</summary>
    IssuerUnknown = 105,

    /// <summary>A certificate does not issue the one before it: subject and issuer names differ. The text is the issuer that was wanted.</summary>
    ChainOutOfOrder = 106,

    /// <summary>No name of the leaf matches the server name. The text is the leaf's first DNS name.</summary>
    NameMismatch = 107,

    /// <summary>The leaf carries no subjectAltName of the kind that the server name needs (RFC 9525 §6.3).</summary>
    NameMissing = 108,

    /// <summary>keyUsage forbids what the key is used for. Expected: the bit wanted; Actual: the bits found.</summary>
    KeyUsageForbids = 109,

    /// <summary>extKeyUsage of the leaf, or of a CA above it, leaves serverAuth out.</summary>
    ExtendedKeyUsageForbids = 110,

    /// <summary>An issuer is no CA according to its basicConstraints.</summary>
    NotACertificateAuthority = 111,

    /// <summary>More CAs follow than pathLenConstraint allows. Expected and Actual: number of intermediate CAs.</summary>
    PathTooLong = 112,

    /// <summary>A critical extension is not known.</summary>
    UnknownCriticalExtension = 113,

    /// <summary>An extension occurs twice.</summary>
    DuplicateExtension = 114,

    /// <summary>The key is shorter than is safe. Expected and Actual: bits.</summary>
    KeyTooWeak = 115,

    /// <summary>The key is longer than the profile plans for. Expected: the profile's limit; Actual: the key; both in bits.</summary>
    KeyAboveProfileLimit = 116,

    /// <summary>The key's algorithm or curve is not supported, or not in the profile.</summary>
    KeyUnsupported = 117,

    /// <summary>The key is not well-formed: an even or unfit modulus or exponent, a point off its curve.</summary>
    KeyInvalid = 118,

    /// <summary>The signature algorithm is not supported, or not in the profile.</summary>
    SignatureAlgorithmUnsupported = 119,

    /// <summary>The algorithm inside the signed part differs from the one beside the signature (RFC 5280 §4.1.1.2).</summary>
    SignatureAlgorithmMismatch = 120,

    /// <summary>A certificate's signature does not verify under its issuer's key.</summary>
    CertificateSignatureInvalid = 121,

    /// <summary>The signature's length does not fit the issuer's key. Expected and Actual: bytes.</summary>
    SignatureLength = 122,

    /// <summary>The server name lies outside the permitted, or inside the excluded, subtrees.</summary>
    NameConstraintViolated = 123,

    /// <summary>A critical name constraint is on a name form that cannot be judged while streaming.</summary>
    NameConstraintUnsupported = 124,

    /// <summary>A certificate signed with an algorithm that hashes the key before the message cannot be verified while it streams. Actual: with Ed25519, the bytes of its signed part.</summary>
    SignatureNotStreamable = 125,

    /// <summary>More certificates than are ever looked at. Expected: the limit.</summary>
    ChainTooLong = 126,

    /// <summary>The serial number is not a positive integer of at most 20 octets (RFC 5280 §4.1.2.2).</summary>
    SerialNumberInvalid = 127,

    /// <summary>A subjectAltName, its absence, or an empty subject breaks RFC 5280 §4.2.1.6.</summary>
    SubjectInvalid = 128,

    /// <summary>A time is not in one of the two forms of RFC 5280 §4.1.2.5.</summary>
    ValidityMalformed = 129,

    /// <summary>An extension's value is not what its definition says. Actual: the last arc of its identifier.</summary>
    ExtensionMalformed = 130,

    /// <summary>A certificate is signed over a longer digest than the profile plans for. Expected: the profile's limit; Actual: the digest; both in bits.</summary>
    SignatureHashAboveProfileLimit = 131,

    /// <summary>A certificate is signed with a longer key than the profile plans for. Expected: the profile's limit; Actual: the signer's key; both in bits.</summary>
    SignatureAboveProfileLimit = 132,

    /// <summary>A CA requires that certificate policies are processed (RFC 5280 §4.2.1.11), which a streaming verifier does not do.</summary>
    PolicyUnsupported = 133,

    /// <summary>A certificate's issuer name is empty (RFC 5280 §4.1.2.4).</summary>
    IssuerEmpty = 134,

    /// <summary>The part of a certificate that Ed25519 signed is longer than the profile plans for. Expected: the profile's limit; Actual: its length; both in bytes.</summary>
    SignedPartAboveProfileLimit = 135,

    /// <summary>A certificate's key is Ed25519, which the profile does not plan for.</summary>
    Ed25519NotInProfile = 136,

    /// <summary>No certificate on the way to a trust anchor has a pinned key, or with pins alone none of the chain's. Expected: the number of pins; Actual: of certificates that were looked at.</summary>
    PinMissing = 137,

    /// <summary>The user's own code looked at the verified chain and refused the server.</summary>
    ServerRefused = 138,

    /// <summary>The stapled OCSP response is not strict DER, or not what RFC 6960 §4.2.1 says. Expected: the tag that was wanted; Actual: the one found.</summary>
    StatusMalformed = 139,

    /// <summary>The leaf was revoked, says a response that verifies. Expected: when, in minutes since 1970; Actual: CRLReason (RFC 5280 §5.3.1).</summary>
    CertificateRevoked = 140,

    /// <summary>The responder does not know the leaf (RFC 6960 §2.2).</summary>
    StatusUnknown = 141,

    /// <summary>The response counts no longer. Expected: nextUpdate, or seven days after thisUpdate; Actual: now; both in minutes since 1970.</summary>
    StatusExpired = 142,

    /// <summary>The response is from the future. Expected: thisUpdate or producedAt; Actual: now; both in minutes since 1970.</summary>
    StatusNotYetValid = 143,

    /// <summary>The response says nothing of the leaf and its issuer. Actual: how many other certificates it speaks of.</summary>
    StatusOfOtherCertificate = 144,

    /// <summary>The response's signature does not verify under the responder's key.</summary>
    StatusSignatureInvalid = 145,

    /// <summary>The responder may not answer for the issuer (RFC 6960 §4.2.2.2). Actual: the reason why its certificate is refused, or 0 where it is not the one that the response names.</summary>
    StatusResponderInvalid = 146,

    /// <summary>The leaf demands a stapled status (RFC 7633), and none came. Expected: the extension that it demands; Actual: OCSPResponseStatus, where the responder had none.</summary>
    StatusMissing = 147,

    /// <summary>A critical extension of the response is not known.</summary>
    StatusExtensionCritical = 148,

    /// <summary>The response is signed with an algorithm that is not supported, or above the profile's limits. Expected: the limit; Actual: what it would take; in bits.</summary>
    StatusAlgorithmUnsupported = 149,

    // TLS (200 to 299).

    /// <summary>The peer sent a fatal alert. Actual: its description.</summary>
    AlertReceived = 200,

    /// <summary>The bytes are no TLS record: unknown content type. Actual: the type.</summary>
    RecordTypeUnknown = 201,

    /// <summary>The record's version is not of TLS. Actual: the version.</summary>
    RecordVersion = 202,

    /// <summary>A record longer than RFC 5246 §6.2 or RFC 8446 §5 allows, or than the server agreed to (RFC 8449). Expected and Actual: bytes.</summary>
    RecordOverflow = 203,

    /// <summary>An application record is larger than the window that the profile plans. Expected: the window; Actual: the record's content; both in bytes.</summary>
    RecordLargerThanWindow = 204,

    /// <summary>A record's tag does not verify.</summary>
    BadRecordMac = 205,

    /// <summary>A message arrived that this state does not expect. Expected: a handshake type; Actual: the one found.</summary>
    UnexpectedMessage = 206,

    /// <summary>A record of a content type that this state does not expect. Actual: the content type.</summary>
    UnexpectedRecord = 207,

    /// <summary>A handshake message's fields do not add up to its length. Expected: its type; Actual: its length.</summary>
    MessageMalformed = 208,

    /// <summary>The server chose a protocol version that was not offered. Expected and Actual: the version.</summary>
    VersionUnsupported = 209,

    /// <summary>The server chose a suite that was not offered. Actual: the suite.</summary>
    SuiteNotOffered = 210,

    /// <summary>The server chose a compression method. Actual: the method.</summary>
    CompressionNotOffered = 211,

    /// <summary>The server answered with an extension that was not offered. Actual: its number.</summary>
    ExtensionNotOffered = 212,

    /// <summary>The server lacks the extended master secret (RFC 7627), which the profile requires.</summary>
    ExtendedMasterSecretMissing = 213,

    /// <summary>The server lacks renegotiation_info (RFC 5746), which is required.</summary>
    RenegotiationInfoMissing = 214,

    /// <summary>renegotiation_info is not empty in the first handshake (RFC 5746 §3.4).</summary>
    RenegotiationInfoInvalid = 215,

    /// <summary>The server chose an ALPN protocol that was not offered (RFC 7301 §3.1).</summary>
    AlpnNotOffered = 216,

    /// <summary>The server's max_fragment_length differs from the one offered (RFC 6066 §4). Expected and Actual: the code.</summary>
    MaxFragmentLengthMismatch = 217,

    /// <summary>The server's key exchange uses a group that was not offered. Actual: the group.</summary>
    GroupNotOffered = 218,

    /// <summary>The server's key share is no valid point, or the shared secret is zero (RFC 8422 §5.10, §5.11).</summary>
    KeyShareInvalid = 219,

    /// <summary>The server signed with an algorithm that was not offered or does not fit its key. Actual: the algorithm.</summary>
    SignatureSchemeNotOffered = 220,

    /// <summary>The signature over ServerKeyExchange does not verify under the leaf's key.</summary>
    ServerKeyExchangeSignatureInvalid = 221,

    /// <summary>The leaf's key does not fit the suite: an RSA suite with an ECDSA key or the reverse. Actual: the suite.</summary>
    KeyDoesNotFitSuite = 222,

    /// <summary>The server accepts no signature algorithm that the client's key can make. Actual: the number of algorithms that it named.</summary>
    NoCommonSignatureScheme = 223,

    /// <summary>The server's Finished does not match the transcript (RFC 5246 §7.4.9).</summary>
    FinishedMismatch = 224,

    /// <summary>ChangeCipherSpec is not one byte 1, or came out of turn. Actual: the byte or length.</summary>
    ChangeCipherSpecInvalid = 225,

    /// <summary>A message began before a key change and would end after it.</summary>
    MessageAcrossKeyChange = 226,

    /// <summary>An alert record is malformed. Actual: its length or level.</summary>
    AlertMalformed = 227,

    /// <summary>Too many empty records, warnings, HelloRequests, tickets or key updates in a row. Expected: the limit.</summary>
    Flood = 228,

    /// <summary>The transport ended without close_notify: the data may have been cut short.</summary>
    TruncatedByPeer = 229,

    /// <summary>A sequence number would wrap.</summary>
    SequenceExhausted = 230,

    /// <summary>An operation with a private key of ours, signing or making a key share, failed its check: a fault in the machine, or an attack on it.</summary>
    SigningFailed = 231,

    /// <summary>An extension occurs twice in one message. Actual: its number.</summary>
    DuplicateHelloExtension = 232,

    /// <summary>An extension's content is not what its definition says. Actual: its number.</summary>
    HelloExtensionMalformed = 233,

    /// <summary>The server lacks the uncompressed point format (RFC 8422 §5.2).</summary>
    PointFormatMissing = 234,

    /// <summary>supported_versions names a version that was not offered there (RFC 8446 §4.2.1). Expected and Actual: the version.</summary>
    VersionNotOffered = 235,

    /// <summary>The server could do TLS 1.3 and was made to believe that we cannot (RFC 8446 §4.1.3). Actual: the last byte of its random, 1 for TLS 1.2.</summary>
    DowngradeDetected = 236,

    /// <summary>A HelloRetryRequest would lead to the same ClientHello (RFC 8446 §4.1.4). Expected and Actual: the group, where one was named.</summary>
    RetryChangesNothing = 237,

    /// <summary>A second HelloRetryRequest (RFC 8446 §4.1.4).</summary>
    SecondHelloRetryRequest = 238,

    /// <summary>A HelloRetryRequest's cookie is longer than the out window has room for. Expected and Actual: bytes.</summary>
    CookieTooLong = 239,

    /// <summary>ServerHello names another suite than HelloRetryRequest did (RFC 8446 §4.1.4). Expected and Actual: the suite.</summary>
    SuiteChangedAfterRetry = 240,

    /// <summary>TLS 1.3 without the echo of our session id, or TLS 1.2 with it (RFC 8446 §4.1.3).</summary>
    SessionIdMismatch = 241,

    /// <summary>An extension in a message that may not carry it (RFC 8446 §4.2). Expected: the handshake type; Actual: the extension's number.</summary>
    ExtensionMisplaced = 242,

    /// <summary>A message lacks an extension that it needs. Expected: the handshake type; Actual: the extension's number.</summary>
    ExtensionMissing = 243,

    /// <summary>The server's CertificateVerify does not verify under the leaf's key (RFC 8446 §4.4.3). Expected and Actual: bytes, where its length does not fit.</summary>
    CertificateVerifyInvalid = 244,

    /// <summary>A KeyUpdate is neither 0 nor 1 (RFC 8446 §4.6.3). Expected: the highest allowed; Actual: what it is.</summary>
    KeyUpdateInvalid = 245,

    /// <summary>A protected record holds padding only (RFC 8446 §5.4).</summary>
    ContentTypeMissing = 246,

    /// <summary>The session that the user gave is none, or was changed since it was one. Expected: the bytes of its header; Actual: its length.</summary>
    SessionInvalid = 247,

    /// <summary>The shared key or its identity is missing, or is too short or too long. Expected: the limit, Actual: what it is; bytes.</summary>
    PreSharedKeyInvalid = 248,

    /// <summary>The server did not accept the shared key, and nothing else could vouch for it: no trust anchor, group or signature algorithm.</summary>
    PreSharedKeyRefused = 249,

    /// <summary>The server selected a key whose hash is not that of the suite it chose (RFC 8446 §4.2.11). Expected: the hash, in bits; Actual: the suite.</summary>
    PskHashMismatch = 250,

    /// <summary>The server selected an identity that was not offered (RFC 8446 §4.2.11). Expected: the last one that was; Actual: the one that it selected.</summary>
    PskIdentityNotOffered = 251,

    /// <summary>The server uses the key in a mode that was not offered (RFC 8446 §4.2.9). Expected: the modes that were, Actual: the mode; bits of <see cref="PskModes"/>.</summary>
    PskModeNotOffered = 252,

    /// <summary>The server goes on with a session of TLS 1.2 under another suite than it was made with (RFC 5246 §7.4.1.3). Expected and Actual: the suite.</summary>
    SessionSuiteChanged = 253,

    /// <summary>The server's record_size_limit is below what is allowed (RFC 8449 §4). Expected: the least; Actual: the limit; both in bytes.</summary>
    RecordSizeLimitTooSmall = 258,

    /// <summary>The server answers record_size_limit and max_fragment_length (RFC 8449 §5).</summary>
    TwoRecordLimits = 259,

    /// <summary>A status came for a leaf that is itself the trust anchor: the key that would verify it is not known.</summary>
    StatusIssuerUnknown = 267,

    /// <summary>A status is of another type than was asked for (RFC 6066 §8). Expected and Actual: the type.</summary>
    StatusTypeNotOffered = 268,

    /// <summary>A status is longer than any that is read. Expected and Actual: bytes.</summary>
    StatusTooLong = 269,

    /// <summary>The signature that the user provided does not verify under the client's public key. Expected and Actual: bytes, where its length does not fit.</summary>
    ProvidedSignatureInvalid = 270,

    /// <summary>The user was asked for a signature and provided an empty one: whoever holds the private key did not sign.</summary>
    NoSignatureProvided = 271,

    /// <summary>The bytes are no parked connection, were changed, or another key sealed them. Expected and Actual: bytes, where only the size is wrong.</summary>
    ParkedStateInvalid = 275,

    /// <summary>The connection was parked under another profile. Expected and Actual: the profiles' digests.</summary>
    ParkedProfileMismatch = 276,

    /// <summary>The connection was parked by an assembly that lays it out in another way. Expected and Actual: the version of the layout.</summary>
    ParkedVersionMismatch = 277,

    /// <summary>The connection was parked in another generation than the one that was consumed for it, which may have been resumed before (RULES 6). Expected and Actual: the generations' low 32 bits.</summary>
    GenerationUsed = 278,

    // MQTT (300 to 399).

    /// <summary>Reserved flags in a packet's first byte ([MQTT-2.2.2-2]), QoS 3, or DUP with QoS 0. Actual: that byte.</summary>
    MqttFixedHeaderFlags = 300,

    /// <summary>The broker refused the connection. Actual: its return code (MQTT 3.1.1 §3.2.2.3).</summary>
    MqttConnectionRefused = 301,

    /// <summary>A packet that the broker may not send now, or at all. Expected: the type that was awaited, or 0; Actual: its type.</summary>
    MqttUnexpectedPacket = 302,

    /// <summary>A topic is longer than the profile plans for. Expected and Actual: bytes.</summary>
    MqttTopicTooLong = 303,

    /// <summary>A remaining length goes on after its last byte (MQTT 3.1.1 §2.2.3). Expected and Actual: bytes.</summary>
    MqttRemainingLengthMalformed = 304,

    /// <summary>The broker refused a subscription that its user cannot do without. Actual: its return code.</summary>
    MqttSubscriptionRefused = 305,

    /// <summary>The broker did not answer in time. Expected and Actual: milliseconds.</summary>
    MqttKeepAliveExpired = 306,

    /// <summary>A remaining length does not fit what the packet holds. Expected and Actual: bytes.</summary>
    MqttRemainingLengthWrong = 307,

    /// <summary>CONNACK carries reserved flags, or a session although a clean one was asked for ([MQTT-3.2.2-1]). Actual: the flags.</summary>
    MqttAcknowledgeFlags = 308,

    /// <summary>A return code that is reserved, or grants more than was asked for. Expected: the highest allowed; Actual: the code.</summary>
    MqttReturnCode = 309,

    /// <summary>SUBACK answers another packet than ours ([MQTT-3.8.4-2]). Expected and Actual: packet identifiers.</summary>
    MqttPacketIdentifier = 310,

    /// <summary>A topic is not well-formed UTF-8, or holds U+0000 ([MQTT-1.5.3-1], [MQTT-1.5.3-2]). Expected: the offset; Actual: the byte.</summary>
    MqttTopicNotUtf8 = 311,

    /// <summary>A topic is empty or holds a wildcard ([MQTT-4.7.3-1], [MQTT-3.3.2-2]). Expected: the offset; Actual: the byte.</summary>
    MqttTopicInvalid = 312,

    /// <summary>The connection ended before DISCONNECT. Expected: the type of the packet awaited, or 0; Actual: bytes missing of a packet cut short.</summary>
    MqttConnectionLost = 313,

    /// <summary>A PUBLISH of a higher QoS than the profile plans to acknowledge. Expected and Actual: QoS.</summary>
    MqttPublishQos = 314,

    /// <summary>More messages of QoS 1 lie in one record larger than the window than acknowledgements can be owed. Expected: the limit; Actual: how many at least.</summary>
    MqttAcknowledgementsOwed = 315,

    /// <summary>A PUBLISH of QoS 1 has the packet identifier 0 ([MQTT-2.3.1-1]).</summary>
    MqttPublishIdentifierZero = 316,

    /// <summary>The broker ended the connection with DISCONNECT (MQTT 5 §3.14). Actual: its reason code.</summary>
    MqttDisconnected = 317,

    /// <summary>The broker goes on with a session of which nothing is known here ([MQTT-3.2.2-4] of MQTT 5).</summary>
    MqttSessionUnknown = 318,

    /// <summary>A reason code that the packet may not carry (MQTT 5 §2.4). Expected: the packet's type; Actual: the code.</summary>
    MqttReasonCodeInvalid = 319,

    /// <summary>The broker acknowledged a message that does not wait for it. Expected: the packet's type; Actual: the packet identifier.</summary>
    MqttAcknowledgementUnknown = 320,

    /// <summary>There is no such property (MQTT 5 §2.2.2.2). Actual: its identifier.</summary>
    MqttPropertyUnknown = 321,

    /// <summary>A property stands in a packet that may not carry it (MQTT 5 §2.2.2.2). Expected: the packet's type; Actual: its identifier.</summary>
    MqttPropertyMisplaced = 322,

    /// <summary>A property stands twice that may stand once. Expected: 1; Actual: its identifier.</summary>
    MqttPropertyRepeated = 323,

    /// <summary>A property has a value that it may not have. Expected: its identifier; Actual: the value.</summary>
    MqttPropertyValue = 324,

    /// <summary>A property or all of them are longer than what holds them. Expected: the bytes left; Actual: the bytes needed, at least.</summary>
    MqttPropertyLength = 325,

    /// <summary>A property's string is not well-formed UTF-8, or holds U+0000 ([MQTT-1.5.4-1], [MQTT-1.5.4-2]). Expected: its identifier; Actual: the byte, or 0 where the string is cut short.</summary>
    MqttPropertyNotUtf8 = 326,

    /// <summary>A property that CONNECT asked not to be sent ([MQTT-3.1.2-28], [MQTT-3.1.2-29]). Expected: the packet's type; Actual: its identifier.</summary>
    MqttPropertyUnasked = 327,

    /// <summary>An integer of variable length takes more bytes than it needs ([MQTT-1.5.5-1]). Expected: the most it may have been; Actual: bytes.</summary>
    MqttLengthNotShortest = 328,

    /// <summary>A packet is larger than the Maximum Packet Size that was told to the broker ([MQTT-3.1.2-24]). Expected and Actual: bytes.</summary>
    MqttPacketTooLarge = 329,

    /// <summary>More messages of QoS 1 and 2 are unacknowledged than the profile plans for, and than was told to the broker ([MQTT-3.3.4-9]). Expected: the limit; Actual: how many at least.</summary>
    MqttReceiveMaximumExceeded = 330,

    /// <summary>A topic alias is 0 or higher than the maximum that was told to the broker ([MQTT-3.3.2-8], [MQTT-3.3.2-11]). Expected: the maximum; Actual: the alias.</summary>
    MqttTopicAliasInvalid = 331,

    /// <summary>A topic alias stands for a topic that was never sent with it (MQTT 5 §3.3.2.3.4). Actual: the alias.</summary>
    MqttTopicAliasUnknown = 332,

    /// <summary>A message has neither a topic nor an alias (MQTT 5 §3.3.2.1).</summary>
    MqttTopicMissing = 333,

    /// <summary>The broker names another authentication method than CONNECT, or none where it must ([MQTT-4.12.0-5], [MQTT-4.12.0-6]). Expected and Actual: marks of the methods.</summary>
    MqttAuthenticationMethod = 334,

    /// <summary>AUTH says something that it may not say now (MQTT 5 §4.12). Expected and Actual: reason codes.</summary>
    MqttAuthenticationUnexpected = 335,

    /// <summary>A response topic holds a wildcard ([MQTT-3.3.2-14]), or is empty. Expected: the property's identifier; Actual: the byte, or 0.</summary>
    MqttResponseTopicInvalid = 336,

    // The network beneath, where it is Thimble.Net's (400 to 499).

    /// <summary>No DHCP server offered an address in time. Actual: milliseconds waited.</summary>
    DhcpNoAnswer = 400,

    /// <summary>The lease of our address ended and was not renewed (RFC 2131 §4.4.5), or another host uses the address (RFC 5227). Actual: the address.</summary>
    AddressLost = 401,

    /// <summary>No name server answered in time. Actual: milliseconds waited.</summary>
    DnsNoAnswer = 402,

    /// <summary>The name does not exist or has no IPv4 address (RFC 1035 §4.1.1, RFC 2308 §2). Actual: the response code.</summary>
    DnsNameUnknown = 403,

    /// <summary>The name server could not or would not answer. Actual: the response code.</summary>
    DnsServerFailed = 404,

    /// <summary>No time server answered in time. Actual: milliseconds waited.</summary>
    TimeNoAnswer = 405,

    /// <summary>The time server is not synchronised or asks for silence (RFC 5905 §7.4). Actual: its stratum.</summary>
    TimeServerUnfit = 406,

    /// <summary>The next hop does not answer ARP. Actual: its address.</summary>
    NeighbourUnreachable = 407,

    /// <summary>The peer refused the TCP connection: nothing listens at that port (RFC 9293 §3.10.7.3). Actual: the port.</summary>
    TcpRefused = 408,

    /// <summary>The peer reset the TCP connection.</summary>
    TcpReset = 409,

    /// <summary>The peer acknowledged nothing in time (RFC 9293 §3.8.3). Expected: the limit, Actual: what passed; milliseconds.</summary>
    TcpTimedOut = 410,

    /// <summary>A buffer or name of the network's profile is too small or too long. Expected and Actual: bytes.</summary>
    NetworkProfileInvalid = 411,
}
