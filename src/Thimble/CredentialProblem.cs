namespace Thimble;

/// <summary>What is wrong with a file of certificates or keys.</summary>
public enum CredentialProblem
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The file cannot be opened or read.</summary>
    Unreadable,

    /// <summary>The file holds no byte.</summary>
    Empty,

    /// <summary>The file is too large to be what it should be.</summary>
    TooLarge,

    /// <summary>A PEM block has no end, or is not base64.</summary>
    PemMalformed,

    /// <summary>The file is well-formed, but holds no certificate.</summary>
    NoCertificate,

    /// <summary>A certificate is not the DER that X.509 asks for.</summary>
    CertificateMalformed,

    /// <summary>The file is well-formed, but holds no private key.</summary>
    NoPrivateKey,

    /// <summary>More than one private key is in the file.</summary>
    SeveralPrivateKeys,

    /// <summary>The private key is encrypted.</summary>
    PrivateKeyEncrypted,

    /// <summary>The private key is not the DER that its format asks for.</summary>
    PrivateKeyMalformed,

    /// <summary>The key is of an algorithm that is not supported.</summary>
    AlgorithmUnsupported,

    /// <summary>The key is on a curve that is not supported.</summary>
    CurveUnsupported,

    /// <summary>The RSA key is too short or too long.</summary>
    KeySizeUnsupported,

    /// <summary>The private key is not that of the certificate.</summary>
    KeyDoesNotFitCertificate,

    /// <summary>The certificates of a chain are not in the order leaf, issuer, issuer's issuer.</summary>
    ChainOutOfOrder,

    /// <summary>A trust anchor has expired, or is not valid yet.</summary>
    AnchorNotValidNow,

    /// <summary>A trust anchor may not issue servers' certificates, or says something that is not understood.</summary>
    AnchorUnusable,

    /// <summary>A certificate was given without its private key, or the reverse.</summary>
    HalfMissing,

    /// <summary>An encrypted private key or a PKCS#12 container does not open with the passphrase that was given.</summary>
    WrongPassphrase,

    /// <summary>The bytes are no ROM image, or a damaged one.</summary>
    ImageUnusable,
}
