namespace Thimble.Cli.Probe;

/// <summary>Numbers of the registries that the probe speaks with: versions, content types, messages and extensions.</summary>
internal static class TlsNumbers
{
    public const ushort Tls10 = 0x0301, Tls11 = 0x0302, Tls12 = 0x0303, Tls13 = 0x0304;

    public const byte ChangeCipherSpec = 20, Alert = 21, Handshake = 22, ApplicationData = 23;

    public const byte ClientHello = 1, ServerHello = 2, NewSessionTicket = 4, EncryptedExtensions = 8, Certificate = 11, ServerKeyExchange = 12, CertificateRequest = 13,
        ServerHelloDone = 14, CertificateVerify = 15, CertificateStatus = 22;

    public const ushort ServerName = 0, MaxFragmentLength = 1, StatusRequest = 5, SupportedGroups = 10, PointFormats = 11, SignatureAlgorithms = 13, Alpn = 16,
        ExtendedMasterSecret = 23, RecordSizeLimit = 28, SessionTicket = 35, PreSharedKey = 41, SupportedVersions = 43, Cookie = 44, PskKeyExchangeModes = 45, CertificateAuthorities = 47,
        SignatureAlgorithmsCert = 50, KeyShare = 51, RenegotiationInfo = 0xFF01;

    /// <summary>RFC 8446 §5.1: the content of a record; TLS 1.2 allows 2,048 bytes more than the plaintext, TLS 1.3 256.</summary>
    public const int MaxPlaintextBytes = 1 << 14, MaxRecordBytes = MaxPlaintextBytes + 2048;

    public const int RandomBytes = 32, RecordHeaderBytes = 5, MessageHeaderBytes = 4;
}
