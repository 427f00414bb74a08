using Thimble.Crypto;

namespace Thimble.X509;

/// <summary>
/// How certificates are signed (RFC 4055, RFC 5758). The low four bits are the <see cref="HashAlgorithm"/>, the high
/// four the family. ECDSA's curve is the key's matter.
/// </summary>
public enum SignatureAlgorithm : byte
{
    /// <summary>None chosen: the value of cleared memory.</summary>
    None = 0,

    /// <summary>sha256WithRSAEncryption.</summary>
    RsaPkcs1Sha256 = 0x14,

    /// <summary>sha384WithRSAEncryption.</summary>
    RsaPkcs1Sha384 = 0x15,

    /// <summary>sha512WithRSAEncryption.</summary>
    RsaPkcs1Sha512 = 0x16,

    /// <summary>id-RSASSA-PSS with SHA-256 throughout and 32 bytes of salt.</summary>
    RsaPssSha256 = 0x24,

    /// <summary>id-RSASSA-PSS with SHA-384 throughout and 48 bytes of salt.</summary>
    RsaPssSha384 = 0x25,

    /// <summary>id-RSASSA-PSS with SHA-512 throughout and 64 bytes of salt.</summary>
    RsaPssSha512 = 0x26,

    /// <summary>ecdsa-with-SHA256.</summary>
    EcdsaSha256 = 0x34,

    /// <summary>ecdsa-with-SHA384.</summary>
    EcdsaSha384 = 0x35,

    /// <summary>ecdsa-with-SHA512.</summary>
    EcdsaSha512 = 0x36,

    /// <summary>id-Ed25519 (RFC 8410 §3). It signs the message and no digest of it; the hash here only tells signed parts from one another.</summary>
    Ed25519 = 0x44,
}

/// <summary>The parts of a <see cref="SignatureAlgorithm"/>.</summary>
internal static class SignatureAlgorithms
{
    public const int Pkcs1 = 1, Pss = 2, Ecdsa = 3, Ed25519 = 4;

    /// <summary>The hash that the algorithm signs.</summary>
    public static HashAlgorithm HashOf(SignatureAlgorithm algorithm) => (HashAlgorithm)((int)algorithm & 0x0F);

    /// <summary><see cref="Pkcs1"/>, <see cref="Pss"/>, <see cref="Ecdsa"/> or <see cref="Ed25519"/>.</summary>
    public static int FamilyOf(SignatureAlgorithm algorithm) => (int)algorithm >> 4;

    /// <summary>Whether the signer's key is one of RSA.</summary>
    public static bool IsRsa(SignatureAlgorithm algorithm) => FamilyOf(algorithm) is Pkcs1 or Pss;

    /// <summary>Whether a key of that kind makes such signatures.</summary>
    public static bool Fits(SignatureAlgorithm algorithm, KeyKind key) => key switch
    {
        KeyKind.Rsa => IsRsa(algorithm),
        KeyKind.P256 or KeyKind.P384 or KeyKind.P521 => FamilyOf(algorithm) == Ecdsa,
        KeyKind.Ed25519 => FamilyOf(algorithm) == Ed25519,
        _ => false,
    };

    /// <summary>The algorithm of that family over that hash.</summary>
    public static SignatureAlgorithm Of(int family, HashAlgorithm hash) => (SignatureAlgorithm)((family << 4) | (int)hash);
}
