using System;
using System.Linq;
using System.Text;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Suites of TLS 1.2 that go by a key which was shared beforehand: alone (RFC 4279) and with a key agreement (RFC 5489).</summary>
public sealed class SharedKey12Tests
{
    private const CipherSuites AloneSuites = CipherSuites.PskAes128GcmSha256 | CipherSuites.PskAes256GcmSha384 | CipherSuites.PskChaCha20Poly1305Sha256
        | CipherSuites.PskAes128Ccm | CipherSuites.PskAes128Ccm8;

    private const CipherSuites AgreedSuites = CipherSuites.EcdhePskAes128GcmSha256 | CipherSuites.EcdhePskAes256GcmSha384
        | CipherSuites.EcdhePskChaCha20Poly1305Sha256 | CipherSuites.EcdhePskAes128Ccm | CipherSuites.EcdhePskAes128Ccm8;

    private static readonly Profile s_alone = new()
    {
        Suites = AloneSuites, PskModes = PskModes.Psk, MaxPskIdentityBytes = 128, InWindowBytes = 1024, OutWindowBytes = 512, MaxServerNameBytes = 64,
    };

    private static readonly Profile s_every = ScriptedClient.Everything with
    {
        Suites = ScriptedClient.Everything.Suites | AloneSuites | AgreedSuites, PskModes = PskModes.Psk | PskModes.PskWithDhe, MaxPskIdentityBytes = 600,
    };

    private static readonly byte[] s_key = [.. Enumerable.Range(100, 32).Select(static i => (byte)i)];

    private static byte[] WithoutAnchors => new RomImageBuilder { WithoutAnchors = true }.Build(TestPki.Now.AddDays(-1));

    public static TheoryData<ushort, ushort> Agreements()
    {
        var data = new TheoryData<ushort, ushort>();
        foreach (ushort suite in new ushort[] { 0xD001, 0xD002, 0xCCAC, 0xD003, 0xD005 })
        {
            foreach (ushort group in new[] { ScriptedGroup.P256, ScriptedGroup.P384, ScriptedGroup.Curve25519 })
            {
                data.Add(suite, group);
            }
        }

        return data;
    }

    [Theory]
    [InlineData(0x00A8, null)]
    [InlineData(0x00A9, "")]
    [InlineData(0xC0A4, null)]
    [InlineData(0xC0A8, "hint")]
    [InlineData(0xCCAB, "ask for the key of the third floor")]
    public void A_shared_key_alone_connects_with_and_without_a_hint(ushort suite, string? hint)
    {
        foreach (Profile profile in new[] { s_alone, s_every })
        {
            using var server = new ScriptedServer { Suite = suite, SharedKey = s_key, Hint = hint is null ? null : Encoding.ASCII.GetBytes(hint) };
            ScriptedClient client = Client(profile).Prepare();
            AssertConnects(client, server);
            Assert.Equal(NamedGroup.None, client.Lens().Group);
        }
    }

    [Theory]
    [MemberData(nameof(Agreements))]
    public void A_shared_key_and_a_key_agreement_connect(ushort suite, ushort group)
    {
        using var server = new ScriptedServer { Suite = suite, Group = group, SharedKey = s_key, Hint = [.. "hint"u8] };
        ScriptedClient client = Client(s_every).Prepare();
        AssertConnects(client, server);
        Assert.Equal((NamedGroup)group, client.Lens().Group);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(128)]
    [InlineData(600)]
    public void Keys_and_identities_of_every_length_pass_in_records_no_longer_than_agreed(int identityBytes)
    {
        foreach (ushort suite in new ushort[] { 0x00A8, 0xD002 })
        {
            foreach (int keyBytes in new[] { 16, 33, 64 })
            {
                byte[] key = [.. Enumerable.Range(0, keyBytes).Select(static i => (byte)i)];
                using var server = new ScriptedServer { Suite = suite, Group = ScriptedGroup.P384, SharedKey = key, MaxFragmentLength = 1 };
                var client = new ScriptedClient
                {
                    Profile = s_every with { InWindowBytes = 512 }, SharedKey = key, SharedKeyIdentity = new string('i', identityBytes), Work = 20, DestinationBytes = 50,
                };
                Assert.Equal(TlsStatus.Complete, client.Prepare().Connect(server));
                Assert.Equal(identityBytes, server.Identified!.Length);
                Assert.InRange(server.LongestRecord, 1, 512);
            }
        }
    }

    /// <summary>Nothing can be negotiated that needs an anchor, a group or a signature, so none is asked for, and none planned.</summary>
    [Fact]
    public void A_profile_of_shared_keys_alone_needs_no_anchor_and_no_memory_for_certificates()
    {
        using var server = new ScriptedServer { Suite = 0x00A8, SharedKey = s_key };
        ScriptedClient client = new ScriptedClient { Profile = s_alone, Image = WithoutAnchors, SharedKey = s_key, SharedKeyIdentity = "device 7" }.Prepare();
        AssertConnects(client, server);
        Assert.Empty(server.OfferedExtensions.Intersect([10, 11, 13])); // groups, point formats, signature algorithms
        MemoryPlan plan = client.Plan;
        Assert.Equal((0, 0, 0), (plan[RegionId.ChainState].Bytes, plan[RegionId.LeafKey].Bytes, plan[RegionId.AgreementOperation].Bytes));
    }

    [Fact]
    public void Without_anchors_only_suites_of_the_shared_key_are_offered()
    {
        using var server = new ScriptedServer { Suite = 0xD001, SharedKey = s_key };
        AssertConnects(new ScriptedClient { Profile = s_every, Image = WithoutAnchors, SharedKey = s_key, SharedKeyIdentity = "device 7" }.Prepare(), server);
        Assert.DoesNotContain("C02B", Convert.ToHexString(server.ClientHello[35..60]));
    }

    [Fact]
    public void Without_a_shared_key_its_suites_are_not_offered_and_not_accepted()
    {
        using var server = new ScriptedServer();
        Assert.Equal(TlsStatus.Complete, new ScriptedClient { Profile = s_every }.Prepare().Connect(server));
        Assert.DoesNotContain("00A8", Convert.ToHexString(server.ClientHello[35..70]));
        ScriptedFault.Fails(
            new ScriptedServer { Suite = 0x00A8, SharedKey = s_key }, FaultReason.SuiteNotOffered, AlertDescription.IllegalParameter, Phase.Hello, 0, 0x00A8,
            new ScriptedClient { Profile = s_every });
    }

    [Theory]
    [InlineData(0x00A8)]
    [InlineData(0xD002)]
    public void A_session_under_a_shared_key_goes_on(ushort suite)
    {
        Profile profile = s_every with { MaxTicketBytes = 64 };
        using var first = new ScriptedServer { Suite = suite, SharedKey = s_key, Ticket = [1, 2, 3, 4] };
        ScriptedClient client = Client(profile).Prepare();
        AssertConnects(client, first);
        using var second = new ScriptedServer { Suite = suite, Resumes = first.Session };
        ScriptedClient resuming = new ScriptedClient { Profile = profile, SharedKey = s_key, SharedKeyIdentity = "device 7", Session = client.TakeSession() }.Prepare();
        Assert.Equal(TlsStatus.Complete, resuming.Connect(second));
        Assert.Equal((true, false), (resuming.Lens().Resumed, resuming.Lens().UsedPreSharedKey));
    }

    /// <summary>A session without a beginning has no end, and would be refused as damaged by the next connection.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Without_a_clock_no_session_is_kept(bool byTicket)
    {
        Profile profile = s_every with { MaxTicketBytes = 64 };
        using var server = new ScriptedServer { Suite = 0x00A8, SharedKey = s_key, SessionId = byTicket ? [] : [1, 2, 3], Ticket = byTicket ? [1, 2, 3, 4] : null };
        ScriptedClient client = new ScriptedClient { Profile = profile, Image = WithoutAnchors, SharedKey = s_key, SharedKeyIdentity = "device 7", Now = 0 }.Prepare();
        AssertConnects(client, server);
        Assert.False(client.Lens().HasSession);
        Assert.Empty(client.TakeSession());
    }

    /// <summary>Who claims to know the key has not proved it before Finished.</summary>
    [Fact]
    public void Nothing_says_that_the_key_was_used_before_it_was_proved()
    {
        ScriptedClient client = new ScriptedClient { Profile = s_every, SharedKey = s_key, SharedKeyIdentity = "device 7", Work = 5, Observe = ClaimsNothingEarly }.Prepare();
        using var server = new ScriptedServer { Suite = 0x00A8, SharedKey = s_key, VerifyData = static data => [.. data[..^1], (byte)(data[^1] ^ 1)] };
        Assert.Equal(TlsStatus.Faulted, client.Connect(server));
        ClaimsNothingEarly(client);
        using var right = new ScriptedServer { Suite = 0x00A8, SharedKey = s_key };
        AssertConnects(new ScriptedClient { Profile = s_every, SharedKey = s_key, SharedKeyIdentity = "device 7", Work = 5, Observe = ClaimsNothingEarly }.Prepare(), right);
    }

    private static void ClaimsNothingEarly(ScriptedClient client) =>
        Assert.False(client.Phase != Phase.Connected && (client.Lens().UsedPreSharedKey || client.Lens().Resumed), $"In {client.Phase}.");

    [Theory]
    [InlineData(0x00A8, Wire.Certificate, Wire.ServerKeyExchange)]
    [InlineData(0xD001, Wire.Certificate, Wire.ServerKeyExchange)]
    [InlineData(0xD001, Wire.ServerHelloDone, Wire.ServerKeyExchange)]
    [InlineData(0x00A8, Wire.CertificateRequest, Wire.ServerKeyExchange)]
    public void No_certificate_comes_with_a_shared_key_and_no_agreement_without_a_share(ushort suite, byte sent, byte awaited) => ScriptedFault.Fails(
        new ScriptedServer
        {
            Suite = suite, SharedKey = s_key, FirstFlight = messages => [.. Wire.Record(Wire.Handshake, messages[0]), .. Wire.Record(Wire.Handshake, Wire.Message(sent))],
        },
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.ServerKeyExchange, awaited, sent, Client(s_every));

    [Theory]
    [InlineData(0x00A8)]
    [InlineData(0xD001)]
    public void No_certificate_is_asked_for_behind_the_hint(ushort suite) => ScriptedFault.Fails(
        new ScriptedServer
        {
            Suite = suite, SharedKey = s_key, Hint = [], FirstFlight = messages => Wire.Records(Wire.Handshake, [.. messages[0], .. messages[1], .. Wire.Message(Wire.CertificateRequest)], 100),
        },
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.KeyExchange, Wire.ServerHelloDone, Wire.CertificateRequest, Client(s_every));

    [Theory]
    [InlineData(0x00A8, 2 + 5)]
    [InlineData(0xD001, 2 + 5 + 1 + 2 + 1 + 65)]
    public void A_hint_or_share_cut_off_anywhere_or_too_long_is_malformed(ushort suite, int whole)
    {
        for (int length = 0; length <= whole + 1; length++)
        {
            int kept = length;
            if (kept != whole)
            {
                ScriptedFault.Fails(
                    new ScriptedServer
                    {
                        Suite = suite, SharedKey = s_key, Hint = [1, 2, 3, 4, 5],
                        Messages = { [Wire.ServerKeyExchange] = ScriptedServer.Body(body => kept < body.Length ? body[..kept] : [.. body, 0]) },
                    },
                    FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.ServerKeyExchange, Wire.ServerKeyExchange, 0, Client(s_every));
            }
        }
    }

    [Fact]
    public void A_share_off_the_curve_or_in_a_group_that_was_not_offered_is_refused()
    {
        ScriptedFault.Fails(
            new ScriptedServer { Suite = 0xD001, SharedKey = s_key, Share = static share => [.. share[..^1], (byte)(share[^1] ^ 1)] },
            FaultReason.KeyShareInvalid, AlertDescription.IllegalParameter, Phase.KeyExchange, client: Client(s_every));
        ScriptedFault.Fails(
            new ScriptedServer { Suite = 0xD001, SharedKey = s_key, GroupOnTheWire = 25 },
            FaultReason.GroupNotOffered, AlertDescription.IllegalParameter, Phase.ServerKeyExchange, 0, 25, Client(s_every));
    }

    [Fact]
    public void A_server_that_does_not_prove_the_key_is_found_out_by_its_finished() => ScriptedFault.Fails(
        new ScriptedServer { Suite = 0x00A8, SharedKey = s_key, VerifyData = static data => [.. data[..^1], (byte)(data[^1] ^ 1)] },
        FaultReason.FinishedMismatch, AlertDescription.DecryptError, Phase.Finished, client: Client(s_every));

    [Theory]
    [InlineData(0x00A8)]
    [InlineData(0xD002)]
    public void Every_split_gives_the_same_connection_and_two_poisons_too(ushort suite)
    {
        ScriptedReplay replay = ScriptedReplay.Record(new ScriptedServer { Suite = suite, SharedKey = s_key, Hint = [1, 2, 3] }, () => Client(s_every));
        int step = suite == 0x00A8 ? 1 : 7;
        for (int at = 1; at < replay.Whole.Length; at += step)
        {
            Assert.Equal(replay.Outcome, replay.Play(ScriptedReplay.Cut(replay.Whole, at)).Outcome);
        }

        foreach (ushort poison in new ushort[] { 0, 0x5A, 0xFF3C })
        {
            var client = new ScriptedClient { Profile = s_every, SharedKey = s_key, SharedKeyIdentity = "device 7", Poison = poison, Work = 5 };
            Assert.Equal(replay.Outcome, ScriptedReplay.Play(client, replay.Whole.Select(static b => (byte[])[b])).Outcome);
        }
    }

    [Theory]
    [InlineData(0x00A8)]
    [InlineData(0xD002)]
    public void The_longest_key_fills_the_premaster_secret_and_nothing_of_it_is_left(ushort suite)
    {
        byte[] key = [.. Enumerable.Range(50, 64).Select(static i => (byte)(i * 5))];
        CipherSuites named = suite == 0x00A8 ? CipherSuites.PskAes128GcmSha256 : CipherSuites.EcdhePskAes256GcmSha384;
        using var server = new ScriptedServer { Suite = suite, Group = ScriptedGroup.P384, SharedKey = key };
        ScriptedClient client = new ScriptedClient { Profile = s_every with { Suites = named }, SharedKey = key, SharedKeyIdentity = "device 7", Poison = 0x5A }.Prepare();
        AssertConnects(client, server);
        MemoryPlan plan = client.Plan;
        Assert.InRange(client.Audit[(int)RegionId.PremasterSecret], plan[RegionId.PremasterSecret].Bytes * 9 / 10, plan[RegionId.PremasterSecret].Bytes);
        for (int at = 0; at + 16 <= 64; at += 16)
        {
            Assert.True(client.Memory.IndexOf(key.AsSpan(at, 16)) < 0);
        }

        Assert.True(client.Memory.IndexOf(server.MasterSecret.AsSpan(0, 16)) < 0);
    }

    private static ScriptedClient Client(Profile profile) => new() { Profile = profile, SharedKey = s_key, SharedKeyIdentity = "device 7" };

    private static void AssertConnects(ScriptedClient client, ScriptedServer server)
    {
        Assert.Equal((TlsStatus.Complete, FaultReason.None), (client.Connect(server), client.Fault.Reason));
        Assert.Equal((true, false), (client.Lens().UsedPreSharedKey, client.Lens().Resumed));
        Assert.Equal(client.SharedKeyIdentity, Encoding.ASCII.GetString(server.Identified!));
        Assert.True(server.SawFinished);
        ScriptedHandshakeTests.AssertDataBothWays(client, server);
    }
}
