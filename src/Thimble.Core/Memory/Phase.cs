namespace Thimble.Memory;

/// <summary>
/// A stage of a connection. Each region of the plan lives in a set of phases (<see cref="Lifetimes"/>); two regions
/// that share none may share bytes. A connection passes through the phases of its version in the order of their numbers.
/// </summary>
public enum Phase : byte
{
    /// <summary>No connection: the value of cleared memory.</summary>
    None = 0,

    /// <summary>The start. Where TLS 1.3 is not offered, ClientHello is sent and ServerHello is awaited.</summary>
    Hello = 1,

    // TLS 1.2 (RFC 5246 §7.3).

    /// <summary>The server's chain arrives and is verified as its bytes pass.</summary>
    Certificates = 2,

    /// <summary>ServerKeyExchange arrives and its signature is verified under the leaf's key.</summary>
    ServerKeyExchange = 3,

    /// <summary>CertificateRequest and ServerHelloDone are read; our chain and ClientKeyExchange are sent; the secrets are derived.</summary>
    KeyExchange = 4,

    /// <summary>CertificateVerify is signed with the client's private key and sent.</summary>
    ClientAuth = 5,

    /// <summary>ChangeCipherSpec and Finished go both ways.</summary>
    Finished = 6,

    // TLS 1.3 (RFC 8446 §2).

    /// <summary>Our share is made and offered in ClientHello, the server's comes in ServerHello.</summary>
    KeyShare13 = 7,

    /// <summary>The shared secret is computed, and the handshake's keys are derived.</summary>
    KeyAgreement13 = 8,

    /// <summary>EncryptedExtensions, CertificateRequest, and the server's chain, which is verified as its bytes pass.</summary>
    Certificates13 = 9,

    /// <summary>The server's CertificateVerify and Finished are verified.</summary>
    ServerVerify13 = 10,

    /// <summary>Our chain is sent, CertificateVerify is signed with the client's private key and sent.</summary>
    ClientAuth13 = 11,

    /// <summary>Our Finished is sent, and the keys for application data are in place.</summary>
    Finished13 = 12,

    /// <summary>Application data flows.</summary>
    Connected = 13,
}
