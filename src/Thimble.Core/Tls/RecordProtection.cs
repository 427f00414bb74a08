using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Seals and opens records with an AEAD (RFC 5246 §6.2.3.3; RFC 5288 for GCM, RFC 7905 for ChaCha20). The region
/// <see cref="RegionId.TrafficKeys"/> holds the two sequence numbers and the key block of RFC 5246 §6.3; round keys are
/// expanded for each record. Leaks: the lengths of records, and nothing else.
/// </summary>
internal static class RecordProtection
{
    private const int SequenceBytes = 8;
    private const int KeyBlockAt = 2 * SequenceBytes;
    private const int AdditionalDataBytes = 13;

    /// <summary>
    /// The blocks that one key may encrypt: 2^34, about the 2^24.5 records of 16 kB after which RFC 8446 §5.5 wants a
    /// new key for AES-GCM.
    /// </summary>
    private const int BlockLimitBits = 34;

    /// <summary>The size of the region for suites with keys and fixed nonces of those sizes.</summary>
    public static int RegionBytes(int keyBytes, int nonceBytes) => KeyBlockAt + (2 * (keyBytes + nonceBytes));

    /// <summary>The scratch that one record needs: nonce, additional data, and the cipher's own registers.</summary>
    public static int ScratchBytes(int aeadScratchBytes) => AeadScratchAt + aeadScratchBytes;

    /// <summary>Where the key block goes, for the key schedule to write: all of it, in the order of RFC 5246 §6.3.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Span<byte> KeyBlock(scoped in Connection connection)
    {
        AeadAlgorithm aead = CipherSuite.AeadOf(connection.State.Suite);
        int bytes = 2 * (Aead.KeyBytes(aead) + CipherSuite.FixedNonceBytes(aead));
        return connection.Buffer[RegionId.TrafficKeys].Slice(KeyBlockAt, bytes);
    }

    /// <summary>Sets both sequence numbers to 0, as each new key demands (RFC 5246 §6.1).</summary>
    public static void ResetSequenceNumbers(scoped in Connection connection) =>
        connection.Buffer[RegionId.TrafficKeys].Slice(0, KeyBlockAt).Clear();

    /// <summary>How many bytes a sealed record has beyond its content, header included.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Overhead(scoped in Connection connection) =>
        RecordHeader.Bytes + CipherSuite.ExplicitNonceBytes(CipherSuite.AeadOf(connection.State.Suite)) + Aead.TagBytes;

    /// <summary>
    /// Seals <paramref name="content"/> into <paramref name="record"/>, which has room for it and the overhead. The
    /// content may already stand there, in its place. Returns the record's length, or 0 after a fault. An alert, the last
    /// record of all, may go beyond the limit of the key, which leaves room for it.
    /// </summary>
    public static int Seal(scoped in Connection connection, ContentType type, ReadOnlySpan<byte> content, Span<byte> record)
    {
        Span<byte> keys = connection.Buffer[RegionId.TrafficKeys];
        if (type != ContentType.Alert && !TakeSequenceNumber(connection, keys.Slice(0, SequenceBytes), connection.Config.Profile.OutWindowBytes))
        {
            return 0;
        }

        WriteNonceAndData(connection, own: true, type, content.Length, keys.Slice(0, SequenceBytes));
        SealContent(connection, content, record.Slice(Overhead(connection) - Aead.TagBytes, content.Length + Aead.TagBytes));
        EndRecord(connection, type, content.Length, record);
        return Overhead(connection) + content.Length;
    }

    /// <summary>The cipher itself, with nothing else in its frame: beneath it the stack is deepest.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SealContent(scoped in Connection connection, ReadOnlySpan<byte> content, Span<byte> ciphertextAndTag)
    {
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        Aead.Seal(
            CipherSuite.AeadOf(connection.State.Suite), Key(connection, own: true), scratch.Slice(0, Aead.NonceBytes), Data(scratch), content,
            ciphertextAndTag.Slice(0, content.Length), ciphertextAndTag.Slice(content.Length), scratch.Slice(AeadScratchAt));
    }

    /// <summary>Writes what stands before the ciphertext, and goes on to the next sequence number.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndRecord(scoped in Connection connection, ContentType type, int contentBytes, Span<byte> record)
    {
        Span<byte> sequence = connection.Buffer[RegionId.TrafficKeys].Slice(0, SequenceBytes);
        int explicitBytes = CipherSuite.ExplicitNonceBytes(CipherSuite.AeadOf(connection.State.Suite));
        RecordHeader.Write(record, type, explicitBytes + contentBytes + Aead.TagBytes);
        sequence.Slice(0, explicitBytes).CopyTo(record.Slice(RecordHeader.Bytes));
        AddOne(sequence);
    }

    /// <summary>
    /// Opens the fragment of a record into <paramref name="content"/>, which may be the fragment's own ciphertext. The
    /// tag is verified first: on a fault nothing was written.
    /// </summary>
    public static bool Open(scoped in Connection connection, ContentType type, ReadOnlySpan<byte> fragment, Span<byte> content)
    {
        Span<byte> sequence = connection.Buffer[RegionId.TrafficKeys].Slice(SequenceBytes, SequenceBytes);
        if (!TakeSequenceNumber(connection, sequence, connection.Config.Profile.InWindowBytes))
        {
            return false;
        }

        int explicitBytes = CipherSuite.ExplicitNonceBytes(CipherSuite.AeadOf(connection.State.Suite));
        int length = ContentBytes(connection, fragment.Length);
        WriteNonceAndData(connection, own: false, type, length, fragment.Slice(0, explicitBytes));
        bool opened = OpenContent(connection, fragment.Slice(explicitBytes), content.Slice(0, length));
        AddOne(sequence);
        return opened || connection.Fail(FaultReason.BadRecordMac);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool OpenContent(scoped in Connection connection, ReadOnlySpan<byte> ciphertextAndTag, Span<byte> content)
    {
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        return Aead.Open(
            CipherSuite.AeadOf(connection.State.Suite), Key(connection, own: false), scratch.Slice(0, Aead.NonceBytes), Data(scratch),
            ciphertextAndTag.Slice(0, content.Length), ciphertextAndTag.Slice(content.Length), content, scratch.Slice(AeadScratchAt));
    }

    /// <summary>How many bytes of content a fragment of that length carries; negative where it is too short to be one.</summary>
    public static int ContentBytes(scoped in Connection connection, int fragmentBytes) =>
        fragmentBytes + RecordHeader.Bytes - Overhead(connection);

    private const int DataAt = 16;
    private const int AeadScratchAt = DataAt + 16;

    private static ReadOnlySpan<byte> Data(Span<byte> scratch) => scratch.Slice(DataAt, AdditionalDataBytes);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<byte> Key(scoped in Connection connection, bool own)
    {
        int keyBytes = Aead.KeyBytes(CipherSuite.AeadOf(connection.State.Suite));
        return KeyBlock(connection).Slice(own ? 0 : keyBytes, keyBytes);
    }

    /// <summary>
    /// The nonce: the key block's part and the explicit part (RFC 5288 §3), or the key block's nonce with the sequence
    /// number added bit by bit (RFC 7905 §2). The additional data: sequence number, type, version, length.
    /// </summary>
    private static void WriteNonceAndData(scoped in Connection connection, bool own, ContentType type, int length, ReadOnlySpan<byte> explicitNonce)
    {
        AeadAlgorithm aead = CipherSuite.AeadOf(connection.State.Suite);
        int fixedBytes = CipherSuite.FixedNonceBytes(aead);
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        ReadOnlySpan<byte> sequence = connection.Buffer[RegionId.TrafficKeys].Slice(own ? 0 : SequenceBytes, SequenceBytes);
        int nonceAt = (2 * Aead.KeyBytes(aead)) + (own ? 0 : fixedBytes);
        KeyBlock(connection).Slice(nonceAt, fixedBytes).CopyTo(scratch);
        if (Features.ChaCha20Poly1305 && aead == AeadAlgorithm.ChaCha20Poly1305)
        {
            for (int i = 0; i < SequenceBytes; i++)
            {
                scratch[i + 4] ^= sequence[i];
            }
        }
        else
        {
            explicitNonce.CopyTo(scratch.Slice(fixedBytes));
        }

        Span<byte> data = scratch.Slice(DataAt, AdditionalDataBytes);
        sequence.CopyTo(data);
        RecordHeader.Write(data.Slice(SequenceBytes), type, length);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TakeSequenceNumber(scoped in Connection connection, ReadOnlySpan<byte> sequence, int windowBytes)
    {
        uint blocksPerRecord = ((uint)windowBytes >> 4) + 2;
        uint high = BinaryPrimitives.ReadUInt32BigEndian(sequence);
        uint low = BinaryPrimitives.ReadUInt32BigEndian(sequence.Slice(4));
        bool exhausted = high != 0 || WideMultiply.Public(low, blocksPerRecord) >> BlockLimitBits != 0;
        return !exhausted || connection.Fail(FaultReason.SequenceExhausted);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddOne(Span<byte> sequence) =>
        BinaryPrimitives.WriteUInt64BigEndian(sequence, BinaryPrimitives.ReadUInt64BigEndian(sequence) + 1);
}
