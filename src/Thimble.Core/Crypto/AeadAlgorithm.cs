namespace Thimble.Crypto;

/// <summary>Authenticated encryption as RFC 5116 defines it.</summary>
public enum AeadAlgorithm : byte
{
    /// <summary>None chosen: the value of cleared memory.</summary>
    None = 0,

    /// <summary>AES-128-GCM (SP 800-38D): 16 bytes of key.</summary>
    Aes128Gcm = 1,

    /// <summary>AES-256-GCM (SP 800-38D): 32 bytes of key.</summary>
    Aes256Gcm = 2,

    /// <summary>ChaCha20-Poly1305 (RFC 8439): 32 bytes of key.</summary>
    ChaCha20Poly1305 = 3,
}
