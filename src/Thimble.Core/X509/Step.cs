namespace Thimble.X509;

/// <summary>
/// What comes next in a certificate, in the order and under the names of RFC 5280 §4.1. A step takes one element or one
/// chunk and never suspends half-way; those from <see cref="FirstAction"/> on take no input.
/// </summary>
internal enum Step : byte
{
    // Certificate and TBSCertificate.
    Certificate,
    TbsCertificate,
    Version,
    VersionNumber,
    SerialNumberHeader,
    SerialNumber,
    Validity,
    NotBefore,
    NotBeforeTime,
    NotAfter,
    NotAfterTime,
    IssuerUniqueId,
    SkipIssuerUniqueId,
    SubjectUniqueId,
    SkipSubjectUniqueId,
    ExtensionsOrEnd,
    SignatureValue,
    SignatureUnusedBits,
    SignatureBytes,

    // AlgorithmIdentifier.
    AlgorithmIdentifier,
    Algorithm,
    NullParameters,
    PssParameters,
    PssParametersBytes,
    NoParameters,

    // Name.
    Name,
    RelativeDistinguishedName,
    Attribute,
    AttributeType,
    AttributeTag,
    AttributeValue,

    // SubjectPublicKeyInfo.
    SubjectPublicKeyInfo,
    KeyAlgorithmIdentifier,
    KeyAlgorithm,
    KeyNullParameters,
    KeyCurveTag,
    KeyCurve,
    RsaBitString,
    RsaUnusedBits,
    RsaPublicKey,
    Modulus,
    ModulusFirst,
    ModulusBytes,
    Exponent,
    PointBitString,
    PointBytes,

    // Extensions.
    Extensions,
    Extension,
    ExtensionId,
    CriticalTag,
    Critical,
    ExtensionValue,
    OpaqueValue,
    KeyUsage,
    BasicConstraints,
    CaTag,
    Ca,
    PathLengthTag,
    PathLength,
    BasicConstraintsEnd,
    ExtendedKeyUsage,
    KeyPurpose,
    PolicyConstraints,
    RequireExplicitPolicy,
    InhibitPolicyMapping,
    ExtensionEnd,

    // GeneralNames of subjectAltName.
    SubjectAltName,
    GeneralName,
    DnsName,
    DnsNameBytes,
    AddressName,
    OtherName,

    // NameConstraints.
    NameConstraints,
    SubtreesTag,
    GeneralSubtree,
    SubtreeBase,
    SubtreeDns,
    SubtreeDnsBytes,
    SubtreeAddress,
    SubtreeAddressBytes,
    SubtreeOther,
    SubtreeEnd,

    // What happens between elements.
    FirstAction,
    ChainBegins = FirstAction,
    TbsBegins,
    HashBegins,
    NameBegins,
    NameEnds,
    TbsEnds,
    VerifyIssued,
    TbsHashEnds,
    CertificateEnds,
    SeekAnchor,
    VerifyAnchor,
    AnchorVerified,
    AnchorTrusted,
    Interrupted,

    // Where no certificate is being read.
    CertificateDone,
    SkipCertificate,
    Idle,
    Faulted,
}
