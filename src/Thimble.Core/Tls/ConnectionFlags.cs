using System;

namespace Thimble.Tls;

/// <summary>Facts about a connection that are either so or not.</summary>
[Flags]
internal enum ConnectionFlags : ushort
{
    None = 0,

    /// <summary>An alert waits to be sent as soon as the out window is empty.</summary>
    AlertPending = 1,

    /// <summary>Our ChangeCipherSpec was sent: what follows is sealed.</summary>
    WriteProtected = 2,

    /// <summary>The peer's ChangeCipherSpec came: what follows must open.</summary>
    ReadProtected = 4,

    /// <summary>We sent close_notify, or another alert that ends our side.</summary>
    WriteClosed = 8,

    /// <summary>The peer sent close_notify.</summary>
    ReadClosed = 16,

    CertificateRequested = 32,
    ExtendedMasterSecret = 64,
    SecureRenegotiation = 128,
    AlpnNegotiated = 256,

    /// <summary>The client's certificate goes out, so that CertificateVerify follows.</summary>
    ClientCertificate = 512,

    /// <summary>The connection is over, and its secrets are gone.</summary>
    Wiped = 1024,

    /// <summary>A signature of the server's chain is being verified: its bytes wait.</summary>
    ChainVerifying = 2048,
}
