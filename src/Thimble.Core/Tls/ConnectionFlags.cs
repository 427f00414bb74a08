using System;

namespace Thimble.Tls;

/// <summary>Facts about a connection that are either so or not.</summary>
[Flags]
internal enum ConnectionFlags : uint
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

    /// <summary>A message that changes keys was read: they change at the end of its record.</summary>
    KeyChangePending = 4096,

    /// <summary>Our KeyUpdate goes out as soon as the out window is empty.</summary>
    KeyUpdateOwed = 8192,

    /// <summary>It asks the server for one in turn.</summary>
    KeyUpdateWanted = 16384,

    /// <summary>A record that is larger than the window passes in pieces.</summary>
    Streaming = 32768,

    /// <summary>Its tag has not been verified: what it says is provisional, and a fault in it is held.</summary>
    Unverified = 65536,

    /// <summary>The tag vouches for the provisional bytes that the user was given; the user was not told yet.</summary>
    Committed = 131072,

    /// <summary>The tag verified, but what the user was given provisionally was no application data; the user was not told yet.</summary>
    Withdrawn = 262144,

    /// <summary>The server goes on with the key that was offered: that of a session of TLS 1.3, or one shared beforehand (RFC 8446 §4.2.11, RFC 4279).</summary>
    PskSelected = 1 << 19,

    /// <summary>The session that the user gave fits, and is offered.</summary>
    SessionOffered = 1 << 20,

    /// <summary>A new session waits for the user; verified records brought all of it.</summary>
    SessionReady = 1 << 21,

    /// <summary>The server goes on with the session of TLS 1.2 that was offered (RFC 5246 §7.3, figure 2).</summary>
    Resumed = 1 << 22,

    /// <summary>The server will send a ticket (RFC 5077 §3.2).</summary>
    TicketAnnounced = 1 << 23,

    /// <summary>A server of TLS 1.2 may send CertificateStatus (RFC 6066 §8).</summary>
    StatusNegotiated = 1 << 24,

    /// <summary>The stapled status of the leaf is good.</summary>
    StatusGood = 1 << 25,

    /// <summary>The header of a handshake message was read, and its body is still to come.</summary>
    InMessage = 1 << 26,

    /// <summary>The server echoed record_size_limit: a larger record than we asked for is a fault (RFC 8449 §4).</summary>
    RecordSizeLimited = 1 << 28,
}
