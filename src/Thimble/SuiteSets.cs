using Thimble.Memory;

namespace Thimble;

/// <summary>Suites that have something in common: their version, their kind of key, their hash, or their cipher.</summary>
internal static class SuiteSets
{
    /// <summary>Those of TLS 1.3.</summary>
    public const CipherSuites Tls13 = CipherSuites.Aes128GcmSha256 | CipherSuites.Aes256GcmSha384 | CipherSuites.ChaCha20Poly1305Sha256
        | CipherSuites.Aes128CcmSha256 | CipherSuites.Aes128Ccm8Sha256;

    /// <summary>Those of TLS 1.2 whose servers have a key on a curve.</summary>
    public const CipherSuites Ecdsa = CipherSuites.EcdheEcdsaAes128GcmSha256 | CipherSuites.EcdheEcdsaAes256GcmSha384 | CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256
        | CipherSuites.EcdheEcdsaAes128Ccm | CipherSuites.EcdheEcdsaAes256Ccm | CipherSuites.EcdheEcdsaAes128Ccm8 | CipherSuites.EcdheEcdsaAes256Ccm8;

    /// <summary>Those of TLS 1.2 whose servers have an RSA key.</summary>
    public const CipherSuites Rsa = CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.EcdheRsaAes256GcmSha384 | CipherSuites.EcdheRsaChaCha20Poly1305Sha256;

    /// <summary>Those of TLS 1.2 that use a shared key and nothing else.</summary>
    public const CipherSuites Psk = CipherSuites.PskAes128GcmSha256 | CipherSuites.PskAes256GcmSha384 | CipherSuites.PskChaCha20Poly1305Sha256
        | CipherSuites.PskAes128Ccm | CipherSuites.PskAes128Ccm8;

    /// <summary>Those of TLS 1.2 that use a shared key and a key agreement.</summary>
    public const CipherSuites EcdhePsk = CipherSuites.EcdhePskAes128GcmSha256 | CipherSuites.EcdhePskAes256GcmSha384 | CipherSuites.EcdhePskChaCha20Poly1305Sha256
        | CipherSuites.EcdhePskAes128Ccm | CipherSuites.EcdhePskAes128Ccm8;

    /// <summary>Those of TLS 1.2 whose hash is SHA-384, which all have AES-256-GCM.</summary>
    public const CipherSuites Sha384 = CipherSuites.EcdheEcdsaAes256GcmSha384 | CipherSuites.EcdheRsaAes256GcmSha384
        | CipherSuites.PskAes256GcmSha384 | CipherSuites.EcdhePskAes256GcmSha384;

    /// <summary>The suites of TLS 1.3 whose ciphers are those of the suites of TLS 1.2 among these.</summary>
    public static CipherSuites Like(CipherSuites suites)
    {
        const CipherSuites Gcm = CipherSuites.EcdheEcdsaAes128GcmSha256 | CipherSuites.EcdheRsaAes128GcmSha256 | CipherSuites.PskAes128GcmSha256 | CipherSuites.EcdhePskAes128GcmSha256;
        const CipherSuites ChaCha = CipherSuites.EcdheEcdsaChaCha20Poly1305Sha256 | CipherSuites.EcdheRsaChaCha20Poly1305Sha256
            | CipherSuites.PskChaCha20Poly1305Sha256 | CipherSuites.EcdhePskChaCha20Poly1305Sha256;
        const CipherSuites Ccm = CipherSuites.EcdheEcdsaAes128Ccm | CipherSuites.PskAes128Ccm | CipherSuites.EcdhePskAes128Ccm;
        const CipherSuites Ccm8 = CipherSuites.EcdheEcdsaAes128Ccm8 | CipherSuites.PskAes128Ccm8 | CipherSuites.EcdhePskAes128Ccm8;
        return When(suites & Gcm, CipherSuites.Aes128GcmSha256) | When(suites & Sha384, CipherSuites.Aes256GcmSha384)
            | When(suites & ChaCha, CipherSuites.ChaCha20Poly1305Sha256)
            | When(suites & Ccm, CipherSuites.Aes128CcmSha256) | When(suites & Ccm8, CipherSuites.Aes128Ccm8Sha256);
    }

    private static CipherSuites When(CipherSuites any, CipherSuites suite) => any == CipherSuites.None ? CipherSuites.None : suite;
}
