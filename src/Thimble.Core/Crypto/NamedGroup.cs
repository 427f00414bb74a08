namespace Thimble.Crypto;

/// <summary>Groups for key agreement and ECDSA, by their numbers in RFC 8422 §5.1.1.</summary>
public enum NamedGroup : ushort
{
    /// <summary>None chosen: the value of cleared memory.</summary>
    None = 0,

    /// <summary>P-256 of FIPS 186-5 (SP 800-186).</summary>
    Secp256r1 = 23,

    /// <summary>P-384 of FIPS 186-5 (SP 800-186).</summary>
    Secp384r1 = 24,

    /// <summary>P-521 of FIPS 186-5 (SP 800-186), for signatures of others only.</summary>
    Secp521r1 = 25,

    /// <summary>X25519 of RFC 7748.</summary>
    X25519 = 29,
}
