using System;
using System.Collections.Generic;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>RFC 5246 §6.2.1: where records begin and end means nothing to the messages in them, and where input is cut means nothing at all.</summary>
public sealed class ScriptedRecordPropertyTests
{
    private const int RecordHeaderBytes = 5;

    private static readonly Lazy<ScriptedReplay> Replay = new(() => ScriptedReplay.Record(
        new ScriptedServer { AsksForCertificate = true, AuthorityBytes = 40 },
        () => new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image("P-256") }));

    [Fact]
    public void Messages_are_the_same_in_records_and_pieces_of_any_length() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonEmptyArray<byte>>(), ArbMap.Default.ArbFor<NonEmptyArray<byte>>(), static (records, pieces) =>
        {
            ScriptedReplay replay = Replay.Value;
            byte[] framed = [.. InRecords(Messages(replay.First), records.Get), .. replay.Second, .. replay.Data];
            return replay.Play(Cut(framed, pieces.Get)).Outcome == replay.Outcome;
        }).QuickCheckThrowOnFailure();

    /// <summary>What the handshake records carry, one behind the other.</summary>
    private static byte[] Messages(byte[] records)
    {
        List<byte> content = [];
        for (int at = 0; at < records.Length;)
        {
            int length = (records[at + 3] << 8) | records[at + 4];
            content.AddRange(records.AsSpan(at + RecordHeaderBytes, length));
            at += RecordHeaderBytes + length;
        }

        return [.. content];
    }

    private static byte[] InRecords(byte[] content, byte[] lengths)
    {
        List<byte> records = [];
        foreach (byte[] fragment in Cut(content, lengths))
        {
            records.AddRange([Wire.Handshake, 3, 3, .. Wire.Vector16(fragment)]);
        }

        return [.. records];
    }

    /// <summary>Pieces of these lengths and one more byte each, again and again until the end.</summary>
    private static IEnumerable<byte[]> Cut(byte[] bytes, byte[] lengths)
    {
        int at = 0;
        for (int i = 0; at < bytes.Length; i++)
        {
            int length = Math.Min(1 + lengths[i % lengths.Length], bytes.Length - at);
            yield return bytes[at..(at + length)];
            at += length;
        }
    }
}
