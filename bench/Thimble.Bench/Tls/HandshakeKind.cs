using System.Security.Authentication;
using Thimble.Memory;

namespace Thimble.Bench.Tls;

/// <summary>Which handshake of scenario R both clients do.</summary>
internal readonly record struct HandshakeKind(TlsVersions Version, Groups Group, bool Resumed = false)
{
    /// <summary>The handshake of scenario R itself.</summary>
    public static HandshakeKind Full12 { get; } = new(TlsVersions.Tls12, Groups.Secp256r1);

    /// <summary>The platform's name of the version.</summary>
    public SslProtocols Protocol => Version == TlsVersions.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12;

    /// <summary>A session of TLS 1.2 goes on without a key agreement.</summary>
    public override string ToString() =>
        (Version == TlsVersions.Tls13 ? "TLS 1.3" : "TLS 1.2")
        + (Resumed && Version == TlsVersions.Tls12 ? "" : Group == Groups.X25519 ? ", X25519" : ", P-256")
        + (Resumed ? ", resumed" : ", full");
}
