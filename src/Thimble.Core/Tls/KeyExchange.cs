namespace Thimble.Tls;

/// <summary>How the two sides come to a secret, and how the server shows who it is (RFC 5246 §A.6): the first half of a suite's name.</summary>
internal enum KeyExchange : byte
{
    /// <summary>The suite does not say: the extensions of TLS 1.3 do (RFC 8446 §4.1.1).</summary>
    Negotiated = 0,

    /// <summary>Ephemeral ECDH that a key on a curve signs (RFC 8422 §2).</summary>
    EcdheEcdsa = 1,

    /// <summary>Ephemeral ECDH that an RSA key signs (RFC 8422 §2).</summary>
    EcdheRsa = 2,

    /// <summary>A key that was shared beforehand, and nothing else (RFC 4279 §2).</summary>
    Psk = 3,

    /// <summary>Such a key, and ephemeral ECDH that nobody signs (RFC 5489 §2).</summary>
    EcdhePsk = 4,
}
