namespace Thimble.Tls;

/// <summary>
/// Signature algorithms by their numbers in TLS 1.2 (RFC 5246 §7.4.1.4.1) and RFC 8446 §4.2.3, whose RSASSA-PSS
/// schemes and Ed25519 (RFC 8422 §5.1.3) TLS 1.2 may use too. In TLS 1.2 an ECDSA scheme binds the hash, not the curve.
/// </summary>
public enum SignatureScheme : ushort
{
    /// <summary>None was chosen.</summary>
    None = 0,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-256; TLS 1.2 only.</summary>
    RsaPkcs1Sha256 = 0x0401,

    /// <summary>ECDSA with SHA-256, in TLS 1.3 on P-256.</summary>
    EcdsaSha256 = 0x0403,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-384; TLS 1.2 only.</summary>
    RsaPkcs1Sha384 = 0x0501,

    /// <summary>ECDSA with SHA-384, in TLS 1.3 on P-384.</summary>
    EcdsaSha384 = 0x0503,

    /// <summary>RSASSA-PKCS1-v1_5 with SHA-512; TLS 1.2 only.</summary>
    RsaPkcs1Sha512 = 0x0601,

    /// <summary>ECDSA with SHA-512, in TLS 1.3 on P-521.</summary>
    EcdsaSha512 = 0x0603,

    /// <summary>RSASSA-PSS with SHA-256, MGF1 over the same hash, a salt as long as the digest, and a key of the type rsaEncryption.</summary>
    RsaPssRsaeSha256 = 0x0804,

    /// <summary>The same with SHA-384.</summary>
    RsaPssRsaeSha384 = 0x0805,

    /// <summary>The same with SHA-512.</summary>
    RsaPssRsaeSha512 = 0x0806,

    /// <summary>Ed25519 without prehashing (RFC 8032 §5.1).</summary>
    Ed25519 = 0x0807,
}
