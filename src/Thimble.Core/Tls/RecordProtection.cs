using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>
/// Seals and opens records with an AEAD (RFC 5246 §6.2.3.3; RFC 5288 for GCM, RFC 6655 for CCM, RFC 7905 for ChaCha20; RFC 8446 §5.2). The region
/// <see cref="RegionId.TrafficKeys"/> holds the two sequence numbers and the key block of RFC 5246 §6.3; round keys are
/// expanded for each record. Leaks: the lengths of records, and nothing else.
/// </summary>
internal static class RecordProtection
{
    /// <summary>The two sequence numbers, at the start of the region.</summary>
    public const int SequencesBytes = 2 * SequenceBytes;

    private const int SequenceBytes = 8;
    private const int KeyBlockAt = SequencesBytes;
    private const int AdditionalDataBytes = 13;

    /// <summary>
    /// The blocks that one key may encrypt: 2^34, about the 2^24.5 records of 16 kB after which RFC 8446 §5.5 wants a
    /// new key for AES-GCM.
    /// </summary>
    private const int BlockLimitBits = 34;

    /// <summary>
    /// The records that one key may protect with AES-CCM, whatever their size: 2^23 (RFC 9147 §4.5.3). The limits for
    /// forgeries there, of which tags of 8 bytes have none that is safe, bind nobody here: the first one ends the connection.
    /// </summary>
    private const int CcmRecordLimitBits = 23;

    /// <summary>The size of the region for suites with keys and fixed nonces of those sizes.</summary>
    public static int RegionBytes(int keyBytes, int nonceBytes) => KeyBlockAt + (2 * (keyBytes + nonceBytes));

    /// <summary>The scratch that one record needs: nonce, additional data, and the cipher's own registers.</summary>
    public static int ScratchBytes(int aeadScratchBytes) => AeadScratchAt + aeadScratchBytes;

    /// <summary>The sequence number of one direction.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Span<byte> Sequence(scoped in Connection connection, bool own) =>
        connection.Buffer[RegionId.TrafficKeys].Slice(own ? 0 : SequenceBytes, SequenceBytes);

    /// <summary>Where the key block goes, for the key schedule to write: all of it, in the order of RFC 5246 §6.3.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Span<byte> KeyBlock(scoped in Connection connection)
    {
        SuiteFacts facts = connection.State.SuiteFacts;
        int bytes = 2 * (Aead.KeyBytes(facts.Aead) + facts.FixedNonceBytes);
        return connection.Buffer[RegionId.TrafficKeys].Slice(KeyBlockAt, bytes);
    }

    /// <summary>Sets both sequence numbers to 0, as each new key demands (RFC 5246 §6.1).</summary>
    public static void ResetSequenceNumbers(scoped in Connection connection) =>
        connection.Buffer[RegionId.TrafficKeys].Slice(0, KeyBlockAt).Clear();

    /// <summary>How many bytes a sealed record has beyond its content, header included.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Overhead(scoped in Connection connection) =>
        RecordHeader.Bytes + connection.State.SuiteFacts.ExplicitNonceBytes + InnerTypeBytes(connection) + TagBytes(connection);

    /// <summary>The size of the tag behind each record.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int TagBytes(scoped in Connection connection) => Aead.TagBytesOf(connection.State.SuiteFacts.Aead);

    /// <summary>
    /// Seals <paramref name="content"/> into <paramref name="record"/>, which has room for it and the overhead. The
    /// content may already stand there, in its place. Returns the record's length, or 0 after a fault. An alert, the last
    /// record of all, may go beyond the limit of the key, which leaves room for it.
    /// </summary>
    public static int Seal(scoped in Connection connection, ContentType type, ReadOnlySpan<byte> content, Span<byte> record)
    {
        Span<byte> keys = connection.Buffer[RegionId.TrafficKeys];
        if (type != ContentType.Alert && !TakeSequenceNumber(connection, keys.Slice(0, SequenceBytes), own: true))
        {
            return 0;
        }

        if (connection.Goes13)
        {
            content = AppendType(type, content, record.Slice(RecordHeader.Bytes));
            type = ContentType.ApplicationData;
        }

        int start = RecordHeader.Bytes + connection.State.SuiteFacts.ExplicitNonceBytes;
        WriteNonceAndData(connection, own: true, type, content.Length, keys.Slice(0, SequenceBytes));
        int length = content.Length + TagBytes(connection);
        SealContent(connection, content, record.Slice(start, length));
        EndRecord(connection, type, length, record);
        return start + length;
    }

    /// <summary>The cipher itself, with nothing else in its frame: beneath it the stack is deepest.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SealContent(scoped in Connection connection, ReadOnlySpan<byte> content, Span<byte> ciphertextAndTag)
    {
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        Aead.Seal(
            connection.State.SuiteFacts.Aead, Key(connection, own: true), scratch.Slice(0, Aead.NonceBytes), Data(connection), content,
            ciphertextAndTag.Slice(0, content.Length), ciphertextAndTag.Slice(content.Length), scratch.Slice(AeadScratchAt));
    }

    /// <summary>Writes what stands before the ciphertext, and goes on to the next sequence number.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void EndRecord(scoped in Connection connection, ContentType type, int sealedBytes, Span<byte> record)
    {
        Span<byte> sequence = connection.Buffer[RegionId.TrafficKeys].Slice(0, SequenceBytes);
        int explicitBytes = connection.State.SuiteFacts.ExplicitNonceBytes;
        RecordHeader.Write(record, type, explicitBytes + sealedBytes);
        sequence.Slice(0, explicitBytes).CopyTo(record.Slice(RecordHeader.Bytes));
        AddOne(sequence);
    }

    /// <summary>
    /// Opens the fragment of a record into <paramref name="content"/>, which may be the fragment's own ciphertext. The
    /// tag is verified first: on a fault nothing was written. In TLS 1.3 its type and its padding stand behind the content.
    /// </summary>
    public static bool Open(scoped in Connection connection, ContentType type, ReadOnlySpan<byte> fragment, Span<byte> content)
    {
        Span<byte> sequence = connection.Buffer[RegionId.TrafficKeys].Slice(SequenceBytes, SequenceBytes);
        if (!TakeSequenceNumber(connection, sequence, own: false))
        {
            return false;
        }

        int explicitBytes = connection.State.SuiteFacts.ExplicitNonceBytes;
        int length = fragment.Length - explicitBytes - TagBytes(connection);
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
            connection.State.SuiteFacts.Aead, Key(connection, own: false), scratch.Slice(0, Aead.NonceBytes), Data(connection),
            ciphertextAndTag.Slice(0, content.Length), ciphertextAndTag.Slice(content.Length), content, scratch.Slice(AeadScratchAt));
    }

    /// <summary>Begins a record that is opened in pieces. False after a fault, which no tag could turn into another.</summary>
    public static bool BeginPieces(scoped in Connection connection, scoped ref RecordStream stream)
    {
        if (!TakeSequenceNumber(connection, Sequence(connection, own: false), own: false))
        {
            return false;
        }

        WriteNonceAndData(connection, own: false, connection.State.RecordType, stream.Total, ExplicitNonce(connection, ref stream));
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        AeadPieces.Begin(
            connection.State.SuiteFacts.Aead, Key(connection, own: false), scratch.Slice(0, Aead.NonceBytes), Data(connection), stream.Total, stream.Sum,
            scratch.Slice(AeadScratchAt));
        return true;
    }

    /// <summary>
    /// Decrypts the next piece of a record in its place, before its tag is known. The last one comes with the tag; false
    /// if that does not verify, and no fault is noted.
    /// </summary>
    public static bool OpenPiece(scoped in Connection connection, scoped ref RecordStream stream, Span<byte> piece, ReadOnlySpan<byte> tag)
    {
        WriteNonceAndData(connection, own: false, connection.State.RecordType, stream.Total, ExplicitNonce(connection, ref stream));
        bool opened = OpenPieceContent(connection, ref stream, piece, tag);
        if (!tag.IsEmpty)
        {
            AddOne(Sequence(connection, own: false));
        }

        return opened;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool OpenPieceContent(scoped in Connection connection, scoped ref RecordStream stream, Span<byte> piece, ReadOnlySpan<byte> tag)
    {
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        return AeadPieces.Open(
            connection.State.SuiteFacts.Aead, Key(connection, own: false), scratch.Slice(0, Aead.NonceBytes), Data(connection).Length,
            stream.Opened, piece, tag, stream.Sum, scratch.Slice(AeadScratchAt));
    }

    private static ReadOnlySpan<byte> ExplicitNonce(scoped in Connection connection, ref RecordStream stream) =>
        ((ReadOnlySpan<byte>)stream.ExplicitNonce).Slice(0, connection.State.SuiteFacts.ExplicitNonceBytes);

    /// <summary>How many bytes of content a fragment of that length carries; negative where it is too short to be one.</summary>
    public static int ContentBytes(scoped in Connection connection, int fragmentBytes) =>
        fragmentBytes + RecordHeader.Bytes - Overhead(connection);

    private const int DataAt = 16;
    private const int AeadScratchAt = DataAt + 16;

    /// <summary>The additional data: in TLS 1.3 the record's header alone (RFC 8446 §5.2).</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ReadOnlySpan<byte> Data(scoped in Connection connection)
    {
        Span<byte> data = connection.Buffer[RegionId.AeadScratch].Slice(DataAt, AdditionalDataBytes);
        return connection.Goes13 ? data.Slice(SequenceBytes) : data;
    }

    private static int InnerTypeBytes(scoped in Connection connection) => connection.Goes13 ? 1 : 0;

    /// <summary>TLSInnerPlaintext (RFC 8446 §5.2) without padding, made in the place where it is sealed.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Span<byte> AppendType(ContentType type, ReadOnlySpan<byte> content, Span<byte> place)
    {
        content.CopyTo(place);
        place[content.Length] = (byte)type;
        return place.Slice(0, content.Length + 1);
    }

    /// <summary>The raw key of one direction.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Span<byte> Key(scoped in Connection connection, bool own)
    {
        int keyBytes = Aead.KeyBytes(connection.State.SuiteFacts.Aead);
        return connection.Buffer[RegionId.TrafficKeys].Slice(KeyBlockAt + (own ? 0 : keyBytes), keyBytes);
    }

    /// <summary>The nonce of one direction, or the part of it that the keys give.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Span<byte> FixedNonce(scoped in Connection connection, bool own)
    {
        SuiteFacts facts = connection.State.SuiteFacts;
        int bytes = facts.FixedNonceBytes;
        int at = KeyBlockAt + (2 * Aead.KeyBytes(facts.Aead));
        return connection.Buffer[RegionId.TrafficKeys].Slice(at + (own ? 0 : bytes), bytes);
    }

    /// <summary>
    /// The nonce: the key block's part and the explicit part (RFC 5288 §3, RFC 6655 §3), or the key block's nonce with the sequence
    /// number added bit by bit (RFC 7905 §2, RFC 8446 §5.3). The additional data: sequence number, type, version, length;
    /// in TLS 1.3 without the sequence number, and with the length of the whole fragment.
    /// </summary>
    private static void WriteNonceAndData(scoped in Connection connection, bool own, ContentType type, int length, ReadOnlySpan<byte> explicitNonce)
    {
        Span<byte> fixedNonce = FixedNonce(connection, own);
        Span<byte> scratch = connection.Buffer[RegionId.AeadScratch];
        ReadOnlySpan<byte> sequence = Sequence(connection, own);
        fixedNonce.CopyTo(scratch);
        if (fixedNonce.Length == Aead.NonceBytes)
        {
            for (int i = 0; i < SequenceBytes; i++)
            {
                scratch[i + 4] ^= sequence[i];
            }
        }
        else
        {
            explicitNonce.CopyTo(scratch.Slice(fixedNonce.Length));
        }

        Span<byte> data = scratch.Slice(DataAt, AdditionalDataBytes);
        sequence.CopyTo(data);
        RecordHeader.Write(data.Slice(SequenceBytes), type, connection.Goes13 ? length + TagBytes(connection) : length);
    }

    /// <summary>Whether a key is half used up (RULES 8): in TLS 1.3 it is time for another one.</summary>
    public static bool IsNearLimit(scoped in Connection connection, bool own) => IsBeyondLimit(connection, Sequence(connection, own), own, halvings: 1);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TakeSequenceNumber(scoped in Connection connection, ReadOnlySpan<byte> sequence, bool own)
    {
        return !IsBeyondLimit(connection, sequence, own, halvings: 0) || connection.FailNow(FaultReason.SequenceExhausted);
    }

    /// <summary>The server's records may be of any size, whatever the window.</summary>
    private static bool IsBeyondLimit(scoped in Connection connection, ReadOnlySpan<byte> sequence, bool own, int halvings)
    {
        bool ccm = Features.AesCcm && Aead.IsCcm(connection.State.SuiteFacts.Aead);
        uint longestContent = (uint)(own ? connection.Config.Profile.OutWindowBytes : RecordHeader.MaxContentBytes);
        uint costOfRecord = ccm ? 1 : (longestContent >> 4) + 2;
        int limitBits = (ccm ? CcmRecordLimitBits : BlockLimitBits) - halvings;
        uint high = BinaryPrimitives.ReadUInt32BigEndian(sequence);
        uint low = BinaryPrimitives.ReadUInt32BigEndian(sequence.Slice(4));
        return high != 0 || WideMultiply.Public(low, costOfRecord) >> limitBits != 0;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddOne(Span<byte> sequence) =>
        BinaryPrimitives.WriteUInt64BigEndian(sequence, BinaryPrimitives.ReadUInt64BigEndian(sequence) + 1);
}
