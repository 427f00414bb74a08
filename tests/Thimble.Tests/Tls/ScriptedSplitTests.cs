using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Any split of the input, any size of the destination and any grant of work gives the same connection.</summary>
public sealed class ScriptedSplitTests
{
    private static readonly Lazy<ScriptedReplay> Ecdsa = new(() => ScriptedReplay.Record(
        new ScriptedServer { AsksForCertificate = true, Alpn = "mqtt", MaxFragmentLength = 2, AuthorityBytes = 40 }, () => Client()));

    private static readonly Lazy<ScriptedReplay> Rsa = new(() => ScriptedReplay.Record(
        new ScriptedServer { Suite = ScriptedSuite.RsaChaCha, Group = ScriptedGroup.P384, Identity = ScriptedIdentity.Of("RSA-2048"), AsksForCertificate = true },
        () => new ScriptedClient { Image = ScriptedIdentity.Of("RSA-2048").Image("RSA-2048") }));

    public static TheoryData<bool> Both() => [false, true];

    [Theory]
    [MemberData(nameof(Both))]
    public void Byte_by_byte_into_a_destination_of_one_byte(bool rsa)
    {
        ScriptedReplay replay = rsa ? Rsa.Value : Ecdsa.Value;
        ScriptedClient client = replay.MakeClient();
        ScriptedClient narrow = new() { Image = client.Image, Alpn = client.Alpn, DestinationBytes = 1 };
        AssertSame(replay, narrow, replay.Whole.Select(static b => (byte[])[b]));
    }

    [Theory]
    [MemberData(nameof(Both))]
    public void One_unit_of_work_per_call(bool rsa)
    {
        ScriptedReplay replay = rsa ? Rsa.Value : Ecdsa.Value;
        ScriptedClient client = replay.MakeClient();
        AssertSame(replay, new ScriptedClient { Image = client.Image, Alpn = client.Alpn, Work = 1 }, [replay.Whole]);
        AssertSame(replay, new ScriptedClient { Image = client.Image, Alpn = client.Alpn, Work = 1, DestinationBytes = 3 }, replay.Whole.Chunk(5));
    }

    [Fact]
    public void Every_split_in_two()
    {
        for (int at = 1; at < Ecdsa.Value.Whole.Length; at++)
        {
            AssertSame(Ecdsa.Value, Ecdsa.Value.MakeClient(), ScriptedReplay.Cut(Ecdsa.Value.Whole, at));
        }

        for (int at = 1; at < Rsa.Value.Whole.Length; at += 97)
        {
            AssertSame(Rsa.Value, Rsa.Value.MakeClient(), ScriptedReplay.Cut(Rsa.Value.Whole, at));
        }
    }

    [Fact]
    public void Two_hundred_splits_in_many()
    {
        var random = new Random(42);
        for (int i = 0; i < 200; i++)
        {
            ScriptedReplay replay = i % 10 == 9 ? Rsa.Value : Ecdsa.Value;
            int length = replay.Whole.Length;
            IEnumerable<int> positions = Enumerable.Range(0, random.Next(2, 40)).Select(_ => random.Next(length)).Order().ToArray();
            ScriptedClient client = replay.MakeClient();
            var other = new ScriptedClient { Image = client.Image, Alpn = client.Alpn, DestinationBytes = random.Next(1, 200), Work = random.Next(0, 50) };
            AssertSame(replay, other, ScriptedReplay.Cut(replay.Whole, positions));
        }
    }

    [Theory]
    [InlineData(16384)]
    [InlineData(100)]
    [InlineData(1)]
    public void A_certificate_message_of_16_kB_in_records_of_any_size(int fragmentBytes)
    {
        TestCertificate root = ScriptedIdentity.Of("P-256").Root;
        TestCertificate leaf = TestPki.Make(new CertificateRecipe { Key = ScriptedIdentity.Of("P-256").Key, Ballast = 15_000 }, root);
        Connects(new ScriptedServer { Chain = [leaf.Der, new byte[500]], FirstFlight = m => Wire.Records(Wire.Handshake, Wire.Join(m), fragmentBytes) });
    }

    [Theory]
    [InlineData(16000)]
    [InlineData(7)]
    public void A_certificate_request_with_16_kB_of_authorities(int fragmentBytes) => Connects(
        new ScriptedServer { AsksForCertificate = true, AuthorityBytes = 16_000, FirstFlight = m => Wire.Records(Wire.Handshake, Wire.Join(m), fragmentBytes) });

    [Fact]
    public void Finished_in_single_bytes() => Connects(new ScriptedServer
    {
        SecondFlight = s => [.. Wire.Record(Wire.ChangeCipherSpec, [1]), .. Wire.Join(s.FinishedMessage().Select(b => s.Seal(Wire.Handshake, [b])))],
    });

    [Theory]
    [InlineData(0, 1024)]
    [InlineData(1, 1024)]
    [InlineData(100, 1024)]
    [InlineData(60_000, 60_000)]
    public void Windows_may_be_smaller_than_a_message_or_larger_than_a_record(int outWindow, int inWindow)
    {
        using var server = new ScriptedServer { AsksForCertificate = true };
        ScriptedClient client = new ScriptedClient
        {
            Image = ScriptedIdentity.Of("P-256").Image("RSA-2048"), Profile = ScriptedClient.Everything with { OutWindowBytes = outWindow, InWindowBytes = inWindow }, DestinationBytes = 7,
        }.Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.InRange(server.LongestRecord, 1, 16384);
        ScriptedHandshakeTests.AssertDataBothWays(client, server);
    }

    private static ScriptedClient Client() => new() { Image = ScriptedIdentity.Of("P-256").Image("P-256"), Alpn = "mqtt" };

    private static void Connects(ScriptedServer server)
    {
        using (server)
        {
            ScriptedClient client = new ScriptedClient { Image = ScriptedIdentity.Of("P-256").Image("P-256") }.Prepare();
            Assert.Equal(TlsStatus.Complete, client.Connect(server));
            ScriptedHandshakeTests.AssertDataBothWays(client, server);
        }
    }

    private static void AssertSame(ScriptedReplay replay, ScriptedClient client, IEnumerable<byte[]> pieces)
    {
        Assert.StartsWith("Closed True None", replay.Outcome, StringComparison.Ordinal);
        Assert.Equal(replay.Outcome, ScriptedReplay.Play(client, pieces).Outcome);
    }
}
