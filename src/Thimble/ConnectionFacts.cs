using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tls;

namespace Thimble;

/// <summary>What a connection knows of itself at one moment.</summary>
internal readonly record struct ConnectionFacts(
    ushort Suite,
    TlsVersions Version,
    NamedGroup Group,
    bool SentClientCertificate,
    bool SessionOffered,
    bool Resumed,
    bool UsedPreSharedKey,
    bool AlpnNegotiated,
    CertificateStatus CertificateStatus);
