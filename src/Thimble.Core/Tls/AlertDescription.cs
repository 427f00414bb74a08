namespace Thimble.Tls;

/// <summary>Why a peer ends the connection, or warns (RFC 5246 §7.2.2; later ones name their source).</summary>
public enum AlertDescription : byte
{
    /// <summary>The sender will send no more.</summary>
    CloseNotify = 0,

    /// <summary>A message came out of turn.</summary>
    UnexpectedMessage = 10,

    /// <summary>A record's tag does not verify.</summary>
    BadRecordMac = 20,

    /// <summary>A record is too long.</summary>
    RecordOverflow = 22,

    /// <summary>No acceptable set of parameters.</summary>
    HandshakeFailure = 40,

    /// <summary>A certificate is corrupt or its signature wrong.</summary>
    BadCertificate = 42,

    /// <summary>A certificate of a kind that is not supported.</summary>
    UnsupportedCertificate = 43,

    /// <summary>A certificate was revoked.</summary>
    CertificateRevoked = 44,

    /// <summary>A certificate has expired or is not yet valid.</summary>
    CertificateExpired = 45,

    /// <summary>Another problem with a certificate.</summary>
    CertificateUnknown = 46,

    /// <summary>A field is out of range or inconsistent.</summary>
    IllegalParameter = 47,

    /// <summary>The chain ends at no known anchor.</summary>
    UnknownCa = 48,

    /// <summary>A message cannot be decoded.</summary>
    DecodeError = 50,

    /// <summary>A signature or Finished does not verify.</summary>
    DecryptError = 51,

    /// <summary>The protocol version is not supported.</summary>
    ProtocolVersion = 70,

    /// <summary>The parameters are not secure enough.</summary>
    InsufficientSecurity = 71,

    /// <summary>A fault of our own that has nothing to do with the peer.</summary>
    InternalError = 80,

    /// <summary>The user gave up.</summary>
    UserCanceled = 90,

    /// <summary>Renegotiation is declined.</summary>
    NoRenegotiation = 100,

    /// <summary>An extension that the message needs is missing (RFC 8446 §6.2).</summary>
    MissingExtension = 109,

    /// <summary>The server answered with an extension that was not offered.</summary>
    UnsupportedExtension = 110,

    /// <summary>The server does not know the name (RFC 6066 §3).</summary>
    UnrecognizedName = 112,

    /// <summary>A stapled status is invalid, or missing where it must be there (RFC 6066 §8).</summary>
    BadCertificateStatusResponse = 113,

    /// <summary>The server wants a certificate and got none (RFC 8446 §6.2).</summary>
    CertificateRequired = 116,

    /// <summary>No common application protocol (RFC 7301 §3.2).</summary>
    NoApplicationProtocol = 120,
}
