namespace Thimble.Memory;

/// <summary>The regions of the plan. Their sizes and lifetimes are told by the parts that use them.</summary>
public enum RegionId : byte
{
    /// <summary>The plan's own header and table of offsets, at the start of the buffer.</summary>
    Plan = 0,

    /// <summary>Where the connection stands: states, negotiated parameters, cursors and the fault.</summary>
    Control,

    /// <summary>The name that a fault speaks of, kept until the fault is read.</summary>
    FaultText,

    /// <summary>The MQTT session: packet identifiers, keep-alive, the packet in progress.</summary>
    MqttSession,

    /// <summary>The topic of the message that is being received.</summary>
    MqttTopic,

    /// <summary>What an MQTT session goes back to when the record that it reads turns out to be forged (RULES 5).</summary>
    MqttRollback,

    /// <summary>
    /// The session state that MQTT keeps over connections: messages sent and not yet acknowledged, and identifiers of QoS 2. It
    /// outlives the connection: it lives in every phase, and preparing the buffer again for the same profile leaves it as it is.
    /// </summary>
    MqttInFlight,

    /// <summary>The record that is being sent; ClientHello stays here until the transcript's hash is known.</summary>
    OutWindow,

    /// <summary>The alert that ends a connection while the server's chain takes the out window's place.</summary>
    AlertRecord,

    /// <summary>The record that is being received, once records are encrypted, and what is remembered of one that passes in pieces.</summary>
    InWindow,

    /// <summary>The running hash of the handshake messages (RFC 5246 §7.4.9).</summary>
    Transcript,

    /// <summary>The same messages under the other hash, for a CertificateVerify that needs it (RFC 5246 §7.4.8).</summary>
    SecondTranscript,

    /// <summary>ClientHello.random, ServerHello.random and, where TLS 1.3 is offered, the session id that we made up (RFC 8446 §D.4).</summary>
    Randoms,

    /// <summary>The state of the random bit generator (SP 800-90A).</summary>
    Drbg,

    /// <summary>Registers for seeding the generator.</summary>
    SeedScratch,

    /// <summary>The X.509 reader and the chain verifier.</summary>
    ChainState,

    /// <summary>The public key of the server's own certificate.</summary>
    LeafKey,

    /// <summary>The public key of the certificate that is being read.</summary>
    IssuerKey,

    /// <summary>The signature that waits for the key that verifies it.</summary>
    Signature,

    /// <summary>The running hash of what a signature covers.</summary>
    SignedHash,

    /// <summary>The digest that waits beside its signature.</summary>
    SignedDigest,

    /// <summary>The registers of a signature verification.</summary>
    VerifyOperation,

    /// <summary>The server's share of the key agreement.</summary>
    PeerPublicKey,

    /// <summary>Our ephemeral private key.</summary>
    EphemeralKey,

    /// <summary>The registers of the key agreement.</summary>
    AgreementOperation,

    /// <summary>The shared secret, from which the master secret is made.</summary>
    PremasterSecret,

    /// <summary>The master secret (RFC 5246 §8.1); in TLS 1.3 the secret that the next ones are derived from (RFC 8446 §7.1).</summary>
    MasterSecret,

    /// <summary>The digest that the client signs, and the fresh bytes that protect the signing.</summary>
    SigningInput,

    /// <summary>The registers of a signature with the client's private key.</summary>
    SignOperation,

    /// <summary>The client's signature on its way out.</summary>
    ClientSignature,

    /// <summary>Registers of the pseudorandom function and of the generator, and copies of the transcript.</summary>
    HashScratch,

    /// <summary>The verify_data that the server's Finished must carry; in TLS 1.3 before that the digest that its CertificateVerify covers.</summary>
    VerifyData,

    /// <summary>The traffic secrets of both directions in TLS 1.3, from which KeyUpdate makes the next ones (RFC 8446 §7.2).</summary>
    TrafficSecrets,

    /// <summary>The raw keys, nonces and sequence numbers of both directions.</summary>
    TrafficKeys,

    /// <summary>The registers of the record cipher.</summary>
    AeadScratch,

    /// <summary>The secret that the next session's secrets come from: resumption_master_secret (RFC 8446 §7.1). In TLS 1.2 that is the master secret, which has its region.</summary>
    SessionSecret,

    /// <summary>The session that the server's ticket makes, until the user takes it.</summary>
    Session,

    /// <summary>The secret that exported keys come from: exporter_master_secret (RFC 8446 §7.5), or in TLS 1.2 the master secret with both randoms (RFC 5705).</summary>
    ExporterSecret,

    /// <summary>A signed message that must be had whole before it can be verified: what an Ed25519 signature in a chain covers (RULES 13).</summary>
    SignedMessage,

    /// <summary>The reader of a stapled OCSP response (RFC 6960), its hashes and its signature, and the key of the leaf's issuer.</summary>
    Status,
}
