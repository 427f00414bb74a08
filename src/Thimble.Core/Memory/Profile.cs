namespace Thimble.Memory;

/// <summary>
/// The limits that the user chooses before anything runs. The plan is a function of them and of nothing else, and the
/// peer cannot change them: what exceeds a limit is a <see cref="Fault"/> that names it.
/// </summary>
public readonly struct Profile
{
    /// <summary>The cipher suites to offer: those of the versions that are offered.</summary>
    public CipherSuites Suites { get; init; }

    /// <summary>
    /// The groups to offer for key agreement. P-256 and P-384 up to <see cref="MaxEcdsaBits"/> and
    /// <see cref="ClientEcdsaBits"/> come with them: TLS 1.2 has one list for all uses (RFC 8422 §5.1).
    /// </summary>
    public Groups Groups { get; init; }

    /// <summary>The versions of TLS to offer; none named is TLS 1.2.</summary>
    public TlsVersions Versions { get; init; }

    /// <summary>The longest RSA modulus in the server's chain, in bits: 0 (no RSA), 2048, 3072 or 4096.</summary>
    public int MaxRsaBits { get; init; }

    /// <summary>The shortest RSA modulus that is trusted, in bits; 2048 unless a test lowers it.</summary>
    public int MinRsaBits { get; init; }

    /// <summary>
    /// The largest curve for ECDSA in the server's chain, in bits: 0 (no ECDSA), 256, 384 or 521. P-521 verifies signatures and
    /// is not offered for key agreement: a TLS 1.2 server may then keep a key of its own on it to itself (RFC 8422 §5.1). Mostly it
    /// signs digests of 512 bits (<see cref="MaxSignatureHashBits"/>), and in TLS 1.3 a server no others.
    /// </summary>
    public int MaxEcdsaBits { get; init; }

    /// <summary>The longest digest in the server's signatures, in bits: 256, 384 or 512.</summary>
    public int MaxSignatureHashBits { get; init; }

    /// <summary>The client's RSA key, in bits, or 0.</summary>
    public int ClientRsaBits { get; init; }

    /// <summary>The client's EC key, in bits: 256 or 384, or 0.</summary>
    public int ClientEcdsaBits { get; init; }

    /// <summary>The largest application record that is received whole, in bytes of content.</summary>
    public int InWindowBytes { get; init; }

    /// <summary>The largest record that is sent, in bytes of content.</summary>
    public int OutWindowBytes { get; init; }

    /// <summary>The longest server name, in bytes (RFC 1035: at most 253).</summary>
    public int MaxServerNameBytes { get; init; }

    /// <summary>The longest ALPN protocol name, in bytes; 0 where none is offered.</summary>
    public int MaxAlpnBytes { get; init; }

    /// <summary>
    /// Whether CertificateVerify may use another hash than the suite's (RFC 5246 §7.4.8): costs a second transcript.
    /// </summary>
    public bool SecondTranscript { get; init; }

    /// <summary>Whether a server without the extended master secret is tolerated (RFC 7627 §5.3 advises against it).</summary>
    public bool AllowLegacyMasterSecret { get; init; }

    /// <summary>
    /// The longest ticket that a session may have, in bytes (RFC 5077, RFC 8446 §4.6.1); longer ones are let go. 0 resumes
    /// no session, in TLS 1.2 by its id neither.
    /// </summary>
    public int MaxTicketBytes { get; init; }

    /// <summary>How keys that were shared beforehand may be used: alone, or with an ephemeral key agreement.</summary>
    public PskModes PskModes { get; init; }

    /// <summary>The longest identity of a key that was shared beforehand, in bytes.</summary>
    public int MaxPskIdentityBytes { get; init; }

    /// <summary>Whether keys can be exported from a connection (RFC 5705, RFC 8446 §7.5).</summary>
    public bool ExportsKeys { get; init; }

    /// <summary>
    /// Whether the server's key may be Ed25519 (RFC 8032, RFC 8422 §5.10). It may in any case where
    /// <see cref="MaxEd25519TbsBytes"/> is not 0: one extension of ClientHello offers both.
    /// </summary>
    public bool Ed25519 { get; init; }

    /// <summary>
    /// The longest signed part of a certificate that Ed25519 signed, in bytes: such a signature needs all of it at once
    /// (RULES 13). It is planned for twice, because the issuer's arrives before it can be verified. 0 refuses them.
    /// </summary>
    public int MaxEd25519TbsBytes { get; init; }

    /// <summary>Whether the client's key is Ed25519.</summary>
    public bool ClientEd25519 { get; init; }

    /// <summary>
    /// Whether the client's private key is kept elsewhere, in a secure element or an HSM: the ROM image holds its public part,
    /// the handshake stops for the signature, and only what verifies that one is planned.
    /// </summary>
    public bool ClientKeyElsewhere { get; init; }

    /// <summary>Whether to ask for the certificate's status, and to verify the response that comes with it (RFC 6066 §8, RFC 6960).</summary>
    public bool StapledStatus { get; init; }

    /// <summary>The longest MQTT topic that is received, in bytes; 0 plans no MQTT session.</summary>
    public int MaxMqttTopicBytes { get; init; }

    /// <summary>
    /// How many acknowledgements may be owed to the broker at once, at most 255, at four bytes each: as many messages of QoS 1 or 2 may lie in
    /// one record that is larger than the window, for none is acknowledged before its tag. 0 receives QoS 0 only.
    /// </summary>
    public int MaxMqttAcknowledgements { get; init; }

    /// <summary>
    /// How many messages of QoS 1 and 2 that were sent may wait for their acknowledgements, at most 4,000, at eight bytes each. 0 publishes
    /// with QoS 0 only.
    /// </summary>
    public int MaxMqttInFlight { get; init; }

    /// <summary>
    /// How many messages of QoS 2 may be on their way to us at once, at most 65,535, at two bytes each. 0 receives none of that QoS. What a broker of MQTT 5 is told
    /// is this or <see cref="MaxMqttAcknowledgements"/>, whichever is less; where this is more, a broker that does not keep to it is borne.
    /// </summary>
    public int MaxMqttInboundExactlyOnce { get; init; }

    /// <summary>
    /// How many topic aliases the broker may use (MQTT 5 §3.3.2.3.4), at most 255. Each costs a topic and two bytes, and the same
    /// again where <see cref="ProvisionalMqtt"/> is set. 0 allows none.
    /// </summary>
    public int MaxMqttTopicAliases { get; init; }

    /// <summary>The versions of MQTT that a session may speak; none named is MQTT 3.1.1.</summary>
    public MqttVersions MqttVersions { get; init; }

    /// <summary>Whether the MQTT session can read records before their tag is known, and go back (RULES 5): costs about one more topic.</summary>
    public bool ProvisionalMqtt { get; init; }

    /// <summary>
    /// A number that differs between profiles whose plans differ, so that a buffer is not read under another profile's
    /// plan by mistake. FNV-1a over the members; no defence against intent.
    /// </summary>
    public uint Digest
    {
        get
        {
            uint digest = Mix(Mix(2166136261, (uint)Suites), (uint)Groups);
            digest = Mix(Mix(digest, (uint)MaxRsaBits), (uint)MinRsaBits);
            digest = Mix(Mix(digest, (uint)MaxEcdsaBits), (uint)MaxSignatureHashBits);
            digest = Mix(Mix(digest, (uint)ClientRsaBits), (uint)ClientEcdsaBits);
            digest = Mix(Mix(digest, (uint)InWindowBytes), (uint)OutWindowBytes);
            digest = Mix(Mix(digest, (uint)MaxServerNameBytes), (uint)MaxAlpnBytes);
            uint switches = (SecondTranscript ? 1u : 0) | (AllowLegacyMasterSecret ? 2u : 0) | ((uint)Versions << 2);
            switches |= (ExportsKeys ? 16u : 0) | (Ed25519 ? 32u : 0) | (ClientEd25519 ? 64u : 0) | (StapledStatus ? 128u : 0) | ((uint)PskModes << 8);
            switches |= (ClientKeyElsewhere ? 1u << 16 : 0) | (ProvisionalMqtt ? 1u << 17 : 0) | ((uint)MqttVersions << 18);
            digest = Mix(Mix(digest, switches), (uint)MaxMqttTopicBytes);
            digest = Mix(Mix(digest, (uint)MaxMqttInFlight), (uint)MaxMqttInboundExactlyOnce);
            digest = Mix(digest, (uint)MaxMqttTopicAliases);
            return Mix(Mix(Mix(Mix(digest, (uint)MaxMqttAcknowledgements), (uint)MaxTicketBytes), (uint)MaxPskIdentityBytes), (uint)MaxEd25519TbsBytes);
        }
    }

    /// <summary>Whether one of these versions is offered.</summary>
    public bool Offers(TlsVersions versions) => (OfferedVersions & versions) != 0;

    /// <summary>Whether keys in the server's chain may be Ed25519.</summary>
    internal bool TakesEd25519 => Ed25519 || MaxEd25519TbsBytes != 0;

    /// <summary>The phases that a connection may pass through.</summary>
    internal PhaseSet Phases => Memory.Phases.Of(OfferedVersions);

    /// <summary>Of the versions that are asked for, those that a suite belongs to: a server could choose no other. Where none has one, all.</summary>
    private TlsVersions OfferedVersions
    {
        get
        {
            const CipherSuites Of13 = CipherSuites.Aes128GcmSha256 | CipherSuites.Aes256GcmSha384 | CipherSuites.ChaCha20Poly1305Sha256
                | CipherSuites.Aes128CcmSha256 | CipherSuites.Aes128Ccm8Sha256;
            TlsVersions asked = Versions == TlsVersions.None ? TlsVersions.Tls12 : Versions;
            TlsVersions served = asked;
            served &= (Suites & Of13) == 0 ? ~TlsVersions.Tls13 : served;
            served &= (Suites & ~Of13) == 0 ? ~TlsVersions.Tls12 : served;
            return served == TlsVersions.None ? asked : served;
        }
    }

    private static uint Mix(uint digest, uint value) => (digest ^ value) * 16777619;
}
