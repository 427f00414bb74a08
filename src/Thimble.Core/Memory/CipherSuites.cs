using System;

namespace Thimble.Memory;

/// <summary>The cipher suites that a profile may offer: in TLS 1.2 ephemeral ECDH with an AEAD, nothing else (RFC 5289, RFC 7905); in TLS 1.3 an AEAD and a hash (RFC 8446 §B.4).</summary>
[Flags]
public enum CipherSuites : ushort
{
    /// <summary>No suite.</summary>
    None = 0,

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 (0xC02B).</summary>
    EcdheEcdsaAes128GcmSha256 = 1,

    /// <summary>TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 (0xC02F).</summary>
    EcdheRsaAes128GcmSha256 = 2,

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 (0xC02C).</summary>
    EcdheEcdsaAes256GcmSha384 = 4,

    /// <summary>TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 (0xC030).</summary>
    EcdheRsaAes256GcmSha384 = 8,

    /// <summary>TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256 (0xCCA9).</summary>
    EcdheEcdsaChaCha20Poly1305Sha256 = 16,

    /// <summary>TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 (0xCCA8).</summary>
    EcdheRsaChaCha20Poly1305Sha256 = 32,

    /// <summary>TLS_AES_128_GCM_SHA256 (0x1301), of TLS 1.3.</summary>
    Aes128GcmSha256 = 64,

    /// <summary>TLS_AES_256_GCM_SHA384 (0x1302), of TLS 1.3.</summary>
    Aes256GcmSha384 = 128,

    /// <summary>TLS_CHACHA20_POLY1305_SHA256 (0x1303), of TLS 1.3.</summary>
    ChaCha20Poly1305Sha256 = 256,
}
