namespace Thimble.Tls;

/// <summary>The handshake messages that a client sends or may receive (RFC 5246 §7.4, RFC 8446 §4).</summary>
internal enum HandshakeType : byte
{
    HelloRequest = 0,
    ClientHello = 1,
    ServerHello = 2,
    NewSessionTicket = 4,
    EncryptedExtensions = 8,
    Certificate = 11,
    ServerKeyExchange = 12,
    CertificateRequest = 13,
    ServerHelloDone = 14,
    CertificateVerify = 15,
    ClientKeyExchange = 16,
    Finished = 20,
    CertificateStatus = 22,
    KeyUpdate = 24,

    /// <summary>Stands in the transcript for the first ClientHello after a HelloRetryRequest (RFC 8446 §4.4.1).</summary>
    MessageHash = 254,
}
