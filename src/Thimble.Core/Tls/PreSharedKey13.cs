using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// The key that ClientHello offers for TLS 1.3 (RFC 8446 §4.2.11): that of a session, or else one that was shared beforehand.
/// One identity goes out, so what the server may select is 0.
/// </summary>
internal static class PreSharedKey13
{
    /// <summary>The extensions without identity and binder: psk_key_exchange_modes with both modes, and pre_shared_key's own fields.</summary>
    private const int FieldBytes = (4 + 1 + 2) + (4 + 2 + 2 + 4 + 2 + 1);

    private const uint MillisecondsPerSecond = 1000;

    /// <summary>
    /// What the two extensions need at most in ClientHello. The room for a ticket is counted once: where TLS 1.2 is offered too, its
    /// own extension has it.
    /// </summary>
    public static int MaxHelloBytes(in Profile profile)
    {
        if (!Features.PreSharedKeys || (profile.MaxTicketBytes <= 0 && profile.PskModes == PskModes.None))
        {
            return 0;
        }

        int ticket = int.Max(profile.MaxTicketBytes, 0);
        int identity = profile.PskModes == PskModes.None ? 0 : int.Max(profile.MaxPskIdentityBytes, 0);
        int counted = profile.Offers(TlsVersions.Tls12) ? ticket : 0;
        int binder = Hash.DigestBytes(CipherSuite.OffersHash13(profile, HashAlgorithm.Sha384) ? HashAlgorithm.Sha384 : HashAlgorithm.Sha256);
        return FieldBytes + binder + int.Max(int.Max(ticket, identity) - counted, 0);
    }

    /// <summary>Whether the user and the profile give a key for TLS 1.3, a session's or a shared one.</summary>
    public static bool IsGiven(scoped in Connection connection) => connection.Offers13 && (GivesSession(connection) || GivesShared(connection));

    /// <summary>
    /// Whether the last ClientHello carried pre_shared_key, or the next one will. After a HelloRetryRequest a key of another hash
    /// than the suite's is left out (RFC 8446 §4.1.2).
    /// </summary>
    public static bool IsOffered(scoped in Connection connection) =>
        IsGiven(connection) && (connection.State.Retry == RetryState.None || HashOf(connection) == connection.SuiteHash);

    /// <summary>
    /// The modes to offer. A session goes on with a key agreement where the profile has a group; a shared key as the profile says.
    /// They stay the same in a second ClientHello.
    /// </summary>
    public static PskModes Modes(scoped in Connection connection)
    {
        ref readonly Profile profile = ref connection.Config.Profile;
        bool hasGroup = ClientHello13.PreferredGroup(profile) != NamedGroup.None;
        bool shared = GivesShared(connection);
        PskModes modes = shared || !hasGroup ? profile.PskModes : PskModes.PskWithDhe;
        return hasGroup ? modes : modes & PskModes.Psk;
    }

    /// <summary>Whether psk_key_exchange_modes goes out: with a key, and to be given tickets (RFC 8446 §4.2.9).</summary>
    public static bool SendsModes(scoped in Connection connection) =>
        Modes(connection) != PskModes.None && (IsGiven(connection) || connection.Config.Profile.MaxTicketBytes > 0);

    /// <summary>
    /// Whether nothing but the shared key could vouch for the server: there is no trust anchor, no group for a key agreement, or
    /// no signature algorithm.
    /// </summary>
    public static bool IsOnlyWay(scoped in Connection connection)
    {
        ref readonly Profile profile = ref connection.Config.Profile;
        bool certifies = connection.Rom.HasTrust && ClientHello13.PreferredGroup(profile) != NamedGroup.None && SignatureSchemes.AnyIsOffered(profile);
        return connection.Offers13 && SuiteOffer.HasSharedKey(connection) && !certifies;
    }

    /// <summary>The hash that the key belongs to.</summary>
    public static HashAlgorithm HashOf(scoped in Connection connection) =>
        GivesSession(connection) ? CipherSuite.HashOf(Offer(connection).Suite) : connection.SharedKey.Hash;

    /// <summary>The key. Secret.</summary>
    public static ReadOnlySpan<byte> Key(scoped in Connection connection) =>
        GivesSession(connection) ? Offer(connection).Secret : connection.SharedKey.Key;

    /// <summary>psk_key_exchange_modes (RFC 8446 §4.2.9).</summary>
    public static void WriteModes(scoped in Connection connection, ref ByteWriter writer)
    {
        PskModes modes = Modes(connection);
        int count = modes == (PskModes.Psk | PskModes.PskWithDhe) ? 2 : 1;
        writer.WriteUInt16((ushort)ExtensionType.PskKeyExchangeModes);
        writer.WriteUInt16((ushort)(1 + count));
        writer.WriteUInt8((byte)count);
        if ((modes & PskModes.PskWithDhe) != 0)
        {
            writer.WriteUInt8(1); // psk_dhe_ke
        }

        if ((modes & PskModes.Psk) != 0)
        {
            writer.WriteUInt8(0); // psk_ke
        }
    }

    /// <summary>The size of pre_shared_key.</summary>
    public static int OfferBytes(scoped in Connection connection) =>
        IsOffered(connection) ? 4 + 2 + 2 + Identity(connection).Length + 4 + BindersBytes(connection) : 0;

    /// <summary>pre_shared_key, the last extension, with room for the binder that <see cref="Bind"/> fills (RFC 8446 §4.2.11).</summary>
    public static void WriteOffer(scoped in Connection connection, ref ByteWriter writer)
    {
        ReadOnlySpan<byte> identity = Identity(connection);
        int binder = Hash.DigestBytes(HashOf(connection));
        writer.WriteUInt16((ushort)ExtensionType.PreSharedKey);
        writer.WriteUInt16((ushort)(OfferBytes(connection) - 4));
        writer.WriteUInt16((ushort)(2 + identity.Length + 4));
        writer.WriteUInt16((ushort)identity.Length);
        writer.Write(identity);
        uint age = ObfuscatedAge(connection);
        writer.WriteUInt16((ushort)(age >> 16));
        writer.WriteUInt16((ushort)age);
        writer.WriteUInt16((ushort)(1 + binder));
        writer.WriteUInt8((byte)binder);
        writer.Reserve(binder);
    }

    /// <summary>Fills the binder, now that all lengths of <paramref name="hello"/> stand: it covers everything before the binders (RFC 8446 §4.2.11.2).</summary>
    public static void Bind(scoped in Connection connection, Span<byte> hello)
    {
        ReadOnlySpan<byte> label = GivesSession(connection) ? "tls13 res binder"u8 : "tls13 ext binder"u8;
        ReadOnlySpan<byte> truncated = hello.Slice(0, hello.Length - BindersBytes(connection));
        KeySchedule13.ComputeBinder(connection, HashOf(connection), Key(connection), label, truncated, hello.Slice(truncated.Length + 3));
    }

    /// <summary>ServerHello selected the key: its hash must be the suite's, and the mode one that was offered (RFC 8446 §4.2.11).</summary>
    public static bool Accept(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        HashAlgorithm hash = HashOf(connection);
        PskModes offered = Modes(connection);
        PskModes mode = ServerExtensions.Saw(connection, ExtensionType.KeyShare) ? PskModes.PskWithDhe : PskModes.Psk;
        if (hash != connection.SuiteHash)
        {
            return connection.Fail(FaultReason.PskHashMismatch, 8 * (uint)Hash.DigestBytes(hash), state.Suite);
        }

        if ((offered & mode) == 0)
        {
            return connection.Fail(FaultReason.PskModeNotOffered, (uint)offered, (uint)mode);
        }

        state.Group = mode == PskModes.Psk ? (ushort)NamedGroup.None : state.Group;
        state.TrustedUntilMinutes = GivesSession(connection) ? Offer(connection).TrustedUntilMinutes : 0;
        return true;
    }

    private static bool GivesSession(scoped in Connection connection) =>
        Features.PreSharedKeys && connection.Is(ConnectionFlags.SessionOffered) && Offer(connection).Version == TlsVersions.Tls13;

    private static bool GivesShared(scoped in Connection connection) => SuiteOffer.HasSharedKey(connection) && !connection.Is(ConnectionFlags.SessionOffered);

    private static Session Offer(scoped in Connection connection) => Session.FromChecked(connection.Config.Session);

    private static ReadOnlySpan<byte> Identity(scoped in Connection connection) =>
        GivesSession(connection) ? Offer(connection).Ticket : connection.SharedKey.Identity;

    private static int BindersBytes(scoped in Connection connection) => 2 + 1 + Hash.DigestBytes(HashOf(connection));

    /// <summary>RFC 8446 §4.2.11.1: the ticket's age in milliseconds, hidden from those who listen; 0 for a key that is no ticket.</summary>
    private static uint ObfuscatedAge(scoped in Connection connection)
    {
        if (!GivesSession(connection))
        {
            return 0;
        }

        uint seconds = (uint)(connection.Config.NowUnixSeconds - Offer(connection).IssuedAtUnixSeconds);
        return unchecked((seconds * MillisecondsPerSecond) + Offer(connection).AgeAdd);
    }
}
