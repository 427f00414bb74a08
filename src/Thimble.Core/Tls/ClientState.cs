namespace Thimble.Tls;

/// <summary>
/// Where the client stands. States named <c>Wait…</c> want the peer's bytes; the others do work of their own, and give
/// what they made to the transport. The order is that of RFC 5246 §7.3, and of RFC 8446 §A.1.
/// </summary>
public enum ClientState : byte
{
    /// <summary>Nothing was sent: ClientHello comes next.</summary>
    Start = 0,

    /// <summary>ServerHello, or HelloRetryRequest.</summary>
    WaitServerHello,

    /// <summary>The server's chain, which is verified as it passes.</summary>
    WaitCertificate,

    /// <summary>CertificateStatus or ServerKeyExchange (RFC 6066 §8).</summary>
    WaitCertificateStatus,

    /// <summary>The server's share, or its hint to a shared key.</summary>
    WaitServerKeyExchange,

    /// <summary>The signature over the server's key share is being verified.</summary>
    VerifyServerKeyExchange,

    /// <summary>CertificateRequest or ServerHelloDone.</summary>
    WaitCertificateRequest,

    /// <summary>ServerHelloDone.</summary>
    WaitServerHelloDone,

    /// <summary>Our chain, or an empty one.</summary>
    SendCertificate,

    /// <summary>Our ephemeral key pair is being made.</summary>
    MakeKeyShare,

    /// <summary>Our share, or the identity of a shared key.</summary>
    SendClientKeyExchange,

    /// <summary>The shared secret is being computed, and the master secret from it.</summary>
    AgreeOnSecret,

    /// <summary>The transcript is being signed with the client's private key.</summary>
    SignTranscript,

    /// <summary>Our signature.</summary>
    SendCertificateVerify,

    /// <summary>From here on we send protected records.</summary>
    SendChangeCipherSpec,

    /// <summary>Our Finished.</summary>
    SendFinished,

    /// <summary>The session that goes on gives the keys.</summary>
    ResumeSession,

    /// <summary>The ticket that was announced.</summary>
    WaitNewSessionTicket,

    /// <summary>From here on the server sends protected records.</summary>
    WaitChangeCipherSpec,

    /// <summary>What the server's Finished must say is being computed.</summary>
    ExpectFinished,

    /// <summary>The server's Finished.</summary>
    WaitFinished,

    /// <summary>From here on TLS 1.3 (RFC 8446 §A.1), which shares only the first two states and the last ones. Our share is being made.</summary>
    OfferKeyShare,

    /// <summary>ClientHello with our share, or the second one after a HelloRetryRequest.</summary>
    SendClientHello13,

    /// <summary>Before the second ClientHello.</summary>
    SendRetryChangeCipherSpec,

    /// <summary>The shared secret is being computed, and the handshake's keys from it.</summary>
    AgreeOnSecret13,

    /// <summary>EncryptedExtensions.</summary>
    WaitEncryptedExtensions,

    /// <summary>CertificateRequest or Certificate.</summary>
    WaitCertificateRequest13,

    /// <summary>The server's chain, which is verified as it passes.</summary>
    WaitCertificate13,

    /// <summary>The server's signature.</summary>
    WaitCertificateVerify,

    /// <summary>The signature over the transcript is being verified.</summary>
    VerifyCertificateVerify,

    /// <summary>The server's Finished.</summary>
    WaitFinished13,

    /// <summary>Before our second flight, where no second ClientHello was sent.</summary>
    SendChangeCipherSpec13,

    /// <summary>Our chain, or an empty one.</summary>
    SendCertificate13,

    /// <summary>The transcript is being signed with the client's private key.</summary>
    SignTranscript13,

    /// <summary>Our signature.</summary>
    SendCertificateVerify13,

    /// <summary>Our Finished.</summary>
    SendFinished13,

    /// <summary>Application data flows.</summary>
    Connected,

    /// <summary>The peer closed its side, or the user gave an unfinished handshake up.</summary>
    Closed,

    /// <summary>The connection failed: see <see cref="TlsClient.Fault"/>.</summary>
    Faulted,
}
