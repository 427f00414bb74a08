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

    /// <summary>AES-128-CCM (SP 800-38C, RFC 5116 §5.3): 16 bytes of key.</summary>
    Aes128Ccm = 4,

    /// <summary>AES-256-CCM (SP 800-38C, RFC 5116 §5.4): 32 bytes of key.</summary>
    Aes256Ccm = 5,

    /// <summary>AES-128-CCM with a tag of 8 bytes (RFC 6655 §6.1): 16 bytes of key.</summary>
    Aes128Ccm8 = 6,

    /// <summary>AES-256-CCM with a tag of 8 bytes (RFC 6655 §6.2): 32 bytes of key.</summary>
    Aes256Ccm8 = 7,
}
