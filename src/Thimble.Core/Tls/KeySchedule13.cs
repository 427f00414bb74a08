using System;
using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// The key schedule of RFC 8446 §7.1. It holds one secret at a time in <see cref="RegionId.MasterSecret"/>, and each
/// function replaces it by the next one, so that there is no way back. Leaks: nothing.
/// </summary>
internal static class KeySchedule13
{
    // The scratch: a digest, a secret in transit, and the registers of HKDF.
    private const int TransitAt = Hash.MaxDigestBytes;
    private const int RegistersAt = TransitAt + Hash.MaxDigestBytes;

    /// <summary>The scratch that the functions here share: while keys are agreed on that of the hashes, and later, between records, that of the cipher.</summary>
    public static int ScratchBytes(HashAlgorithm hash)
    {
        int copy = Hash.StateBytes(hash);
        int expand = HkdfLabel.ScratchBytes(hash);
        return RegistersAt + (copy > expand ? copy : expand);
    }

    /// <summary>
    /// From the PSK and the shared secret, zeros for what there is none of, to the handshake secret, both traffic secrets over the transcript so far, their keys, and
    /// the master secret, which needs nothing more.
    /// </summary>
    public static void EnterHandshake(scoped in Connection connection)
    {
        Span<byte> secret = Secret(connection);
        Span<byte> scratch = connection.Buffer[RegionId.HashScratch];
        ExtractEarly(connection.SuiteHash, Features.PreSharedKeys && connection.Is(ConnectionFlags.PskSelected) ? PreSharedKey13.Key(connection) : default, secret, scratch);
        ExtractNext(connection, SharedSecret(connection));
        Span<byte> transcript = TranscriptDigest(connection, scratch);
        Derive(connection, "tls13 c hs traffic"u8, transcript, TrafficSecret(connection, own: true), scratch);
        Derive(connection, "tls13 s hs traffic"u8, transcript, TrafficSecret(connection, own: false), scratch);
        KeyLog.Write(connection, KeyLogLabel.ClientHandshakeTrafficSecret, TrafficSecret(connection, own: true));
        KeyLog.Write(connection, KeyLogLabel.ServerHandshakeTrafficSecret, TrafficSecret(connection, own: false));
        ExtractNext(connection, default);
        DeriveKeys(connection, own: true, scratch);
        DeriveKeys(connection, own: false, scratch);
    }

    /// <summary>
    /// From the master secret to both application secrets, over the transcript up to the server's Finished. The server's
    /// takes effect; ours takes the place of the master secret until our Finished is out. Where sessions are kept, the master
    /// secret itself waits for our Finished too.
    /// </summary>
    public static void EnterApplication(scoped in Connection connection)
    {
        DeriveApplicationSecrets(connection);
        DeriveKeys(connection, own: false, connection.Buffer[RegionId.AeadScratch]);
        connection.Buffer.Wipe(RegionId.AeadScratch);
    }

    /// <summary>Apart from the keys that follow: the stack is deepest beneath both.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void DeriveApplicationSecrets(scoped in Connection connection)
    {
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        Span<byte> transcript = TranscriptDigest(connection, scratch);
        Span<byte> transit = scratch.Slice(TransitAt, transcript.Length);
        Derive(connection, "tls13 s ap traffic"u8, transcript, TrafficSecret(connection, own: false), scratch);
        Derive(connection, "tls13 c ap traffic"u8, transcript, transit, scratch);
        KeyLog.Write(connection, KeyLogLabel.ServerTrafficSecret, TrafficSecret(connection, own: false));
        KeyLog.Write(connection, KeyLogLabel.ClientTrafficSecret, transit);
        KeepForExport(connection, transcript, scratch);
        if (!SessionSecret(connection).IsEmpty)
        {
            Secret(connection).CopyTo(SessionSecret(connection));
        }

        transit.CopyTo(Secret(connection));
    }

    /// <summary>Our Finished is out: our application secret takes effect.</summary>
    public static void ProtectApplicationData(scoped in Connection connection)
    {
        Secret(connection).CopyTo(TrafficSecret(connection, own: true));
        DeriveKeys(connection, own: true, connection.Buffer[RegionId.HashScratch]);
    }

    /// <summary>
    /// Our Finished, not sent yet, is the last message: resumption_master_secret covers it, and takes the place of the master
    /// secret that waited. What sessions are bound to stands behind it from now on: a connection that was parked may go on under
    /// another configuration. Nothing happens where no sessions are kept.
    /// </summary>
    public static void KeepForSessions(scoped in Connection connection, ReadOnlySpan<byte> finished)
    {
        Span<byte> secret = SessionSecret(connection);
        if (!Features.PreSharedKeys || secret.IsEmpty)
        {
            return;
        }

        Transcript.Update(connection, finished);
        Span<byte> scratch = connection.Buffer[RegionId.HashScratch];
        Span<byte> transcript = TranscriptDigest(connection, scratch);
        Span<byte> transit = scratch.Slice(TransitAt, transcript.Length);
        HkdfLabel.Expand(connection.SuiteHash, secret, "tls13 res master"u8, transcript, transit, scratch.Slice(RegistersAt));
        transit.CopyTo(secret);
        Session.ComputeBinding(connection.Config, scratch).CopyTo(SessionBinding(connection));
    }

    /// <summary>What the connection's sessions are bound to.</summary>
    public static Span<byte> SessionBinding(scoped in Connection connection) =>
        connection.Buffer[RegionId.SessionSecret].Slice(Hash.DigestBytes(connection.SuiteHash), Session.MarkBytes);

    /// <summary>The PSK of a ticket, from resumption_master_secret and the ticket's nonce, whose place it takes (RFC 8446 §4.6.1).</summary>
    public static void DeriveSessionKey(scoped in Connection connection, Span<byte> key, int nonceBytes)
    {
        HashAlgorithm hash = connection.SuiteHash;
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        Span<byte> transit = scratch.Slice(TransitAt, Hash.DigestBytes(hash));
        HkdfLabel.Expand(hash, SessionSecret(connection), "tls13 resumption"u8, key.Slice(0, nonceBytes), transit, scratch.Slice(RegistersAt));
        key.Clear();
        transit.CopyTo(key);
        connection.Buffer.Wipe(RegionId.AeadScratch);
    }

    /// <summary>
    /// The binder of a ClientHello under a PSK: from the early secret over binder_key to a MAC of what was said so far, the
    /// truncated ClientHello last (RFC 8446 §4.2.11.2). Nothing of it stays.
    /// </summary>
    public static void ComputeBinder(
        scoped in Connection connection, HashAlgorithm hash, ReadOnlySpan<byte> key, ReadOnlySpan<byte> label, ReadOnlySpan<byte> truncated, Span<byte> binder)
    {
        Span<byte> scratch = connection.Buffer[RegionId.HashScratch];
        Span<byte> registers = scratch.Slice(RegistersAt);
        Span<byte> digest = scratch.Slice(0, Hash.DigestBytes(hash));
        Span<byte> transit = scratch.Slice(TransitAt, digest.Length);
        Span<byte> secret = connection.Buffer[RegionId.MasterSecret].Slice(0, digest.Length);
        ExtractEarly(hash, key, secret, scratch);
        DigestNothing(hash, digest, registers);
        HkdfLabel.Expand(hash, secret, label, digest, transit, registers);
        transit.CopyTo(secret);
        HkdfLabel.Expand(hash, secret, "tls13 finished"u8, default, transit, registers);
        Transcript.DigestWith(connection, hash, truncated, digest, registers);
        Hmac.Initialize(hash, registers, transit);
        Hmac.Update(hash, registers, digest);
        Hmac.Finish(hash, registers, transit, binder);
        connection.Buffer.Wipe(RegionId.HashScratch);
        connection.Buffer.Wipe(RegionId.MasterSecret);
    }

    /// <summary>application_traffic_secret_N+1 of one direction (RFC 8446 §7.2), and its keys. What held the old one is wiped.</summary>
    public static void Update(scoped in Connection connection, bool own)
    {
        UpdateSecret(connection, own);
        DeriveKeys(connection, own, connection.Buffer[RegionId.AeadScratch]);
        connection.Buffer.Wipe(RegionId.AeadScratch);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UpdateSecret(scoped in Connection connection, bool own)
    {
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        Span<byte> secret = TrafficSecret(connection, own);
        Span<byte> next = scratch.Slice(TransitAt, secret.Length);
        HkdfLabel.Expand(connection.SuiteHash, secret, "tls13 traffic upd"u8, default, next, scratch.Slice(RegistersAt));
        next.CopyTo(secret);
    }

    /// <summary>The keys of both directions from their secrets once more, for a connection that was parked without them. The sequence numbers become 0.</summary>
    public static void DeriveKeysAgain(scoped in Connection connection)
    {
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        DeriveKeys(connection, own: true, scratch);
        DeriveKeys(connection, own: false, scratch);
        connection.Buffer.Wipe(RegionId.AeadScratch);
    }

    /// <summary>verify_data = HMAC(finished_key, Transcript-Hash(all messages so far)) (RFC 8446 §4.4.4).</summary>
    public static void ComputeVerifyData(scoped in Connection connection, bool own, Span<byte> verifyData)
    {
        HashAlgorithm hash = connection.SuiteHash;
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        Span<byte> transcript = TranscriptDigest(connection, scratch);
        Span<byte> key = scratch.Slice(TransitAt, transcript.Length);
        Span<byte> registers = scratch.Slice(RegistersAt);
        HkdfLabel.Expand(hash, TrafficSecret(connection, own), "tls13 finished"u8, default, key, registers);
        Hmac.Initialize(hash, registers, key);
        Hmac.Update(hash, registers, transcript);
        Hmac.Finish(hash, registers, key, verifyData);
        connection.Buffer.Wipe(RegionId.AeadScratch);
    }

    /// <summary>The digest of all messages so far, at the start of the scratch.</summary>
    public static Span<byte> TranscriptDigest(scoped in Connection connection, Span<byte> scratch)
    {
        Span<byte> digest = scratch.Slice(0, Hash.DigestBytes(connection.SuiteHash));
        Transcript.Digest(connection, connection.SuiteHash, digest, scratch.Slice(RegistersAt));
        return digest;
    }

    /// <summary>The next secret: HKDF-Extract with Derive-Secret(., "derived", "") as the salt; no input means zeros.</summary>
    private static void ExtractNext(scoped in Connection connection, ReadOnlySpan<byte> input)
    {
        HashAlgorithm hash = connection.SuiteHash;
        Span<byte> scratch = connection.Buffer[RegionId.HashScratch];
        Span<byte> secret = Secret(connection);
        Span<byte> nothing = scratch.Slice(0, secret.Length);
        Span<byte> salt = scratch.Slice(TransitAt, secret.Length);
        Span<byte> registers = scratch.Slice(RegistersAt);
        DigestNothing(hash, nothing, registers);
        HkdfLabel.Expand(hash, secret, "tls13 derived"u8, nothing, salt, registers);
        secret.Clear();
        Hkdf.Extract(hash, salt, input.IsEmpty ? secret : input, secret, registers);
    }

    /// <summary>The first secret: HKDF-Extract with no salt; no PSK means zeros.</summary>
    private static void ExtractEarly(HashAlgorithm hash, ReadOnlySpan<byte> key, Span<byte> secret, Span<byte> scratch)
    {
        secret.Clear();
        Hkdf.Extract(hash, default, key.IsEmpty ? secret : key, secret, scratch.Slice(RegistersAt));
    }

    private static void DigestNothing(HashAlgorithm hash, Span<byte> digest, Span<byte> registers)
    {
        Hash.Initialize(hash, registers);
        Hash.Finish(hash, registers, digest);
    }

    private static void Derive(
        scoped in Connection connection, ReadOnlySpan<byte> label, ReadOnlySpan<byte> transcript, Span<byte> output, Span<byte> scratch) =>
        HkdfLabel.Expand(connection.SuiteHash, Secret(connection), label, transcript, output, scratch.Slice(RegistersAt));

    /// <summary>The key and the nonce of one direction (RFC 8446 §7.3), with a sequence number of 0.</summary>
    private static void DeriveKeys(scoped in Connection connection, bool own, Span<byte> scratch)
    {
        HashAlgorithm hash = connection.SuiteHash;
        Span<byte> secret = TrafficSecret(connection, own);
        Span<byte> registers = scratch.Slice(RegistersAt);
        HkdfLabel.Expand(hash, secret, "tls13 key"u8, default, RecordProtection.Key(connection, own), registers);
        HkdfLabel.Expand(hash, secret, "tls13 iv"u8, default, RecordProtection.FixedNonce(connection, own), registers);
        RecordProtection.Sequence(connection, own).Clear();
    }

    /// <summary>exporter_master_secret, over the same transcript, where the profile exports keys.</summary>
    private static void KeepForExport(scoped in Connection connection, ReadOnlySpan<byte> transcript, Span<byte> scratch)
    {
        if (Features.Exporters && !connection.Buffer[RegionId.ExporterSecret].IsEmpty)
        {
            Span<byte> secret = connection.Buffer[RegionId.ExporterSecret].Slice(0, transcript.Length);
            Derive(connection, "tls13 exp master"u8, transcript, secret, scratch);
            KeyLog.Write(connection, KeyLogLabel.ExporterSecret, secret);
        }
    }

    private static Span<byte> Secret(scoped in Connection connection) =>
        connection.Buffer[RegionId.MasterSecret].Slice(0, Hash.DigestBytes(connection.SuiteHash));

    private static Span<byte> SessionSecret(scoped in Connection connection)
    {
        Span<byte> region = Features.PreSharedKeys ? connection.Buffer[RegionId.SessionSecret] : default;
        return region.IsEmpty ? region : region.Slice(0, Hash.DigestBytes(connection.SuiteHash));
    }

    private static Span<byte> SharedSecret(scoped in Connection connection) => connection.State.Group == 0
        ? default
        : connection.Buffer[RegionId.PremasterSecret].Slice(0, KeyAgreement.SharedSecretBytes((NamedGroup)connection.State.Group));

    private static Span<byte> TrafficSecret(scoped in Connection connection, bool own)
    {
        int bytes = Hash.DigestBytes(connection.SuiteHash);
        return connection.Buffer[RegionId.TrafficSecrets].Slice(own ? 0 : bytes, bytes);
    }
}
