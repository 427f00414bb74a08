namespace Thimble.Tls;

/// <summary>
/// Where the client stands. States named <c>Wait…</c> want the peer's bytes; the others do work of their own, and give
/// what they made to the transport. The order is that of RFC 5246 §7.3, and of RFC 8446 §A.1.
/// </summary>
internal enum ClientState : byte
{
    /// <summary>Nothing was sent: ClientHello comes next.</summary>
    Start = 0,
    WaitServerHello,
    WaitCertificate,

    /// <summary>CertificateStatus or ServerKeyExchange (RFC 6066 §8).</summary>
    WaitCertificateStatus,
    WaitServerKeyExchange,

    /// <summary>The signature over the server's key share is being verified.</summary>
    VerifyServerKeyExchange,

    /// <summary>CertificateRequest or ServerHelloDone.</summary>
    WaitCertificateRequest,
    WaitServerHelloDone,
    SendCertificate,

    /// <summary>Our ephemeral key pair is being made.</summary>
    MakeKeyShare,
    SendClientKeyExchange,

    /// <summary>The shared secret is being computed, and the master secret from it.</summary>
    AgreeOnSecret,

    /// <summary>The transcript is being signed with the client's private key.</summary>
    SignTranscript,
    SendCertificateVerify,
    SendChangeCipherSpec,
    SendFinished,

    /// <summary>The session that goes on gives the keys.</summary>
    ResumeSession,
    WaitNewSessionTicket,
    WaitChangeCipherSpec,

    /// <summary>What the server's Finished must say is being computed.</summary>
    ExpectFinished,
    WaitFinished,

    /// <summary>From here on TLS 1.3 (RFC 8446 §A.1), which shares only the first two states and the last ones. Our share is being made.</summary>
    OfferKeyShare,
    SendClientHello13,

    /// <summary>Before the second ClientHello.</summary>
    SendRetryChangeCipherSpec,

    /// <summary>The shared secret is being computed, and the handshake's keys from it.</summary>
    AgreeOnSecret13,
    WaitEncryptedExtensions,

    /// <summary>CertificateRequest or Certificate.</summary>
    WaitCertificateRequest13,
    WaitCertificate13,
    WaitCertificateVerify,

    /// <summary>The signature over the transcript is being verified.</summary>
    VerifyCertificateVerify,
    WaitFinished13,

    /// <summary>Before our second flight, where no second ClientHello was sent.</summary>
    SendChangeCipherSpec13,
    SendCertificate13,

    /// <summary>The transcript is being signed with the client's private key.</summary>
    SignTranscript13,
    SendCertificateVerify13,
    SendFinished13,
    Connected,

    /// <summary>The peer closed its side, or the user gave an unfinished handshake up.</summary>
    Closed,
    Faulted,
}
