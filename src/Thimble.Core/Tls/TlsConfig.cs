using System;
using System.Diagnostics.CodeAnalysis;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// What the engine is told and does not keep: the same values go to every lens over one connection's memory.
/// </summary>
[SuppressMessage("Design", "CA1051", Justification = "Members are passed on by reference, so that no copy burdens a small stack.")]
public ref struct TlsConfig
{
    /// <summary>
    /// A <see cref="WorkPerCall"/> that keeps every call on a Cortex-M3 under 1.6 million instructions, which is 32 ms at
    /// 50 MHz. The replay of a recorded handshake in QEMU (<c>device/measure</c>) holds it to that.
    /// </summary>
    public const int DeviceWorkPerCall = 256;

    /// <summary>The limits that the buffer was planned for: they stay where they are, which may be flash.</summary>
    public ref readonly Profile Profile;

    /// <summary>Trust anchors, and the client's chain and private key where it has one. Begins at a multiple of eight bytes.</summary>
    public ReadOnlySpan<byte> RomImage;

    /// <summary>The name that the server's certificate must carry: a DNS name in ASCII, or an IP address as text.</summary>
    public ReadOnlySpan<byte> ServerName;

    /// <summary>The application protocol to offer (RFC 7301), or nothing.</summary>
    public ReadOnlySpan<byte> Alpn;

    /// <summary>
    /// At least 48 bytes of fresh entropy, different each time. They are consumed, and wiped, by the first call of the
    /// handshake; nothing is needed here after it.
    /// </summary>
    public Span<byte> Seed;

    /// <summary>Seconds since 1970 in UTC. 0 is no time, and is refused: certificates cannot be judged without one.</summary>
    public long NowUnixSeconds;

    /// <summary>A number that no two starts of the device share, where it has one (RULES 24).</summary>
    public uint BootCounter;

    /// <summary>A session that <see cref="TlsClient"/> gave out earlier, to resume; or nothing. The same bytes for every call of one handshake.</summary>
    public ReadOnlySpan<byte> Session;

    /// <summary>A key that was shared with the server beforehand, with its identity, as <see cref="SharedKey.TryWrite"/> puts them together; or nothing.</summary>
    public ReadOnlySpan<byte> PreSharedKey;

    /// <summary>
    /// How much public-key work one call may do, in units of about one multiplication of 256-bit numbers; 0 stands for
    /// no limit.
    /// </summary>
    public int WorkPerCall;

    /// <summary>
    /// Whether <see cref="TlsClient.Read"/> gives out application data of records larger than the in window before their
    /// tag was verified, as <see cref="TlsStatus.Provisional"/>. Otherwise such a record is
    /// <see cref="FaultReason.RecordLargerThanWindow"/>, once its tag verified. The same value for the life of a connection.
    /// </summary>
    public bool ProvisionalDelivery;

    /// <summary>
    /// Empty, or where the server's certificates are copied to as they pass: three bytes, little-endian, count what
    /// follows them and one that tells how many certificates were verified, 0 until the chain has passed; then each certificate with its length in three bytes, cut off where there is no more room. Set all four to 0 first.
    /// Until the handshake is complete nobody vouches for them.
    /// </summary>
    public Span<byte> PeerChain;

    /// <summary>
    /// Empty, or <see cref="Tls.KeyLog.BytesPerCall"/> bytes into which a call writes the secrets that it derives, for a host
    /// that lets somebody read along (see <see cref="Tls.KeyLog"/>). Whoever sees them can read and forge the connection.
    /// </summary>
    public Span<byte> KeyLog;

    /// <summary>Empty, or <see cref="PlanAudit.Length"/> counters that show what is really written.</summary>
    public Span<ushort> Audit;
}
