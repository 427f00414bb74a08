using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Crypto;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;
using Xunit.Abstractions;

namespace Thimble.Tests.Tls;

/// <summary>Sessions of TLS 1.2 that go on, by their id (RFC 5246 §7.3, figure 2) and by a ticket (RFC 5077).</summary>
public sealed class Resumption12Tests(ITestOutputHelper output)
{
    public static TheoryData<ushort, bool, bool> Ways()
    {
        var data = new TheoryData<ushort, bool, bool>();
        foreach (ushort suite in new ushort[] { 0xC02B, 0xC030, 0xCCA9 })
        {
            foreach ((bool byTicket, bool both) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                data.Add(suite, byTicket, both);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void A_session_goes_on_without_a_certificate_and_under_new_keys(ushort suite, bool byTicket, bool both)
    {
        Profile profile = both ? Resuming12.Both : Resuming12.Profile;
        (byte[] session, ScriptedSession remembered) = Resuming12.Session(byTicket, suite, profile);
        using var server = new ScriptedServer { Suite = suite, Resumes = remembered, Seed = 2 };
        ScriptedClient client = Resuming12.Client(session, profile, suite).Prepare();

        Assert.Equal((TlsStatus.Complete, FaultReason.None), (client.Connect(server), client.Fault.Reason));

        TlsClient lens = client.Lens();
        Assert.Equal((suite, TlsVersions.Tls12, NamedGroup.None), (lens.Suite, lens.Version, lens.Group));
        Assert.Equal((true, true, false, false), (lens.SessionOffered, lens.Resumed, lens.UsedPreSharedKey, lens.SentClientCertificate));
        Assert.True(server.SawFinished);
        Assert.Equal(byTicket ? Resuming12.Ticket : [], server.OfferedTicket!);
        Assert.Equal(32, server.OfferedSessionId.Length);
        Assert.Equal(!byTicket, server.OfferedSessionId.SequenceEqual(Resuming12.Id));
        ScriptedHandshakeTests.AssertDataBothWays(client, server);
        Assert.Equal(session, client.TakeSession()); // nothing newer came, and what there is goes on serving
    }

    [Fact]
    public void A_session_can_go_on_again_and_again()
    {
        (byte[] session, ScriptedSession remembered) = Resuming12.Session(byTicket: false);
        for (int seed = 2; seed < 6; seed++)
        {
            using var server = new ScriptedServer { Resumes = remembered, Seed = seed };
            ScriptedClient client = Resuming12.Client(session).Prepare();
            Assert.Equal(TlsStatus.Complete, client.Connect(server));
            session = client.TakeSession();
        }
    }

    [Fact]
    public void Every_length_of_a_session_id_serves()
    {
        for (int length = 1; length <= 32; length++)
        {
            foreach (Profile profile in new[] { Resuming12.Profile, Resuming12.Both })
            {
                (byte[] session, ScriptedSession remembered) = Resuming12.Session(byTicket: false, profile: profile, idBytes: length);
                using var server = new ScriptedServer { Resumes = remembered };
                ScriptedClient client = Resuming12.Client(session, profile).Prepare();
                Assert.Equal(TlsStatus.Complete, client.Connect(server));
                Assert.Equal(Resuming12.Id[..length], server.OfferedSessionId);
                Assert.True(client.Lens().Resumed);
            }
        }
    }

    [Fact]
    public void A_new_ticket_takes_the_place_of_the_old_one()
    {
        (byte[] session, ScriptedSession remembered) = Resuming12.Session();
        byte[] renewed = [.. Resuming12.Ticket.Reverse()];
        using var server = new ScriptedServer { Resumes = remembered, Ticket = renewed };
        ScriptedClient client = Resuming12.Client(session, later: 100).Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));

        byte[] next = client.TakeSession();
        using var again = new ScriptedServer { Resumes = remembered };
        ScriptedClient third = Resuming12.Client(next, later: 200).Prepare();
        Assert.Equal(TlsStatus.Complete, third.Connect(again));
        Assert.Equal(renewed, again.OfferedTicket);
        Assert.True(third.Lens().Resumed);
    }

    /// <summary>The certificates were judged once: no ticket prolongs that beyond their own end.</summary>
    [Fact]
    public void A_renewed_session_ends_with_the_certificates_all_the_same()
    {
        (byte[] session, ScriptedSession remembered) = Resuming12.Session();
        using var server = new ScriptedServer { Resumes = remembered, Ticket = [1, 2, 3] };
        ScriptedClient client = Resuming12.Client(session).Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        byte[] renewed = client.TakeSession();
        Assert.Equal(X509.TestPki.Now.AddDays(100).ToUnixTimeSeconds() / 60, BitConverter.ToUInt32(session, 24));
        Assert.Equal(BitConverter.ToUInt32(session, 24), BitConverter.ToUInt32(renewed, 24));
    }

    [Fact]
    public void An_empty_ticket_is_none_and_leaves_the_session_id()
    {
        using var server = new ScriptedServer { Ticket = [], SessionId = Resuming12.Id };
        ScriptedClient client = Resuming12.Client().Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));

        using var second = new ScriptedServer { Resumes = server.Session, Ticket = [] };
        ScriptedClient resuming = Resuming12.Client(client.TakeSession()).Prepare();
        Assert.Equal(TlsStatus.Complete, resuming.Connect(second));
        Assert.Equal(Resuming12.Id, second.OfferedSessionId);
        Assert.True(resuming.Lens().HasSession);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_gives_neither_ticket_nor_id_gives_no_session(bool announces)
    {
        using var server = new ScriptedServer { Ticket = announces ? [] : null, SessionId = [] };
        ScriptedClient client = Resuming12.Client().Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.False(client.Lens().HasSession);
    }

    [Fact]
    public void A_profile_without_room_for_tickets_asks_for_none_and_keeps_no_session()
    {
        using var server = new ScriptedServer { SessionId = Resuming12.Id };
        ScriptedClient client = new ScriptedClient().Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.Null(server.OfferedTicket);
        Assert.False(client.Lens().HasSession);
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(Resuming12.MaxTicketBytes, 16384, true)]
    [InlineData(Resuming12.MaxTicketBytes, 7, true)]
    [InlineData(Resuming12.MaxTicketBytes + 1, 16384, false)]
    [InlineData(65_535, 16_384, false)]
    [InlineData(65_535, 61, false)]
    public void A_ticket_of_any_length_passes_in_records_of_any_size_and_one_above_the_limit_is_let_go(int bytes, int fragmentBytes, bool kept)
    {
        using var server = new ScriptedServer
        {
            SessionId = [], Ticket = new byte[bytes], TicketFlight = s => Wire.Records(Wire.Handshake, s.TicketMessage(), fragmentBytes),
        };
        ScriptedClient client = Resuming12.Client().Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.Equal(kept, client.Lens().HasSession);
        if (kept)
        {
            Assert.Equal(108 + bytes, client.TakeSession().Length);
        }
    }

    [Theory]
    [InlineData(3600u, 3599, true)]
    [InlineData(3600u, 3600, false)]
    [InlineData(0u, 86_399, true)]
    [InlineData(0u, 86_400, false)]
    [InlineData(uint.MaxValue, (7 * 86_400) - 1, true)]
    [InlineData(uint.MaxValue, 7 * 86_400, false)]
    public void A_session_is_offered_as_long_as_the_server_hinted_and_no_longer_than_a_week(uint lifetime, int later, bool offered)
    {
        using var first = new ScriptedServer { Ticket = Resuming12.Ticket, TicketLifetime = lifetime };
        ScriptedClient client = Resuming12.Client().Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(first));

        using var second = new ScriptedServer { Resumes = offered ? first.Session : null };
        ScriptedClient later12 = Resuming12.Client(client.TakeSession(), later: later).Prepare();
        Assert.Equal(TlsStatus.Complete, later12.Connect(second));
        Assert.Equal((offered, offered), (later12.Lens().SessionOffered, later12.Lens().Resumed));
        Assert.Equal(offered ? Resuming12.Ticket : [], second.OfferedTicket!);
        Assert.Equal(offered ? 32 : 0, second.OfferedSessionId.Length);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_server_that_forgot_the_session_makes_a_full_handshake_and_a_new_one(bool byTicket, bool both)
    {
        Profile profile = both ? Resuming12.Both : Resuming12.Profile;
        (byte[] session, _) = Resuming12.Session(byTicket, profile: profile);
        foreach (byte[] id in new[] { new byte[32], [], [1, 2, 3] })
        {
            using var server = new ScriptedServer { SessionId = id, Ticket = [9, 9, 9], Seed = 2, AsksForCertificate = true };
            ScriptedClient client = Resuming12.Client(session, profile).Prepare();
            Assert.Equal((TlsStatus.Complete, FaultReason.None), (client.Connect(server), client.Fault.Reason));
            Assert.Equal((true, false), (client.Lens().SessionOffered, client.Lens().Resumed));
            Assert.NotEqual(session, client.TakeSession());
            ScriptedHandshakeTests.AssertDataBothWays(client, server);
        }
    }

    /// <summary>RFC 8446 §4.1.3: TLS 1.3 echoes whatever it got, which resumes nothing.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_has_learnt_TLS_1_3_echoes_the_id_and_makes_a_full_handshake(bool byTicket)
    {
        (byte[] session, _) = Resuming12.Session(byTicket, profile: Resuming12.Both);
        foreach (ushort group in new[] { ScriptedGroup.Curve25519, ScriptedGroup.P384 })
        {
            using var server = new ScriptedServer13 { Group = group };
            ScriptedClient client = Resuming12.Client(session, Resuming12.Both).Prepare();
            Assert.Equal((TlsStatus.Complete, FaultReason.None), (client.Connect(server), client.Fault.Reason));
            Assert.Equal((TlsVersions.Tls13, true, false), (client.Lens().Version, client.Lens().SessionOffered, client.Lens().Resumed));
        }
    }

    [Fact]
    public void A_session_without_the_extended_master_secret_is_not_kept()
    {
        Profile tolerant = Resuming12.Profile with { AllowLegacyMasterSecret = true };
        using var server = new ScriptedServer { ExtendedMasterSecret = false, Ticket = Resuming12.Ticket, SessionId = Resuming12.Id };
        ScriptedClient client = Resuming12.Client(profile: tolerant).Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.False(client.Lens().HasSession);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_session_can_be_had_before_the_server_s_finished_was_verified(bool resumed)
    {
        (byte[] session, ScriptedSession remembered) = Resuming12.Session();
        bool complete = false;
        using var server = new ScriptedServer { Resumes = resumed ? remembered : null, Ticket = [1, 2, 3] };
        ScriptedClient client = new ScriptedClient
        {
            Profile = Resuming12.Profile, Session = session, Work = 1, Observe = c => complete |= c.Lens().HasSession && c.Phase < Phase.Finished,
        }.Prepare();
        client.Handshake(default);
        byte[] flight = server.Answer([.. client.Output]);
        int heard = client.Output.Count;
        if (!resumed)
        {
            Assert.Equal(TlsStatus.NeedMoreData, client.Handshake(flight));
            flight = server.Answer([.. client.Output[heard..]]);
        }

        Assert.Equal(TlsStatus.NeedMoreData, client.Handshake(flight.AsSpan(0, flight.Length - 1)));
        Assert.False(client.Lens().HasSession || complete);
        Assert.Equal(TlsStatus.Complete, client.Handshake(flight.AsSpan(flight.Length - 1)));
        Assert.True(client.Lens().HasSession);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Every_split_and_every_grant_of_work_gives_the_same_connection(bool byTicket, bool both)
    {
        Profile profile = both ? Resuming12.Both : Resuming12.Profile;
        (byte[] session, ScriptedSession remembered) = Resuming12.Session(byTicket, profile: profile);
        ScriptedReplay replay = ScriptedReplay.Record(
            new ScriptedServer { Resumes = remembered, Ticket = byTicket ? Resuming12.Ticket : null }, () => Resuming12.Client(session, profile));
        for (int at = 1; at < replay.Whole.Length; at++)
        {
            (string outcome, ScriptedClient client) = replay.Play(ScriptedReplay.Cut(replay.Whole, at));
            Assert.Equal(replay.Outcome, outcome);
            Assert.Equal(Phase.Connected, client.Phase);
        }

        Assert.Equal(replay.Outcome, replay.Play(replay.Whole.Select(static b => (byte[])[b])).Outcome);
        foreach (int work in new[] { 1, 30 })
        {
            var narrow = new ScriptedClient { Profile = profile, Session = session, Work = work, DestinationBytes = 1 };
            Assert.Equal(replay.Outcome, ScriptedReplay.Play(narrow, replay.Whole.Chunk(3)).Outcome);
        }
    }

    [Fact]
    public void A_full_handshake_with_a_ticket_is_the_same_in_every_split()
    {
        ScriptedReplay replay = ScriptedReplay.Record(new ScriptedServer { Ticket = Resuming12.Ticket, AsksForCertificate = true }, () => Resuming12.Client());
        int second = replay.First.Length;
        for (int at = second; at < second + replay.Second.Length; at++)
        {
            Assert.Equal(replay.Outcome, replay.Play(ScriptedReplay.Cut(replay.Whole, at)).Outcome);
        }

        Assert.Equal(replay.Outcome, replay.Play(replay.Whole.Select(static b => (byte[])[b])).Outcome);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_poisons_give_the_same_resumption_within_the_plan(bool byTicket)
    {
        foreach (Profile profile in new[] { Resuming12.Profile, Resuming12.Both })
        {
            (byte[] session, ScriptedSession remembered) = Resuming12.Session(byTicket, profile: profile);
            byte[]? ticket = byTicket ? new byte[Resuming12.MaxTicketBytes] : null;
            ScriptedReplay replay = ScriptedReplay.Record(new ScriptedServer { Resumes = remembered, Ticket = ticket }, () => Resuming12.Client(session, profile));
            foreach (ushort poison in new ushort[] { 0, 0x5A, 0xFF3C })
            {
                (string outcome, ScriptedClient client) = ScriptedReplay.Play(Resuming12.Client(session, profile, poison: poison, work: 3), replay.Whole.Chunk(11));
                Assert.Equal(replay.Outcome, outcome);
                MemoryPlan plan = client.Plan;
                for (int id = 1; id < PlanAudit.Length; id++)
                {
                    Assert.InRange(client.Audit[id], 0, plan[(RegionId)id].Bytes);
                }
            }
        }
    }

    [Fact]
    public void The_longest_ticket_fills_the_session_s_region_and_the_offer_the_out_window()
    {
        (byte[] session, ScriptedSession remembered) = Resuming12.Session(byTicket: false);
        using var server = new ScriptedServer { Resumes = remembered, Ticket = [.. Enumerable.Repeat((byte)0xB7, Resuming12.MaxTicketBytes)] };
        ScriptedClient client = Resuming12.Client(session, poison: 0x5A).Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        client.Lens().SurveyMemory();
        MemoryPlan plan = client.Plan;
        Assert.InRange(client.Audit[(int)RegionId.Session], plan[RegionId.Session].Bytes * 9 / 10, plan[RegionId.Session].Bytes);
        Assert.InRange(client.Audit[(int)RegionId.Randoms], 88, plan[RegionId.Randoms].Bytes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_a_session_that_was_taken_nothing_is_left_but_the_traffic_keys(bool resumed)
    {
        (byte[] session, ScriptedSession remembered) = Resuming12.Session();
        using var server = new ScriptedServer { Resumes = resumed ? remembered : null, Ticket = Resuming12.Ticket };
        ScriptedClient client = Resuming12.Client(session).Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.True(Contains(client, server.MasterSecret)); // in the session, for whom it is
        Assert.NotEmpty(client.TakeSession());
        Assert.False(Contains(client, server.MasterSecret));
        Assert.False(client.Lens().HasSession);
        Assert.Empty(client.TakeSession());
    }

    [Fact]
    public void A_resumption_does_no_public_key_work_and_passes_through_three_phases()
    {
        (byte[] session, ScriptedSession remembered) = Resuming12.Session();
        (int full, Phase[] all) = Calls([], new ScriptedServer { Ticket = [1] });
        (int resumed, Phase[] few) = Calls(session, new ScriptedServer { Resumes = remembered, Ticket = [1] });
        output.WriteLine($"Calls with one unit of work each: {full} in full, {resumed} resumed.");
        Assert.Equal([Phase.Hello, Phase.Finished, Phase.Connected], few);
        Assert.True(all.Length == 6 && resumed < 30 && full > 100 * resumed, $"{full} {resumed}");
    }

    private static (int Calls, Phase[] Phases) Calls(byte[] session, ScriptedServer server)
    {
        using (server)
        {
            int calls = 0;
            var phases = new List<Phase>();
            var client = new ScriptedClient { Profile = Resuming12.Profile, Session = session, Work = 1, Observe = c => { calls++; phases.Add(c.Phase); } };
            Assert.Equal(TlsStatus.Complete, client.Prepare().Connect(server));
            return (calls, [.. phases.Distinct()]);
        }
    }

    private static bool Contains(ScriptedClient client, byte[] secret)
    {
        for (int at = 0; at + 16 <= secret.Length; at += 16)
        {
            if (client.Memory.IndexOf(secret.AsSpan(at, 16)) >= 0)
            {
                return true;
            }
        }

        return false;
    }
}
