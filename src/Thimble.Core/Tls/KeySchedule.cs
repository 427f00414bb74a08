using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// What the pseudorandom function makes of the premaster secret: RFC 5246 §8.1, §6.3 and §7.4.9, with the extended
/// master secret of RFC 7627 §4. Each function yields the next secret from the one before. Leaks: nothing.
/// </summary>
internal static class KeySchedule
{
    /// <summary>The length of the master secret.</summary>
    public const int MasterSecretBytes = 48;

    /// <summary>
    /// master_secret = PRF(pre_master_secret, "extended master secret", session_hash), or the older form with both
    /// randoms where the profile tolerates a server without it.
    /// </summary>
    public static void DeriveMasterSecret(scoped in Connection connection)
    {
        HashAlgorithm hash = connection.SuiteHash;
        Span<byte> secret = connection.Buffer[RegionId.MasterSecret];
        ReadOnlySpan<byte> premaster = Premaster(connection);
        Span<byte> scratch = connection.Buffer[RegionId.HashScratch];
        if (connection.Is(ConnectionFlags.ExtendedMasterSecret))
        {
            Span<byte> sessionHash = scratch.Slice(0, Hash.DigestBytes(hash));
            Span<byte> rest = scratch.Slice(Hash.MaxDigestBytes);
            Transcript.Digest(connection, hash, sessionHash, rest);
            Prf12.Expand(hash, premaster, "extended master secret"u8, sessionHash, default, secret, rest);
            return;
        }

        Prf12.Expand(hash, premaster, "master secret"u8, BothRandoms(connection), default, secret, scratch);
    }

    private static Span<byte> Premaster(scoped in Connection connection)
    {
        int agreedBytes = KeyAgreement.SharedSecretBytes((NamedGroup)connection.State.Group);
        return KeyExchanges.IsShared(connection.State.SuiteFacts.KeyExchange)
            ? PskPremaster.Compose(connection, agreedBytes)
            : connection.Buffer[RegionId.PremasterSecret].Slice(0, agreedBytes);
    }

    /// <summary>key_block = PRF(master_secret, "key expansion", server_random + client_random).</summary>
    public static void DeriveTrafficKeys(scoped in Connection connection)
    {
        ReadOnlySpan<byte> randoms = BothRandoms(connection);
        Prf12.Expand(
            connection.SuiteHash, connection.Buffer[RegionId.MasterSecret], "key expansion"u8,
            randoms.Slice(ClientHello.RandomBytes), randoms.Slice(0, ClientHello.RandomBytes),
            RecordProtection.KeyBlock(connection), connection.Buffer[RegionId.HashScratch]);
        KeyLog.WriteRandom(connection);
        KeyLog.Write(connection, KeyLogLabel.MasterSecret, connection.Buffer[RegionId.MasterSecret].Slice(0, MasterSecretBytes));
        Exporter.Keep12(connection);
        RecordProtection.ResetSequenceNumbers(connection);
    }

    /// <summary>verify_data = PRF(master_secret, label, Hash(handshake_messages)).</summary>
    public static void ComputeVerifyData(scoped in Connection connection, ReadOnlySpan<byte> label, Span<byte> verifyData)
    {
        HashAlgorithm hash = connection.SuiteHash;
        Span<byte> scratch = connection.Buffer[RegionId.HashScratch];
        Span<byte> digest = scratch.Slice(0, Hash.DigestBytes(hash));
        Span<byte> rest = scratch.Slice(Hash.MaxDigestBytes);
        Transcript.Digest(connection, hash, digest, rest);
        Prf12.Expand(hash, connection.Buffer[RegionId.MasterSecret], label, digest, default, verifyData, rest);
    }

    /// <summary>The client's random and the server's behind it.</summary>
    public static Span<byte> BothRandoms(scoped in Connection connection) =>
        connection.Buffer[RegionId.Randoms].Slice(0, 2 * ClientHello.RandomBytes);

    /// <summary>The scratch that the functions above share.</summary>
    public static int ScratchBytes(HashAlgorithm hash)
    {
        int copy = Hash.StateBytes(hash);
        int prf = Prf12.ScratchBytes(hash);
        return Hash.MaxDigestBytes + (copy > prf ? copy : prf);
    }
}
