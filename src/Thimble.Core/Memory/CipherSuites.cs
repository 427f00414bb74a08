using System;

namespace Thimble.Memory;

/// <summary>The cipher suites that a profile may offer: in TLS 1.2 ephemeral ECDH with an AEAD, nothing else (RFC 5289, RFC 7905); in TLS 1.3 an AEAD and a hash (RFC 8446 §B.4).</summary>
[Flags]
public enum CipherSuites : uint
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

    /// <summary>TLS_AES_128_CCM_SHA256 (0x1304), of TLS 1.3.</summary>
    Aes128CcmSha256 = 1 << 9,

    /// <summary>TLS_AES_128_CCM_8_SHA256 (0x1305), of TLS 1.3: tags of 8 bytes.</summary>
    Aes128Ccm8Sha256 = 1 << 10,

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_CCM (0xC0AC, RFC 7251).</summary>
    EcdheEcdsaAes128Ccm = 1 << 11,

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_256_CCM (0xC0AD, RFC 7251).</summary>
    EcdheEcdsaAes256Ccm = 1 << 12,

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8 (0xC0AE, RFC 7251).</summary>
    EcdheEcdsaAes128Ccm8 = 1 << 13,

    /// <summary>TLS_ECDHE_ECDSA_WITH_AES_256_CCM_8 (0xC0AF, RFC 7251).</summary>
    EcdheEcdsaAes256Ccm8 = 1 << 14,

    /// <summary>TLS_PSK_WITH_AES_128_GCM_SHA256 (0x00A8, RFC 5487).</summary>
    PskAes128GcmSha256 = 1 << 15,

    /// <summary>TLS_PSK_WITH_AES_256_GCM_SHA384 (0x00A9, RFC 5487).</summary>
    PskAes256GcmSha384 = 1 << 16,

    /// <summary>TLS_PSK_WITH_CHACHA20_POLY1305_SHA256 (0xCCAB, RFC 7905).</summary>
    PskChaCha20Poly1305Sha256 = 1 << 17,

    /// <summary>TLS_PSK_WITH_AES_128_CCM (0xC0A4, RFC 6655).</summary>
    PskAes128Ccm = 1 << 18,

    /// <summary>TLS_PSK_WITH_AES_128_CCM_8 (0xC0A8, RFC 6655).</summary>
    PskAes128Ccm8 = 1 << 19,

    /// <summary>TLS_ECDHE_PSK_WITH_AES_128_GCM_SHA256 (0xD001, RFC 8442; key exchange of RFC 5489).</summary>
    EcdhePskAes128GcmSha256 = 1 << 20,

    /// <summary>TLS_ECDHE_PSK_WITH_AES_256_GCM_SHA384 (0xD002, RFC 8442).</summary>
    EcdhePskAes256GcmSha384 = 1 << 21,

    /// <summary>TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256 (0xCCAC, RFC 7905).</summary>
    EcdhePskChaCha20Poly1305Sha256 = 1 << 22,

    /// <summary>TLS_ECDHE_PSK_WITH_AES_128_CCM_SHA256 (0xD005, RFC 8442).</summary>
    EcdhePskAes128Ccm = 1 << 23,

    /// <summary>TLS_ECDHE_PSK_WITH_AES_128_CCM_8_SHA256 (0xD003, RFC 8442).</summary>
    EcdhePskAes128Ccm8 = 1 << 24,
}
