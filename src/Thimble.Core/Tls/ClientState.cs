namespace Thimble.Tls;

/// <summary>
/// Where the client stands. States named <c>Wait…</c> want the peer's bytes; the others do work of their own, and give
/// what they made to the transport. The order is that of RFC 5246 §7.3, figure 1.
/// </summary>
internal enum ClientState : byte
{
    /// <summary>Nothing was sent: ClientHello comes next.</summary>
    Start = 0,
    WaitServerHello,
    WaitCertificate,
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
    WaitChangeCipherSpec,
    WaitFinished,
    Connected,

    /// <summary>The peer closed its side, or the user gave an unfinished handshake up.</summary>
    Closed,
    Faulted,
}
