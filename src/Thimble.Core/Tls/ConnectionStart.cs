using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Tls;

/// <summary>What comes before the first message: what the user gave is checked, and the generator is seeded.</summary>
internal static class ConnectionStart
{
    /// <summary>The least entropy for a connection: 32 bytes of strength 256 bits, and a nonce of half of that (SP 800-90A §8.6.7).</summary>
    public const int SeedBytes = 48;

    /// <summary>The shortest key shared beforehand that is accepted, and the longest (RFC 4279 §5.3 asks for no more).</summary>
    private const uint MinSharedKeyBytes = 16;
    public const uint MaxSharedKeyBytes = 64;

    private const int SecondsPerDay = 86400;

    /// <summary>Refuses what could not lead to a verified connection, before a byte is sent.</summary>
    public static bool CheckConfig(scoped in Connection connection)
    {
        ref readonly TlsConfig config = ref connection.Config;
        Algorithms missing = AlgorithmNeeds.Missing(config.Profile, AlgorithmNeeds.InThisBuild);
        if (missing != Algorithms.None)
        {
            return connection.Fail(FaultReason.NotInThisBuild, (uint)AlgorithmNeeds.InThisBuild, (uint)missing);
        }

        connection.State.SendLimitBytes = (ushort)int.Max(1, int.Min(config.Profile.OutWindowBytes, RecordHeader.MaxContentBytes)); // never nothing, for ever
        Fault fault = default;
        if (!RomImage.TryOpen(config.RomImage, connection.Buffer[RegionId.SeedScratch], out RomImage rom, ref fault))
        {
            return connection.FailWith(fault);
        }

        return CheckTrust(connection, rom) && CheckPreSharedKey(connection) && CheckNames(connection) && CheckClientKey(connection) && CheckSession(connection);
    }

    /// <summary>
    /// RULES 24: the seed is mixed with a value derived from the private key (the idea of RFC 8937) and with the boot
    /// counter, so that a board whose entropy is weak does not repeat itself. A key that is elsewhere adds nothing secret. The seed is wiped.
    /// </summary>
    public static bool SeedGenerator(scoped in Connection connection)
    {
        Span<byte> seed = connection.Config.Seed;
        Span<byte> scratch = connection.Buffer[RegionId.SeedScratch];
        if (!IsUsable(connection, seed))
        {
            return connection.Fail(FaultReason.SeedUnusable, SeedBytes, (uint)seed.Length);
        }

        Span<byte> personalization = scratch.Slice(0, PersonalizationBytes);
        Span<byte> rest = scratch.Slice(PersonalizationBytes);
        BinaryPrimitives.WriteUInt32BigEndian(personalization.Slice(32), connection.Config.BootCounter);
        Hmac.Initialize(HashAlgorithm.Sha256, rest, connection.Rom.ClientKey);
        Hmac.Update(HashAlgorithm.Sha256, rest, "Thimble generator"u8);
        Hmac.Finish(HashAlgorithm.Sha256, rest, connection.Rom.ClientKey, personalization.Slice(0, 32));
        bool seeded = HmacDrbg.Instantiate(connection.Buffer[RegionId.Drbg], seed.Slice(0, 32), seed.Slice(32), personalization, rest);
        CryptographicOperations.ZeroMemory(seed);
        return seeded || connection.Fail(FaultReason.SeedUnusable, SeedBytes, (uint)seed.Length);
    }

    /// <summary>The scratch that seeding needs.</summary>
    public static int ScratchBytes
    {
        get
        {
            int hmac = Hash.StateBytes(HashAlgorithm.Sha256);
            return PersonalizationBytes + (hmac > HmacDrbg.ScratchBytes ? hmac : HmacDrbg.ScratchBytes);
        }
    }

    /// <summary>A digest of the private key, and the boot counter, to a multiple of eight.</summary>
    private const int PersonalizationBytes = 40;

    /// <summary>Certificates are judged by anchors or pins and by a clock. Where there are neither a shared key can stand for all.</summary>
    private static bool CheckTrust(scoped in Connection connection, RomImage rom)
    {
        long now = connection.Config.NowUnixSeconds;
        if (!rom.HasTrust)
        {
            return SuiteOffer.HasSharedKey(connection) || connection.Fail(FaultReason.NoTrustAnchor);
        }

        if (now <= 0)
        {
            return connection.Fail(FaultReason.TimeUnknown);
        }

        return now >= rom.BakedAtUnixSeconds || connection.Fail(FaultReason.ClockBeforeBakeDate, Days(rom.BakedAtUnixSeconds), Days(now));
    }

    /// <summary>
    /// A shared key is given whole or not at all. One under 128 bits can be guessed from a single recorded handshake (RFC 8446 §E.7), and
    /// in TLS 1.3 a suite must have its hash.
    /// </summary>
    private static bool CheckPreSharedKey(scoped in Connection connection)
    {
        ref readonly TlsConfig config = ref connection.Config;
        if (config.PreSharedKey.IsEmpty)
        {
            return true;
        }

        if (!Features.PreSharedKeys)
        {
            return connection.Fail(FaultReason.PreSharedKeyInvalid);
        }

        uint longest = config.Profile.PskModes != PskModes.None ? (uint)int.Clamp(config.Profile.MaxPskIdentityBytes, 0, ushort.MaxValue) : 0;
        uint identity = (uint)connection.SharedKey.Identity.Length;
        uint key = (uint)connection.SharedKey.Key.Length;
        if (identity == 0 || identity > longest)
        {
            return connection.Fail(FaultReason.PreSharedKeyInvalid, identity == 0 ? 1 : longest, identity);
        }

        if (key is < MinSharedKeyBytes or > MaxSharedKeyBytes)
        {
            return connection.Fail(FaultReason.PreSharedKeyInvalid, key < MinSharedKeyBytes ? MinSharedKeyBytes : MaxSharedKeyBytes, key);
        }

        return !connection.Offers13 || CipherSuite.OffersHash13(config.Profile, connection.SharedKey.Hash)
            || connection.Fail(FaultReason.ProfileOffersNothing);
    }

    private static bool CheckNames(scoped in Connection connection)
    {
        ref readonly TlsConfig config = ref connection.Config;
        if (!ServerName.IsUsable(config.ServerName, config.Profile.MaxServerNameBytes))
        {
            return connection.Fail(FaultReason.ServerNameInvalid, (uint)config.Profile.MaxServerNameBytes, (uint)config.ServerName.Length);
        }

        int longest = int.Min(config.Profile.MaxAlpnBytes, byte.MaxValue); // RFC 7301 §3.1: ProtocolName<1..2^8-1>
        return config.Alpn.Length <= longest || connection.Fail(FaultReason.AlpnInvalid, (uint)longest, (uint)config.Alpn.Length);
    }

    /// <summary>The registers for signing are planned for keys of one size at most and in one place.</summary>
    private static bool CheckClientKey(scoped in Connection connection)
    {
        PrivateKey key = connection.ClientKey;
        if (key.Kind == KeyKind.None)
        {
            return true;
        }

        ref readonly Profile profile = ref connection.Config.Profile;
        int planned = key.IsElsewhere == profile.ClientKeyElsewhere ? PlannedBits(profile, key.Kind) : 0;
        return key.Bits <= planned || connection.Fail(FaultReason.ClientKeyNotInProfile, (uint)planned, (uint)key.Bits);
    }

    private static int PlannedBits(in Profile profile, KeyKind kind)
    {
        switch (kind)
        {
            case KeyKind.Rsa:
                return profile.ClientRsaBits;
            case KeyKind.Ed25519:
                return profile.ClientEd25519 ? 8 * Ed25519.PublicKeyBytes : 0;
            default:
                return profile.ClientEcdsaBits;
        }
    }

    /// <summary>A session that does not fit any more is let go, and the handshake is a full one; one that is damaged is not passed over.</summary>
    /// <remarks>
    /// Only one identity goes out. Where nothing but the shared key could vouch for the server, a session that it forgot would leave
    /// nothing to go on with.
    /// </remarks>
    private static bool CheckSession(scoped in Connection connection)
    {
        ReadOnlySpan<byte> session = connection.Config.Session;
        if (!Features.PreSharedKeys || session.IsEmpty)
        {
            return true;
        }

        SessionFit fit = Session.Judge(session, connection.Config, connection.Buffer[RegionId.SeedScratch]);
        if (fit == SessionFit.Fits && !(Features.Tls13 && PreSharedKey13.IsOnlyWay(connection)))
        {
            connection.Set(ConnectionFlags.SessionOffered);
        }

        return fit != SessionFit.Malformed || connection.Fail(FaultReason.SessionInvalid, Session.HeaderBytes, (uint)session.Length);
    }

    /// <summary>
    /// A seed of one repeated byte is no entropy, and one that this buffer saw last time is none any more: a mark of 32
    /// bits of its hash outlives the connection.
    /// </summary>
    private static bool IsUsable(scoped in Connection connection, ReadOnlySpan<byte> seed)
    {
        if (seed.Length < SeedBytes || IsOneByteRepeated(seed))
        {
            return false;
        }

        Span<byte> scratch = connection.Buffer[RegionId.SeedScratch];
        Span<byte> digest = scratch.Slice(0, 32);
        Span<byte> state = scratch.Slice(PersonalizationBytes);
        Hash.Initialize(HashAlgorithm.Sha256, state);
        Hash.Update(HashAlgorithm.Sha256, state, seed);
        Hash.Finish(HashAlgorithm.Sha256, state, digest);
        uint mark = BinaryPrimitives.ReadUInt32LittleEndian(digest);
        bool repeated = mark == connection.Buffer.SeedMark;
        connection.Buffer.SeedMark = mark;
        return !repeated;
    }

    private static bool IsOneByteRepeated(ReadOnlySpan<byte> bytes)
    {
        foreach (byte b in bytes)
        {
            if (b != bytes[0])
            {
                return false;
            }
        }

        return true;
    }

    private static uint Days(long unixSeconds) => (uint)(unixSeconds / SecondsPerDay);
}
