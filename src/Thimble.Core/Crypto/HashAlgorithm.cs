namespace Thimble.Crypto;

/// <summary>The hash functions of FIPS 180-4 that TLS 1.2 and X.509 use here. The numbers are those of RFC 5246 §7.4.1.4.1.</summary>
public enum HashAlgorithm : byte
{
    /// <summary>None chosen: the value of cleared memory.</summary>
    None = 0,

    /// <summary>SHA-256: 32 bytes of digest, blocks of 64.</summary>
    Sha256 = 4,

    /// <summary>SHA-384: 48 bytes of digest, blocks of 128.</summary>
    Sha384 = 5,

    /// <summary>SHA-512: 64 bytes of digest, blocks of 128.</summary>
    Sha512 = 6,
}
