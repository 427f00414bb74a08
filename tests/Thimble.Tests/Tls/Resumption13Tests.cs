using System;
using System.Linq;
using Thimble.Memory;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Sessions of TLS 1.3 that are resumed, or rightly not (RFC 8446 §2.2, §4.2.11).</summary>
public sealed class Resumption13Tests
{
    [Theory]
    [InlineData(ScriptedKeys13.Aes128, ScriptedGroup.Curve25519)]
    [InlineData(ScriptedKeys13.Aes256, ScriptedGroup.P256)]
    [InlineData(ScriptedKeys13.ChaCha, ScriptedGroup.P384)]
    public void A_session_is_resumed_without_certificates_and_gives_the_next_one(ushort suite, ushort group)
    {
        (byte[] session, byte[] key) = Resuming13.Session(suite);
        for (int round = 1; round <= 3; round++)
        {
            ScriptedClient client = Resuming13.Client(session, later: 100 * round);
            using var server = new ScriptedServer13 { Suite = suite, Group = group, KeyOf = Resuming13.Knows(key), AsksForCertificate = true };
            Scripted13.Connected(server, client);
            Assert.Equal((true, true, false), (client.Lens().SessionOffered, client.Lens().Resumed, client.Lens().UsedPreSharedKey));
            Assert.Equal((key, false, group == ScriptedGroup.Curve25519 ? 1 : 2), (server.Key, server.SawClientCertificate, server.ClientHellos.Count));
            Assert.Equal(0x01020304 + 100_000u, server.OfferedAge);
            client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes, nonce: [9, (byte)round])));
            session = client.TakeSession();
            key = server.KeyOfTicket([9, (byte)round]);
            Scripted13.AssertDataBothWays(client, server);
        }
    }

    [Fact]
    public void A_hello_retry_with_a_cookie_is_bound_too()
    {
        (byte[] session, byte[] key) = Resuming13.Session();
        using var server = new ScriptedServer13 { Cookie = [5, 6, 7], Group = ScriptedGroup.P256, KeyOf = Resuming13.Knows(key) };
        ScriptedClient client = Scripted13.Connected(server, Resuming13.Client(session)).Client;
        Assert.True(client.Lens().Resumed);
        Scripted13.AssertDataBothWays(client, server);
    }

    [Fact]
    public void A_retry_for_a_suite_of_another_hash_drops_the_session()
    {
        (byte[] session, _) = Resuming13.Session();
        using var forgetful = new ScriptedServer13 { Suite = ScriptedKeys13.Aes256, Group = ScriptedGroup.P256 };
        ScriptedClient client = Scripted13.Connected(forgetful, Resuming13.Client(session)).Client;
        Assert.Equal((true, false), (client.Lens().SessionOffered, client.Lens().Resumed));
        Assert.True(forgetful.ClientHellos[0].AsSpan().IndexOf(Resuming13.TicketBytes) > 0);
        Assert.True(forgetful.ClientHellos[1].AsSpan().IndexOf(Resuming13.TicketBytes) < 0);
        Assert.DoesNotContain(41, forgetful.Offered.Keys);
        Scripted13.AssertDataBothWays(client, forgetful);
    }

    [Fact]
    public void A_server_that_forgot_the_session_goes_on_with_its_certificate()
    {
        (byte[] session, _) = Resuming13.Session();
        using var server = new ScriptedServer13();
        ScriptedClient client = Scripted13.Connected(server, Resuming13.Client(session)).Client;
        Assert.Equal((true, false), (client.Lens().SessionOffered, client.Lens().Resumed));
        Scripted13.AssertDataBothWays(client, server);
    }

    [Fact]
    public void A_server_of_TLS_1_2_goes_on_with_its_certificate()
    {
        (byte[] session, _) = Resuming13.Session();
        using var server = new ScriptedServer();
        ScriptedClient client = Resuming13.Client(session).Prepare();
        Assert.Equal(TlsStatus.Complete, client.Connect(server));
        Assert.False(client.Lens().Resumed);
    }

    public static TheoryData<string> Unfit => ["expired", "clock", "name", "protocol", "anchors", "identity", "tickets", "suite", "version", "certificate", "longer RSA", "status"];

    [Theory]
    [MemberData(nameof(Unfit))]
    public void A_session_that_does_not_fit_is_not_offered(string why)
    {
        (byte[] session, _) = Resuming13.Session();
        long now = TestPki.Now.ToUnixTimeSeconds();
        ScriptedClient client = new()
        {
            Profile = why switch
            {
                "tickets" => Resuming13.Profile with { MaxTicketBytes = 99 },
                "suite" => Resuming13.Profile with { Suites = CipherSuites.Aes256GcmSha384 | CipherSuites.EcdheEcdsaAes128GcmSha256 },
                "version" => Resuming13.Profile with { Versions = TlsVersions.Tls12 },
                "longer RSA" => Resuming13.Profile with { MaxRsaBits = 3072, MinRsaBits = 3072 },
                "status" => Resuming13.Profile with { StapledStatus = true },
                _ => Resuming13.Profile,
            },
            Now = why switch { "expired" => now + 7200, "clock" => now - 1, "certificate" => now, _ => now },
            ServerName = why == "name" ? "broker.example.org" : "broker.example.com",
            Alpn = why == "protocol" ? "mqtt" : "",
            Image = why switch { "anchors" => ScriptedIdentity.Of("RSA-2048").Image(null), "identity" => ScriptedIdentity.Of("P-256").Image("P-256"), _ => ScriptedIdentity.Of("P-256").Image(null) },
            Session = why == "certificate" ? Ending(session) : session,
        };
        client.Prepare();
        client.Handshake(default);
        SessionFit expected = why switch
        {
            "expired" or "certificate" => SessionFit.Expired,
            "clock" => SessionFit.NotYetIssued,
            "tickets" or "suite" or "version" => SessionFit.NotInProfile,
            _ => SessionFit.OtherPeer,
        };
        Assert.Equal((false, FaultReason.None, expected), (client.Lens().SessionOffered, client.Fault.Reason, Judge(client)));
        Assert.True(client.Output.ToArray().AsSpan().IndexOf(Resuming13.TicketBytes) < 0);
    }

    [Fact]
    public void A_damaged_session_is_a_fault_wherever_it_is_damaged()
    {
        (byte[] session, _) = Resuming13.Session();
        Assert.Equal(Session.HeaderBytes + Resuming13.TicketBytes.Length, session.Length);
        for (int at = 0; at < session.Length; at++)
        {
            byte[] changed = [.. session];
            changed[at] ^= (byte)(1 << (at % 8));
            Assert.Equal(SessionFit.Malformed, Judge(Resuming13.Client(changed)));
            Assert.Equal(SessionFit.Malformed, Judge(Resuming13.Client([.. session.AsSpan(0, at)])));
        }

        ScriptedClient client = Resuming13.Client([.. session, 0]).Prepare();
        Assert.Equal(TlsStatus.Faulted, client.Handshake(default));
        Assert.Equal((FaultReason.SessionInvalid, (uint)session.Length + 1), (client.Fault.Reason, client.Fault.Actual));
        Assert.Empty(client.Output);
    }

    /// <summary>How long the certificate still lives, and the ticket, and after how many seconds the session must be over.</summary>
    [Theory]
    [InlineData(3600, 604_800, 3600)]
    [InlineData(3659, 604_800, 3600)]
    [InlineData(604_799, 604_800, 604_740)]
    [InlineData(604_800, 604_800, 604_800)]
    [InlineData(5_000_000_000, 604_800, 604_800)]
    [InlineData(3660, 3601, 3601)]
    public void A_session_ends_in_the_minute_in_which_its_certificate_does_or_with_its_ticket(long certificateSeconds, uint ticketSeconds, long sessionSeconds)
    {
        long now = TestPki.Now.ToUnixTimeSeconds();
        ScriptedIdentity identity = Lasting(certificateSeconds);
        using var server = new ScriptedServer13 { Identity = identity };
        ScriptedClient client = Scripted13.Connected(server, Trusting(identity)).Client;
        client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes, lifetime: ticketSeconds)));
        byte[] taken = client.TakeSession();
        Assert.True(Session.TryOpen(taken, new byte[Session.ScratchBytes], out Session session));
        Assert.Equal((now, now + sessionSeconds), (session.IssuedAtUnixSeconds, session.ExpiresAtUnixSeconds));
        Assert.Equal((TlsVersions.Tls13, ScriptedKeys13.Aes128), (session.Version, session.Suite));

        Assert.Equal(SessionFit.NotYetIssued, Judge(Trusting(identity, taken, later: -1)));
        Assert.Equal(SessionFit.Fits, Judge(Trusting(identity, taken, later: sessionSeconds - 1)));
        Assert.Equal(SessionFit.Expired, Judge(Trusting(identity, taken, later: sessionSeconds)));
    }

    [Fact]
    public void A_certificate_that_ends_within_the_minute_gives_a_session_that_is_over()
    {
        ScriptedIdentity identity = Lasting(59);
        using var server = new ScriptedServer13 { Identity = identity };
        ScriptedClient client = Scripted13.Connected(server, Trusting(identity)).Client;
        client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes)));
        Assert.Equal(SessionFit.Expired, Judge(Trusting(identity, client.TakeSession())));
    }

    /// <summary>The first certificate to end counts, wherever in the chain it stands.</summary>
    [Fact]
    public void A_session_ends_with_an_intermediate_that_ends_before_its_leaf()
    {
        ScriptedIdentity root = ScriptedIdentity.Of("P-256");
        TestCertificate intermediate = TestPki.Make(new CertificateRecipe { Subject = "CN=Short", Key = TestPki.Key("P-256", 197), IsCa = true, DnsNames = [], NotAfter = TestPki.Now.AddHours(1) }, root.Root);
        TestCertificate leaf = TestPki.Make(new CertificateRecipe { Key = TestPki.Key("P-256", 91) }, intermediate);
        using var server = new ScriptedServer13 { Chain = [leaf.Der, intermediate.Der] };
        ScriptedClient client = Scripted13.Connected(server, Resuming13.Client()).Client;
        client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes)));
        byte[] session = client.TakeSession();
        Assert.Equal(SessionFit.Fits, Judge(Resuming13.Client(session, later: 3599)));
        Assert.Equal(SessionFit.Expired, Judge(Resuming13.Client(session, later: 3600)));
    }

    /// <summary>The certificates were judged once: no ticket prolongs that, however often it is renewed, and no connection however long it lasts.</summary>
    [Fact]
    public void Renewed_sessions_end_in_the_same_minute_as_the_first()
    {
        ScriptedIdentity identity = Lasting(3600);
        using var first = new ScriptedServer13 { Identity = identity };
        ScriptedClient client = Scripted13.Connected(first, Trusting(identity)).Client;
        client.Read(first.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes)));
        byte[] session = client.TakeSession();
        byte[] key = first.KeyOfTicket([0]);
        for (long later = 59; later < 3600; later += 590)
        {
            using var server = new ScriptedServer13 { Identity = identity, KeyOf = Resuming13.Knows(key) };
            client = Scripted13.Connected(server, Trusting(identity, session, later)).Client;
            Assert.True(client.Lens().Resumed);
            client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes)));
            session = client.TakeSession();
            key = server.KeyOfTicket([0]);
            Assert.Equal(SessionFit.Fits, Judge(Trusting(identity, session, 3599)));
            Assert.Equal(SessionFit.Expired, Judge(Trusting(identity, session, 3600)));

            client.Now += 365 * 86400;
            client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes)));
            Assert.Equal(SessionFit.Expired, Judge(Trusting(identity, client.TakeSession(), client.Now - TestPki.Now.ToUnixTimeSeconds())));
        }
    }

    /// <summary>In format 1 a day stood where two lengths stand now, and bytes of zeros behind it.</summary>
    [Fact]
    public void A_session_that_an_older_version_stored_is_malformed()
    {
        (byte[] session, _) = Resuming13.Session();
        byte[] old = [.. session];
        old[0] = 1;
        old.AsSpan(22, 6).Clear();
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(old.AsSpan(22), (ushort)(TestPki.Now.AddDays(100).ToUnixTimeSeconds() / 86400));
        Assert.Equal(SessionFit.Malformed, Judge(Resuming13.Client(WithDigest(old))));
        Assert.Equal(SessionFit.Fits, Judge(Resuming13.Client(WithDigest([.. session]))));
    }

    [Fact]
    public void Without_the_wish_nothing_is_sent_and_nothing_is_planned()
    {
        using var server = new ScriptedServer13();
        ScriptedClient client = Scripted13.Connected(server).Client;
        Assert.DoesNotContain(41, server.Offered.Keys);
        Assert.DoesNotContain(45, server.Offered.Keys);
        MemoryPlan plan = client.Plan;
        Assert.Equal((0, 0), (plan[RegionId.Session].Bytes, plan[RegionId.SessionSecret].Bytes));
        Assert.Equal(TlsStatus.NeedMoreData, client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(Resuming13.TicketBytes))));
        Assert.False(client.Lens().HasSession);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0x5A)]
    [InlineData(0xFF3C)]
    public void A_resumed_connection_keeps_to_its_plan_and_fills_the_session(ushort poison)
    {
        Profile profile = Resuming13.Profile with { Versions = TlsVersions.Tls13, Suites = CipherSuites.Aes256GcmSha384, MaxTicketBytes = 256 };
        (byte[] session, byte[] key) = Resuming13.Session(ScriptedKeys13.Aes256, profile);
        using var server = new ScriptedServer13 { Suite = ScriptedKeys13.Aes256, KeyOf = Resuming13.Knows(key) };
        ScriptedClient client = new() { Profile = profile, Session = session, Poison = poison, Work = 7 };
        Scripted13.Connected(server, client);
        client.Read(server.Seal(Wire.Handshake, ScriptedServer13.Ticket(new byte[256])));
        client.Lens().SurveyMemory();
        MemoryPlan plan = client.Plan;
        for (int id = 1; id < PlanAudit.Length; id++)
        {
            Assert.InRange(client.Audit[id], 0, plan[(RegionId)id].Bytes);
        }

        Assert.InRange(client.Audit[(int)RegionId.Session], plan[RegionId.Session].Bytes * 9 / 10, plan[RegionId.Session].Bytes);
        Assert.InRange(client.Audit[(int)RegionId.SessionSecret], 58, 64);
        Assert.Equal((Session.MaxBytes(profile) + 4, 64), (plan[RegionId.Session].Bytes, plan[RegionId.SessionSecret].Bytes)); // to a multiple of eight
        byte[] taken = client.TakeSession();
        Assert.Equal(Session.MaxBytes(profile), taken.Length);
        Assert.True(client.Memory.IndexOf(taken.AsSpan(60, 16)) < 0, "The session's secret is still in the buffer.");
    }

    /// <summary>The key waits in the user's memory; of what is made from it nothing may stay, and the master secret ends with the handshake.</summary>
    [Fact]
    public void A_resumed_connection_holds_neither_its_key_nor_its_early_secret()
    {
        (byte[] session, byte[] key) = Resuming13.Session();
        using var server = new ScriptedServer13 { KeyOf = Resuming13.Knows(key) };
        byte[] early = System.Security.Cryptography.HKDF.Extract(System.Security.Cryptography.HashAlgorithmName.SHA256, key, new byte[32]);
        ScriptedClient client = new()
        {
            Profile = Resuming13.Profile,
            Session = session,
            Observe = client =>
            {
                Assert.True(client.Memory.IndexOf(key) < 0, "The key is in the buffer.");
                Assert.True(client.Memory.IndexOf(early) < 0, "The early secret is in the buffer.");
            },
        };
        Scripted13.Connected(server, client);
        Assert.True(client.Lens().Resumed);
    }

    private static SessionFit Judge(ScriptedClient client)
    {
        var config = new TlsConfig
        {
            Profile = ref client.ProfileReference,
            RomImage = client.Image,
            ServerName = System.Text.Encoding.ASCII.GetBytes(client.ServerName),
            Alpn = System.Text.Encoding.ASCII.GetBytes(client.Alpn),
            NowUnixSeconds = client.Now,
        };
        return Session.Judge(client.Session, config, new byte[Session.ScratchBytes]);
    }

    /// <summary>The same session, with a certificate that ended before the test began.</summary>
    private static byte[] Ending(byte[] session)
    {
        byte[] changed = [.. session];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(changed.AsSpan(24), (uint)(TestPki.Now.ToUnixTimeSeconds() / 60));
        return WithDigest(changed);
    }

    private static byte[] WithDigest(byte[] session)
    {
        session.AsSpan(28, 16).Clear();
        System.Security.Cryptography.SHA256.HashData(session).AsSpan(0, 16).CopyTo(session.AsSpan(28));
        return session;
    }

    /// <summary>A server whose certificate ends after so many seconds.</summary>
    private static ScriptedIdentity Lasting(long seconds) =>
        new(TestPki.Make(new CertificateRecipe { Key = TestPki.Key("P-256", 91), NotAfter = TestPki.Now.AddSeconds(seconds) }));

    private static ScriptedClient Trusting(ScriptedIdentity identity, byte[]? session = null, long later = 0) => new()
    {
        Profile = Resuming13.Profile,
        Image = identity.Image(null),
        Session = session ?? [],
        Now = TestPki.Now.ToUnixTimeSeconds() + later,
    };
}
