namespace Thimble.Tls;

/// <summary>The extensions that are known here.</summary>
internal enum ExtensionType : ushort
{
    /// <summary>RFC 6066 §3.</summary>
    ServerName = 0,

    /// <summary>RFC 6066 §4.</summary>
    MaxFragmentLength = 1,

    /// <summary>RFC 6066 §8.</summary>
    StatusRequest = 5,

    /// <summary>RFC 8422 §5.1.1.</summary>
    SupportedGroups = 10,

    /// <summary>RFC 8422 §5.1.2.</summary>
    EcPointFormats = 11,

    /// <summary>RFC 5246 §7.4.1.4.1.</summary>
    SignatureAlgorithms = 13,

    /// <summary>RFC 7301.</summary>
    ApplicationLayerProtocolNegotiation = 16,

    /// <summary>RFC 7627.</summary>
    ExtendedMasterSecret = 23,

    /// <summary>RFC 8449 §4.</summary>
    RecordSizeLimit = 28,

    /// <summary>RFC 5077 §3.2.</summary>
    SessionTicket = 35,

    /// <summary>RFC 8446 §4.2.11.</summary>
    PreSharedKey = 41,

    /// <summary>RFC 8446 §4.2.1.</summary>
    SupportedVersions = 43,

    /// <summary>RFC 8446 §4.2.2.</summary>
    Cookie = 44,

    /// <summary>RFC 8446 §4.2.9.</summary>
    PskKeyExchangeModes = 45,

    /// <summary>RFC 8446 §4.2.8.</summary>
    KeyShare = 51,

    /// <summary>RFC 5746.</summary>
    RenegotiationInfo = 0xFF01,
}
