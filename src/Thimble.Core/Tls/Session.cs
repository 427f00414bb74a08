using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Tls;

/// <summary>
/// A view of a session that can be resumed, as <see cref="TlsClient.TryTakeSession"/> gives it out: a value of bytes that the
/// user may store, and keeps secret. Format 2, all integers little-endian.
/// <code>
///  0 u8  format 2           8 i64 issuedAt, in seconds since 1970      24 u32 trustedUntil, a minute since 1970, or 0
///  1 u8  TlsVersions       16 u32 lifetime, in seconds, at most 7 days 28 u8[16] SHA-256 of all, these 16 bytes as zeros
///  2 u16 suite             20 u16 ticketBytes                          44 u8[16] binding
///  4 u32 ageAdd            22 u8  sessionIdBytes, at most 32; 1.3: 0   60 u8[48] secret, and zeros behind it
///                          23 u8  0                                   108 session id, ticket
/// </code>
/// The secret is the PSK of TLS 1.3 (RFC 8446 §4.6.1), or the master secret of TLS 1.2. The binding is a SHA-256 over server name,
/// protocol, ROM image (but not the time when it was baked), shared key, and what the profile asks of certificates beyond that it can
/// read them (<see cref="Profile.MinRsaBits"/>, <see cref="Profile.StapledStatus"/>): a session vouches for nothing but what it was made
/// with. trustedUntil is the first minute in which a certificate of the server's chain ends: before it the session ends too.
/// </summary>
public readonly ref struct Session
{
    /// <summary>The bytes before session id and ticket.</summary>
    public const int HeaderBytes = 108;

    /// <summary>The longest session id (RFC 5246 §7.4.1.2).</summary>
    public const int MaxSessionIdBytes = 32;

    /// <summary>The size of <see cref="Binding"/>, and of the digest.</summary>
    public const int MarkBytes = 16;

    /// <summary>The scratch that <see cref="TryOpen"/> and <see cref="Judge"/> need: a running SHA-256 and its digest.</summary>
    public const int ScratchBytes = Sha256.StateBytes + Sha256.DigestBytes;

    /// <summary>RFC 8446 §4.6.1: no session is older than a week.</summary>
    internal const uint MaxLifetimeSeconds = 7 * SecondsPerDay;

    /// <summary>What a server that names no lifetime is taken to mean (RFC 5077 §3.3 leaves it to the client).</summary>
    internal const uint UnknownLifetimeSeconds = SecondsPerDay;

    internal const byte Format = 2;
    internal const int SuiteAt = 2;
    internal const int AgeAddAt = 4;
    internal const int IssuedAt = 8;
    internal const int LifetimeAt = 16;
    internal const int TicketBytesAt = 20;
    internal const int SessionIdBytesAt = 22;
    internal const int ZeroAt = 23;
    internal const int TrustedUntilAt = 24;
    internal const int DigestAt = 28;
    internal const int BindingAt = 44;
    internal const int SecretAt = 60;
    internal const int SecretBytes = HeaderBytes - SecretAt;

    private const uint SecondsPerDay = 86400;
    private const uint SecondsPerMinute = 60;

    private readonly ReadOnlySpan<byte> _bytes;

    private Session(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The version of TLS that made it.</summary>
    public TlsVersions Version => (TlsVersions)_bytes[1];

    /// <summary>The number of the suite that made it.</summary>
    public ushort Suite => BinaryPrimitives.ReadUInt16LittleEndian(_bytes.Slice(SuiteAt));

    /// <summary>When it was made, in seconds since 1970, by the clock of the client.</summary>
    public long IssuedAtUnixSeconds => BinaryPrimitives.ReadInt64LittleEndian(_bytes.Slice(IssuedAt));

    /// <summary>When it ends: by the server's word, by that of its certificates (at the minute, rounded down), or after a week.</summary>
    public long ExpiresAtUnixSeconds
    {
        get
        {
            uint lifetime = BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Slice(LifetimeAt));
            long end = IssuedAtUnixSeconds + (lifetime == 0 ? UnknownLifetimeSeconds : lifetime);
            long trusted = TrustedUntilMinutes * (long)SecondsPerMinute;
            return trusted != 0 && trusted < end ? trusted : end;
        }
    }

    /// <summary>What the server wants to see again, or nothing. Public.</summary>
    public ReadOnlySpan<byte> Ticket => _bytes.Slice(HeaderBytes + SessionId.Length);

    internal ReadOnlySpan<byte> SessionId => _bytes.Slice(HeaderBytes, _bytes[SessionIdBytesAt]);

    internal uint AgeAdd => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Slice(AgeAddAt));

    internal uint TrustedUntilMinutes => BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Slice(TrustedUntilAt));

    /// <summary>The PSK, as long as the suite's hash, or the master secret.</summary>
    internal ReadOnlySpan<byte> Secret => _bytes.Slice(SecretAt, Version == TlsVersions.Tls13 ? Hash.DigestBytes(CipherSuite.HashOf(Suite)) : SecretBytes);

    /// <summary>What the session serves, as a digest: two sessions with the same one stand for each other. Public.</summary>
    public ReadOnlySpan<byte> Binding => _bytes.Slice(BindingAt, MarkBytes);

    /// <summary>The longest session of a profile, in bytes; 0 where it keeps none.</summary>
    public static int MaxBytes(in Profile profile) =>
        profile.MaxTicketBytes <= 0 ? 0 : HeaderBytes + (profile.Offers(TlsVersions.Tls12) ? MaxSessionIdBytes : 0) + profile.MaxTicketBytes;

    /// <summary>
    /// Checks the form and the digest, so that nothing later reads outside. <paramref name="scratch"/> has <see cref="ScratchBytes"/> and
    /// begins at a multiple of 8; it keeps nothing secret. Work grows with the session. Leaks: all lengths, and whether the digest fits.
    /// </summary>
    public static bool TryOpen(ReadOnlySpan<byte> bytes, Span<byte> scratch, out Session session)
    {
        session = default;
        if (!HasShape(bytes))
        {
            return false;
        }

        Span<byte> digest = ComputeDigest(bytes, scratch);
        if (!CryptographicOperations.FixedTimeEquals(digest, bytes.Slice(DigestAt, MarkBytes)))
        {
            return false;
        }

        session = new Session(bytes);
        return true;
    }

    /// <summary>
    /// Writes the <see cref="Binding"/> that a session of this configuration has, 16 bytes, so that a store can find it. Work grows
    /// with the ROM image, which was checked before. Leaks: all lengths.
    /// </summary>
    public static void WriteBinding(scoped in TlsConfig config, Span<byte> destination, Span<byte> scratch) =>
        ComputeBinding(config, scratch).CopyTo(destination);

    /// <summary>
    /// Whether a handshake with this configuration would offer the session. Bounded: two hashes, over the session and over what
    /// it is bound to. Leaks: the answer.
    /// </summary>
    public static SessionFit Judge(ReadOnlySpan<byte> bytes, scoped in TlsConfig config, Span<byte> scratch)
    {
        if (!TryOpen(bytes, scratch, out Session session))
        {
            return SessionFit.Malformed;
        }

        if (config.NowUnixSeconds < session.IssuedAtUnixSeconds)
        {
            return SessionFit.NotYetIssued;
        }

        if (config.NowUnixSeconds >= session.ExpiresAtUnixSeconds)
        {
            return SessionFit.Expired;
        }

        if (!session.IsIn(config.Profile))
        {
            return SessionFit.NotInProfile;
        }

        bool same = CryptographicOperations.FixedTimeEquals(ComputeBinding(config, scratch), session.Binding);
        return same ? SessionFit.Fits : SessionFit.OtherPeer;
    }

    /// <summary>A view of a session that <see cref="TryOpen"/> accepted before and that cannot have changed since.</summary>
    internal static Session FromChecked(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>A digest of all but itself, cut to <see cref="MarkBytes"/>, in the scratch.</summary>
    internal static Span<byte> ComputeDigest(ReadOnlySpan<byte> bytes, Span<byte> scratch)
    {
        Span<byte> state = scratch.Slice(0, Sha256.StateBytes);
        Span<byte> digest = scratch.Slice(Sha256.StateBytes, Sha256.DigestBytes);
        digest.Clear();
        Hash.Initialize(HashAlgorithm.Sha256, state);
        Hash.Update(HashAlgorithm.Sha256, state, bytes.Slice(0, DigestAt));
        Hash.Update(HashAlgorithm.Sha256, state, digest.Slice(0, MarkBytes));
        Hash.Update(HashAlgorithm.Sha256, state, bytes.Slice(DigestAt + MarkBytes));
        return Finish(state, digest);
    }

    /// <summary>A digest of what the session serves, cut to <see cref="MarkBytes"/>, in the scratch.</summary>
    internal static Span<byte> ComputeBinding(scoped in TlsConfig config, Span<byte> scratch)
    {
        Span<byte> state = scratch.Slice(0, Sha256.StateBytes);
        Span<byte> digest = scratch.Slice(Sha256.StateBytes, Sha256.DigestBytes);
        Hash.Initialize(HashAlgorithm.Sha256, state);
        Hash.Update(HashAlgorithm.Sha256, state, RomImage.FromChecked(config.RomImage).Layout);
        Hash.Update(HashAlgorithm.Sha256, state, RomImage.FromChecked(config.RomImage).Sections);
        UpdateSized(state, config.ServerName, digest);
        UpdateSized(state, config.Alpn, digest);
        UpdateSized(state, new SharedKey(config.PreSharedKey).Identity, digest);
        UpdateSized(state, new SharedKey(config.PreSharedKey).Key, digest);
        BinaryPrimitives.WriteInt32LittleEndian(digest, (config.Profile.MinRsaBits << 1) | (config.Profile.StapledStatus ? 1 : 0));
        Hash.Update(HashAlgorithm.Sha256, state, digest.Slice(0, sizeof(int)));
        return Finish(state, digest);
    }

    private static void UpdateSized(Span<byte> state, ReadOnlySpan<byte> part, Span<byte> number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(number, part.Length);
        Hash.Update(HashAlgorithm.Sha256, state, number.Slice(0, sizeof(int)));
        Hash.Update(HashAlgorithm.Sha256, state, part);
    }

    private static Span<byte> Finish(Span<byte> state, Span<byte> digest)
    {
        Hash.Finish(HashAlgorithm.Sha256, state, digest);
        CryptographicOperations.ZeroMemory(state);
        return digest.Slice(0, MarkBytes);
    }

    private static bool HasShape(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || bytes[0] != Format || bytes[SessionIdBytesAt] > MaxSessionIdBytes || bytes[ZeroAt] != 0)
        {
            return false;
        }

        int ticketBytes = BinaryPrimitives.ReadUInt16LittleEndian(bytes.Slice(TicketBytesAt));
        uint lifetime = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(LifetimeAt));
        var session = new Session(bytes);
        if (bytes.Length != HeaderBytes + bytes[SessionIdBytesAt] + ticketBytes || lifetime > MaxLifetimeSeconds || session.IssuedAtUnixSeconds <= 0)
        {
            return false;
        }

        bool is13 = CipherSuite.Is13(session.Suite);
        return is13
            ? session.Version == TlsVersions.Tls13 && ticketBytes != 0 && bytes[SessionIdBytesAt] == 0 && lifetime != 0
            : session.Version == TlsVersions.Tls12 && bytes.Length != HeaderBytes;
    }

    private bool IsIn(in Profile profile)
    {
        return profile.Offers(Version) && Ticket.Length <= profile.MaxTicketBytes
            && (Version == TlsVersions.Tls13 ? CipherSuite.OffersHash13(profile, CipherSuite.HashOf(Suite)) : CipherSuite.IsOffered(profile, Suite));
    }
}
