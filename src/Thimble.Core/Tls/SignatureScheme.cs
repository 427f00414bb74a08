namespace Thimble.Tls;

/// <summary>
/// Signature algorithms by their numbers in TLS 1.2 (RFC 5246 §7.4.1.4.1) and RFC 8446 §4.2.3, whose RSASSA-PSS
/// schemes and Ed25519 (RFC 8422 §5.1.3) TLS 1.2 may use too. In TLS 1.2 an ECDSA scheme binds the hash, not the curve.
/// </summary>
internal enum SignatureScheme : ushort
{
    None = 0,
    RsaPkcs1Sha256 = 0x0401,
    EcdsaSha256 = 0x0403,
    RsaPkcs1Sha384 = 0x0501,
    EcdsaSha384 = 0x0503,
    RsaPkcs1Sha512 = 0x0601,
    EcdsaSha512 = 0x0603,
    RsaPssRsaeSha256 = 0x0804,
    RsaPssRsaeSha384 = 0x0805,
    RsaPssRsaeSha512 = 0x0806,
    Ed25519 = 0x0807,
}
