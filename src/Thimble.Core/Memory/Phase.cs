namespace Thimble.Memory;

/// <summary>
/// A stage of a connection. Regions of the plan live from a first phase to a last one, both included; two regions
/// whose lives do not meet may share bytes. The order is that of TLS 1.2 (RFC 5246 §7.3).
/// </summary>
public enum Phase : byte
{
    /// <summary>No connection: the value of cleared memory.</summary>
    None = 0,

    /// <summary>ClientHello is sent, ServerHello is awaited.</summary>
    Hello = 1,

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

    /// <summary>Application data flows.</summary>
    Connected = 7,
}
