using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using Thimble.Crypto;
using Thimble.Memory;
using HashAlgorithm = Thimble.Crypto.HashAlgorithm;

namespace Thimble.Tls;

/// <summary>
/// Moves a connection out of its buffer and into another one (RULES 6). Parked, it is a header, which is authenticated, and
/// the regions that outlive a record, sealed with the record cipher of the connection's own suite, whose scratch
/// is planned, under a key that belongs to the caller's key and to all of the header. Integers are little-endian.
/// <code>
///  0 u8 version of the layout    2 u16 bytes of all      8 u64 generation
///  1 u8 cipher                   4 u32 profile digest   16 mark of the content   24 sealed regions, and the tag
/// </code>
/// The mark is a MAC over what is sealed. It is part of the header, and so of the key: two connections that a store
/// parks under one key and one generation by mistake still share no key and no nonce (the idea of RFC 5297).
/// Leaks: what the header says, and the sizes of the regions.
/// </summary>
internal static class Parking
{
    /// <summary>The size of the caller's key.</summary>
    public const int KeyBytes = 32;

    private const int HeaderBytes = 24;
    private const int GenerationAt = 8;
    private const int MarkAt = 16;

    // The scratch, in the out window, which is empty: the derived key, the nonce, and the registers of HMAC.
    private const int NonceAt = KeyBytes;
    private const int RegistersAt = NonceAt + 16;

    private static ReadOnlySpan<byte> Purpose => "Thimble parked connection"u8;

    private static ReadOnlySpan<byte> PurposeOfMark => "Thimble mark of a parked connection"u8;

    /// <summary>What is kept of a connection, in this order: control comes first, for it says how much there is of the last one.</summary>
    private static ReadOnlySpan<RegionId> Kept =>
    [
        RegionId.Control, RegionId.MqttSession, RegionId.MqttTopic, RegionId.MqttRollback, RegionId.MqttInFlight, RegionId.TrafficSecrets, RegionId.SessionSecret, RegionId.ExporterSecret, RegionId.TrafficKeys,
    ];

    /// <summary>The part of the out window that is used as scratch; the shortest one is longer.</summary>
    public static int ScratchBytes => RegistersAt + Hash.StateBytes(HashAlgorithm.Sha256);

    /// <summary>The most that a connection of a plan takes.</summary>
    public static int MaxBytes(ref RegionSet regions, bool offers12)
    {
        int sum = HeaderBytes + Aead.TagBytes;
        foreach (RegionId id in Kept)
        {
            int bytes = regions[id].Bytes;
            sum += id == RegionId.TrafficKeys && !offers12 ? RecordProtection.SequencesBytes : bytes;
        }

        return sum;
    }

    /// <summary>Whether the key may be one: a key of one repeated byte is none that was drawn.</summary>
    public static bool IsKey(ReadOnlySpan<byte> key)
    {
        if (key.Length != KeyBytes)
        {
            return false;
        }

        uint differences = 0;
        foreach (byte next in key)
        {
            differences |= (uint)(next ^ key[0]);
        }

        return differences != 0;
    }

    /// <summary>Whether the connection stands between records and between messages, with nothing under way.</summary>
    public static ParkStatus Judge(scoped in Connection connection)
    {
        const ConnectionFlags Ended = ConnectionFlags.WriteClosed | ConnectionFlags.ReadClosed;
        const ConnectionFlags OwesOutput = ConnectionFlags.AlertPending | ConnectionFlags.KeyUpdateOwed | ConnectionFlags.KeyUpdateWanted;
        const ConnectionFlags Reads = ConnectionFlags.KeyChangePending | ConnectionFlags.Streaming | ConnectionFlags.Unverified
            | ConnectionFlags.Committed | ConnectionFlags.Withdrawn;
        ref ConnectionState state = ref connection.State;
        if (state.State != ClientState.Connected || connection.Is(Ended))
        {
            return ParkStatus.NotConnected;
        }

        if (connection.Is(OwesOutput) || OutgoingRecords.ArePending(connection))
        {
            return ParkStatus.OutputPending;
        }

        if (connection.Is(ConnectionFlags.SessionReady))
        {
            return ParkStatus.SessionWaiting;
        }

        bool inRecord = state.RecordType != ContentType.None || state.RecordProgress.Step != 0 || state.RecordProgress.FieldBytes != 0 || state.InEnd != 0;
        return connection.Is(Reads) || inRecord || IncomingRecords.IsBetweenParts(connection) ? ParkStatus.InputPending : ParkStatus.Parked;
    }

    /// <summary>How many bytes the connection takes.</summary>
    public static int Bytes(scoped in Connection connection)
    {
        int sum = HeaderBytes + Aead.TagBytes;
        foreach (RegionId id in Kept)
        {
            sum += Part(connection, id).Length;
        }

        return sum;
    }

    /// <summary>Seals the connection into <paramref name="parked"/>, which has exactly its size, and wipes the whole buffer.</summary>
    public static void Seal(scoped in Connection connection, ReadOnlySpan<byte> key, ulong generation, Span<byte> parked)
    {
        AeadAlgorithm aead = Cipher(connection.State.SuiteFacts.Aead);
        Span<byte> header = parked.Slice(0, HeaderBytes);
        header[0] = PlanHeader.ExpectedVersion;
        header[1] = (byte)aead;
        BinaryPrimitives.WriteUInt16LittleEndian(header.Slice(2), (ushort)parked.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.Slice(4), connection.Buffer.ProfileDigest);
        BinaryPrimitives.WriteUInt64LittleEndian(header.Slice(GenerationAt), generation);

        Span<byte> content = parked.Slice(HeaderBytes, parked.Length - HeaderBytes - Aead.TagBytes);
        Span<byte> rest = content;
        foreach (RegionId id in Kept)
        {
            ReadOnlySpan<byte> part = Part(connection, id);
            part.CopyTo(rest);
            rest = rest.Slice(part.Length);
        }

        Span<byte> scratch = connection.Buffer[RegionId.OutWindow];
        Authenticate(key, PurposeOfMark, content, scratch);
        scratch.Slice(0, HeaderBytes - MarkAt).CopyTo(header.Slice(MarkAt));
        DeriveKey(key, header, scratch);
        Aead.Seal(
            aead, scratch.Slice(0, Aead.KeyBytes(aead)), scratch.Slice(NonceAt, Aead.NonceBytes), header, content, content,
            parked.Slice(parked.Length - Aead.TagBytes), connection.Buffer[RegionId.AeadScratch]);
        connection.Buffer.Wipe(RegionId.MqttInFlight); // it outlives a phase, and what moves is nowhere twice
        connection.Buffer.Enter(Phase.None);
    }

    /// <summary>
    /// Opens <paramref name="parked"/> in its place, moves what it holds into the regions, and wipes it. The buffer is fresh.
    /// False after a fault, and then nothing was moved.
    /// </summary>
    public static bool Open(scoped in Connection connection, ReadOnlySpan<byte> key, ulong generation, Span<byte> parked)
    {
        if (!IsFor(connection, generation, parked))
        {
            return false;
        }

        connection.Buffer.Enter(Phase.Connected);
        bool opened = Unseal(connection, key, parked);
        connection.Buffer.Wipe(RegionId.OutWindow);
        if (!opened)
        {
            return connection.Fail(FaultReason.ParkedStateInvalid);
        }

        bool restored = Restore(connection, parked.Slice(HeaderBytes, parked.Length - HeaderBytes - Aead.TagBytes));
        CryptographicOperations.ZeroMemory(parked);
        return restored;
    }

    /// <summary>Judges the header, which the tag has still to vouch for: what it says only decides why nothing is opened.</summary>
    private static bool IsFor(scoped in Connection connection, ulong generation, ReadOnlySpan<byte> parked)
    {
        ref readonly Profile profile = ref connection.Config.Profile;
        Algorithms missing = AlgorithmNeeds.Missing(profile, AlgorithmNeeds.InThisBuild);
        if (missing != Algorithms.None)
        {
            return connection.Fail(FaultReason.NotInThisBuild, (uint)AlgorithmNeeds.InThisBuild, (uint)missing);
        }

        if (parked.Length < HeaderBytes + ConnectionState.Bytes + Aead.TagBytes)
        {
            return connection.Fail(FaultReason.ParkedStateInvalid, HeaderBytes + ConnectionState.Bytes + Aead.TagBytes, (uint)parked.Length);
        }

        uint digest = BinaryPrimitives.ReadUInt32LittleEndian(parked.Slice(4));
        ulong sealedGeneration = BinaryPrimitives.ReadUInt64LittleEndian(parked.Slice(GenerationAt));
        uint bytes = BinaryPrimitives.ReadUInt16LittleEndian(parked.Slice(2));
        if (parked[0] != PlanHeader.ExpectedVersion)
        {
            return connection.Fail(FaultReason.ParkedVersionMismatch, PlanHeader.ExpectedVersion, parked[0]);
        }

        if (digest != connection.Buffer.ProfileDigest)
        {
            return connection.Fail(FaultReason.ParkedProfileMismatch, connection.Buffer.ProfileDigest, digest);
        }

        if (sealedGeneration != generation)
        {
            return connection.Fail(FaultReason.GenerationUsed, (uint)generation, (uint)sealedGeneration);
        }

        return bytes == parked.Length || connection.Fail(FaultReason.ParkedStateInvalid, bytes, (uint)parked.Length);
    }

    private static bool Unseal(scoped in Connection connection, ReadOnlySpan<byte> key, Span<byte> parked)
    {
        Span<byte> registers = connection.Buffer[RegionId.AeadScratch];
        var aead = (AeadAlgorithm)parked[1];
        if (!IsKey(key) || Aead.KeyBytes(aead) == 0 || Aead.TagBytesOf(aead) != Aead.TagBytes || Aead.ScratchBytes(aead) > registers.Length)
        {
            return false;
        }

        Span<byte> scratch = connection.Buffer[RegionId.OutWindow];
        Span<byte> header = parked.Slice(0, HeaderBytes);
        Span<byte> content = parked.Slice(HeaderBytes, parked.Length - HeaderBytes - Aead.TagBytes);
        DeriveKey(key, header, scratch);
        bool opened = Aead.Open(
            aead, scratch.Slice(0, Aead.KeyBytes(aead)), scratch.Slice(NonceAt, Aead.NonceBytes), header, content,
            parked.Slice(parked.Length - Aead.TagBytes), content, registers);
        connection.Buffer.Wipe(RegionId.AeadScratch);
        return opened;
    }

    /// <summary>In TLS 1.3 the keys follow from their secrets.</summary>
    private static bool Restore(scoped in Connection connection, ReadOnlySpan<byte> content)
    {
        content.Slice(0, ConnectionState.Bytes).CopyTo(connection.Buffer[RegionId.Control]);
        if (Bytes(connection) != HeaderBytes + content.Length + Aead.TagBytes)
        {
            connection.State = default;
            return connection.Fail(FaultReason.ParkedStateInvalid);
        }

        foreach (RegionId id in Kept)
        {
            if (Features.Tls13 && id == RegionId.TrafficKeys && connection.Is13)
            {
                KeySchedule13.DeriveKeysAgain(connection);
            }

            Span<byte> part = Part(connection, id);
            content.Slice(0, part.Length).CopyTo(part);
            content = content.Slice(part.Length);
        }

        return true;
    }

    /// <summary>What is kept of a region: all of it, but of the keys of TLS 1.3 the sequence numbers only.</summary>
    private static Span<byte> Part(scoped in Connection connection, RegionId id)
    {
        Span<byte> region = connection.Buffer[id];
        return id == RegionId.TrafficKeys && connection.Is13 ? region.Slice(0, RecordProtection.SequencesBytes) : region;
    }

    /// <summary>The suite's own cipher, with the longest tag.</summary>
    private static AeadAlgorithm Cipher(AeadAlgorithm aead) =>
        aead == AeadAlgorithm.Aes128Ccm8 ? AeadAlgorithm.Aes128Ccm : aead == AeadAlgorithm.Aes256Ccm8 ? AeadAlgorithm.Aes256Ccm : aead;

    /// <summary>
    /// HMAC(the caller's key, purpose + header) is a key for one use, and a cipher with a shorter one takes its front. The
    /// generation is the nonce.
    /// </summary>
    private static void DeriveKey(ReadOnlySpan<byte> key, ReadOnlySpan<byte> header, Span<byte> scratch)
    {
        Authenticate(key, Purpose, header, scratch);
        Span<byte> nonce = scratch.Slice(NonceAt, Aead.NonceBytes);
        nonce.Clear();
        header.Slice(GenerationAt, sizeof(ulong)).CopyTo(nonce.Slice(Aead.NonceBytes - sizeof(ulong)));
    }

    /// <summary>HMAC(the caller's key, purpose + message), to the start of the scratch.</summary>
    private static void Authenticate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> purpose, ReadOnlySpan<byte> message, Span<byte> scratch)
    {
        Span<byte> registers = scratch.Slice(RegistersAt);
        Hmac.Initialize(HashAlgorithm.Sha256, registers, key);
        Hmac.Update(HashAlgorithm.Sha256, registers, purpose);
        Hmac.Update(HashAlgorithm.Sha256, registers, message);
        Hmac.Finish(HashAlgorithm.Sha256, registers, key, scratch.Slice(0, KeyBytes));
    }
}
