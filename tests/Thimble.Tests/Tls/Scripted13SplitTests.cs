using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>However the bytes of a TLS 1.3 connection are cut, it is the same connection.</summary>
public sealed class Scripted13SplitTests
{
    private static readonly Lazy<Scripted13Replay> Plain = new(static () => Scripted13Replay.Record(new ScriptedServer13(), Client(null)));

    private static readonly Lazy<Scripted13Replay> Retried = new(static () => Scripted13Replay.Record(
        new ScriptedServer13 { Group = ScriptedGroup.P256, Suite = ScriptedKeys13.ChaCha, Cookie = [1, 2, 3, 4, 5], AsksForCertificate = true, Alpn = "mqtt" }, Client("P-256")));

    [Fact]
    public void Whole() => Assert.All([Plain.Value, Retried.Value], static replay => Assert.StartsWith("Closed True None", replay.Outcome, StringComparison.Ordinal));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(64)]
    public void In_pieces_of_one_length(int bytes)
    {
        Assert.Equal(Plain.Value.Outcome, Plain.Value.Play(Plain.Value.Whole.Chunk(bytes)));
        Assert.Equal(Retried.Value.Outcome, Retried.Value.Play(Retried.Value.Whole.Chunk(bytes)));
    }

    [Fact]
    public void In_every_two_parts()
    {
        for (int at = 1; at < Plain.Value.Whole.Length; at++)
        {
            Assert.Equal(Plain.Value.Outcome, Plain.Value.Play(ScriptedReplay.Cut(Plain.Value.Whole, at)));
        }
    }

    [Fact]
    public void A_hello_retry_in_every_two_parts()
    {
        for (int at = 1; at < 250; at++)
        {
            Assert.Equal(Retried.Value.Outcome, Retried.Value.Play(ScriptedReplay.Cut(Retried.Value.Whole, at)));
        }
    }

    [Fact]
    public void In_200_random_ways()
    {
        var random = new Random(13);
        for (int round = 0; round < 200; round++)
        {
            IEnumerable<int> cuts = Enumerable.Range(0, random.Next(2, 40)).Select(_ => random.Next(Plain.Value.Whole.Length)).Order();
            Assert.Equal(Plain.Value.Outcome, Plain.Value.Play(ScriptedReplay.Cut(Plain.Value.Whole, [.. cuts])));
        }
    }

    /// <summary>Rule 2: any flip in what is encrypted is a bad record, and one in a header at worst something else that ends it.</summary>
    [Fact]
    public void Any_changed_bit_of_the_protected_flight_is_bad_record_mac()
    {
        byte[] whole = Plain.Value.Handshake;
        for (int record = RecordAfter(whole, 0); record < whole.Length; record = RecordAfter(whole, record))
        {
            for (int at = record + 5; whole[record] == 23 && at < RecordAfter(whole, record); at += 3)
            {
                byte[] changed = [.. whole];
                changed[at] ^= (byte)(1 << (at % 8));
                string outcome = Plain.Value.Play([changed]);
                Assert.Contains(" False BadRecordMac 20 ", outcome, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_connection_that_is_cut_off_anywhere_is_truncated()
    {
        byte[] whole = Plain.Value.Whole;
        for (int kept = 0; kept < whole.Length; kept += 7)
        {
            ScriptedClient client = ScriptedReplay.Play(Plain.Value.MakeClient(), [whole[..kept]]).Client;
            client.SourceEnded();
            Assert.Equal(FaultReason.TruncatedByPeer, client.Fault.Reason);
        }
    }

    private static int RecordAfter(byte[] bytes, int at) => at + 5 + (bytes[at + 3] << 8) + bytes[at + 4];

    private static Func<ScriptedClient> Client(string? kind) =>
        () => new ScriptedClient { Profile = Scripted13.Both, Image = ScriptedIdentity.Of("P-256").Image(kind), Alpn = kind is null ? "" : "mqtt" };
}
