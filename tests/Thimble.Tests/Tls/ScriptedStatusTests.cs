using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using Thimble.Memory;
using Thimble.Tests.X509;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>Stapled status in both versions, as a handshake sees it: what may be said where, and what it ends in.</summary>
public sealed class ScriptedStatusTests
{
    private static readonly StatusPki Pki = StatusPki.Of("P-256");
    private static readonly StatusPki Demanding = StatusPki.Of("P-256", mustStaple: true);
    private static readonly Profile Asks = ScriptedClient.Everything with { StapledStatus = true };
    private static readonly Profile Asks13 = Scripted13.Only13 with { StapledStatus = true };

    public static TheoryData<bool> Versions() => [false, true];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_good_staple_is_reported(bool tls13)
    {
        ScriptedClient client = Connected(tls13, Pki, Pki.Responder.Encode());
        Assert.Equal(CertificateStatus.Good, client.Lens().CertificateStatus);
        client = Connected(tls13, Demanding, Demanding.Delegated().Encode());
        Assert.Equal(CertificateStatus.Good, client.Lens().CertificateStatus);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void No_staple_is_reported_too_where_none_is_demanded(bool tls13)
    {
        Assert.Equal(CertificateStatus.NotStapled, Connected(tls13, Pki, null).Lens().CertificateStatus);
        Assert.Equal(CertificateStatus.NotStapled, Connected(tls13, Pki, TestResponder.None(3)).Lens().CertificateStatus);
    }

    [Fact]
    public void A_server_that_announced_a_status_may_leave_it_out()
    {
        ScriptedClient client = Connect(Server(Pki, null, announces: true), Pki, Asks);
        Assert.Equal(CertificateStatus.NotStapled, client.Lens().CertificateStatus);
        Refused(Server(Demanding, null, announces: true), Demanding, FaultReason.StatusMissing, AlertDescription.BadCertificateStatusResponse, 5);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_certificate_that_demands_a_staple_is_refused_without(bool tls13) =>
        Refused(tls13, Demanding, null, FaultReason.StatusMissing, AlertDescription.BadCertificateStatusResponse, 5);

    /// <summary>RFC 7633 §4.2.3.</summary>
    [Theory]
    [MemberData(nameof(Versions))]
    public void Who_does_not_ask_offers_nothing_enforces_nothing_and_knows_nothing(bool tls13)
    {
        Profile profile = tls13 ? Scripted13.Only13 : ScriptedClient.Everything;
        ScriptedClient client = Connect(tls13 ? Server13(Demanding, null) : Server(Demanding, null), Demanding, profile);
        Assert.Equal(CertificateStatus.None, client.Lens().CertificateStatus);
        Assert.Equal(0, client.Plan[RegionId.Status].Bytes);
        Refused(tls13, Pki, Pki.Responder.Encode(), FaultReason.ExtensionNotOffered, AlertDescription.UnsupportedExtension, 0, 5, profile: profile);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_request_names_OCSP_and_nothing_else(bool tls13)
    {
        using ScriptedServer server = Server(Pki, null);
        using ScriptedServer13 server13 = Server13(Pki, null);
        Connect(tls13 ? server13 : server, Pki, tls13 ? Asks13 : Asks);
        byte[] hello = tls13 ? server13.ClientHellos[0] : server.ClientHello;
        Assert.NotEqual(-1, hello.AsSpan().IndexOf((byte[])[0, 5, 0, 5, 1, 0, 0, 0, 0]));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_revoked_certificate_ends_the_handshake_before_a_key_is_used(bool tls13)
    {
        byte[] response = (Pki.Responder with { Singles = [new() { Status = 1, Reason = 4 }] }).Encode();
        Refused(tls13, Pki, response, FaultReason.CertificateRevoked, AlertDescription.CertificateRevoked, (uint)(TestPki.Now.AddDays(-2).ToUnixTimeSeconds() / 60), 4);
    }

    [Theory]
    [InlineData(false, "empty")]
    [InlineData(true, "empty")]
    [InlineData(false, "longer")]
    [InlineData(true, "longer")]
    [InlineData(false, "shorter")]
    [InlineData(true, "shorter")]
    public void The_lengths_must_fit(bool tls13, string what)
    {
        byte[] response = Pki.Responder.Encode();
        byte[] status = what switch
        {
            "empty" => [1, 0, 0, 0],
            "longer" => [1, .. Wire.U24(response.Length + 1), .. response],
            _ => [1, .. Wire.U24(response.Length - 1), .. response],
        };
        bool extension = tls13 && what == "empty";
        Refused(tls13, Pki, null, extension ? FaultReason.HelloExtensionMalformed : FaultReason.MessageMalformed, AlertDescription.DecodeError,
            extension ? 0u : tls13 ? Wire.Certificate : Wire.CertificateStatus, extension ? 5u : 0, raw: status);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Another_type_of_status_was_not_asked_for(bool tls13) => Refused(
        tls13, Pki, null, FaultReason.StatusTypeNotOffered, AlertDescription.BadCertificateStatusResponse, 1, 2, raw: [2, .. Wire.Vector24(Pki.Responder.Encode())]);

    [Fact]
    public void A_response_above_the_limit_is_not_read() => Refused(
        false, Pki, null, FaultReason.StatusTooLong, AlertDescription.BadCertificateStatusResponse, 65535, 65536, raw: [1, .. Wire.Vector24(new byte[65536])]);

    [Fact]
    public void A_response_of_the_longest_kind_passes_through_a_small_window()
    {
        SingleRecipe[] others = [.. Enumerable.Range(1, 400).Select(static i => new SingleRecipe { Serial = i })];
        byte[] response = (Pki.Responder with { Singles = [.. others, new()] }).Encode();
        Assert.InRange(response.Length, 30_000, 65_000);
        Assert.Equal(CertificateStatus.Good, Connected(true, Pki, response).Lens().CertificateStatus);
        Assert.Equal(CertificateStatus.Good, Connected(false, Pki, response).Lens().CertificateStatus);
    }

    [Fact]
    public void A_status_that_nobody_announced_is_unexpected() => Refused(
        Server(Pki, Pki.Responder.Encode(), announces: false), Pki, FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Wire.ServerKeyExchange, Wire.CertificateStatus, Phase.ServerKeyExchange);

    [Fact]
    public void A_second_status_is_unexpected() => Refused(
        Server(Pki, Pki.Responder.Encode(), announces: true, flight: static messages => Wire.Join(((byte[][])[.. messages[..3], messages[2], .. messages[3..]]).Select(static m => Wire.Record(Wire.Handshake, m)))),
        Pki, FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Wire.ServerKeyExchange, Wire.CertificateStatus, Phase.ServerKeyExchange);

    [Fact]
    public void The_announcement_is_empty() => Refused(
        Server(Pki, null, extensions: static list => list.Add((5, [1]))), Pki, FaultReason.HelloExtensionMalformed, AlertDescription.DecodeError, 0, 5, Phase.Hello);

    [Fact]
    public void In_TLS_1_3_the_status_belongs_to_a_certificate_alone() => Refused(
        Server13(Pki, null, encryptedExtensions: static list => list.Add((5, []))), Pki, FaultReason.ExtensionMisplaced, AlertDescription.IllegalParameter, 8, 5, Phase.Certificates13, Asks13);

    [Fact]
    public void Two_for_one_certificate_are_one_too_many() => Refused(
        Server13(Pki, null, leaf: [.. Extension(Pki.Responder.Encode()), .. Extension(Pki.Responder.Encode())]),
        Pki, FaultReason.DuplicateHelloExtension, AlertDescription.IllegalParameter, 0, 5, Phase.Certificates13, Asks13);

    [Fact]
    public void Another_extension_behind_it_was_not_offered() => Refused(
        Server13(Pki, null, leaf: [.. Extension(Pki.Responder.Encode()), 0, 18, 0, 0]),
        Pki, FaultReason.ExtensionNotOffered, AlertDescription.UnsupportedExtension, 0, 18, Phase.Certificates13, Asks13);

    /// <summary>RFC 8446 §4.2: no more than one extension of a type in a block, whoever reads it.</summary>
    [Theory]
    [InlineData(5, FaultReason.DuplicateHelloExtension, AlertDescription.IllegalParameter)]
    [InlineData(18, FaultReason.ExtensionNotOffered, AlertDescription.UnsupportedExtension)]
    public void A_second_extension_of_an_authority_is_one_too_many(byte type, FaultReason reason, AlertDescription alert)
    {
        StatusPki three = StatusPki.Of("P-256", 3);
        byte[] two = [0, 5, .. Wire.Vector16(new byte[30]), 0, type, .. Wire.Vector16(new byte[30])];
        Refused(Server13(three, three.Responder.Encode(), change: message => Append(message, three.Chain, two)), three, reason, alert, 0, type, Phase.Certificates13, Asks13);
    }

    /// <summary>RFC 8446 §4.4.2.1 lets servers staple for each certificate; nobody here reads those of CAs, whatever they hold.</summary>
    [Fact]
    public void Statuses_of_authorities_are_passed_over()
    {
        StatusPki three = StatusPki.Of("P-256", 3);
        byte[] rubbish = [0, 5, .. Wire.Vector16(new byte[300])];
        ScriptedServer13 server = Server13(three, three.Responder.Encode(), change: message => Append(message, three.Chain, rubbish));
        Assert.Equal(CertificateStatus.Good, Connect(server, three, Asks13).Lens().CertificateStatus);
    }

    /// <summary>The same behind a leaf that an anchor itself issued: what follows is no part of the chain, and no second leaf.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Statuses_behind_a_chain_that_has_ended_are_passed_over(bool staples)
    {
        StatusPki one = StatusPki.Of("P-256", 1);
        byte[] ofAnother = Extension((one.Responder with { Singles = [new() { Serial = 7 }] }).Encode());
        byte[][] chain = [one.Leaf.Der, Pki.Root.Der, one.Root.Der];
        ScriptedServer13 server = Server13(one, staples ? one.Responder.Encode() : null, change: message => Append(message, chain, ofAnother), chain: chain);
        Assert.Equal(staples ? CertificateStatus.Good : CertificateStatus.NotStapled, Connect(server, one, Asks13).Lens().CertificateStatus);
    }

    /// <summary>No certificate came, and so nobody kept its status back.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Who_goes_on_with_a_session_was_told_of_no_status(bool tls13)
    {
        Profile profile = (tls13 ? Resuming13.Profile : Resuming12.Profile) with { StapledStatus = true };
        ScriptedClient client;
        if (tls13)
        {
            (byte[] session, byte[] key) = Resuming13.Session(profile: profile);
            using var server = new ScriptedServer13 { KeyOf = Resuming13.Knows(key) };
            client = Scripted13.Connected(server, Resuming13.Client(session, profile)).Client;
        }
        else
        {
            (byte[] session, ScriptedSession remembered) = Resuming12.Session(profile: profile);
            using var server = new ScriptedServer { Resumes = remembered };
            client = Resuming12.Client(session, profile).Prepare();
            Assert.Equal(TlsStatus.Complete, client.Connect(server));
        }

        Assert.Equal((true, CertificateStatus.None), (client.Lens().Resumed, client.Lens().CertificateStatus));
    }

    [Fact]
    public void Whom_a_shared_key_vouches_for_has_no_status()
    {
        using var server = new ScriptedServer13 { KeyOf = Resuming13.Shares(), KeyIsShared = true };
        ScriptedClient client = Scripted13.Connected(server, Resuming13.SharingClient(Resuming13.Profile with { StapledStatus = true })).Client;
        Assert.Equal((true, CertificateStatus.None), (client.Lens().UsedPreSharedKey, client.Lens().CertificateStatus));
    }

    /// <summary>RULES 1: whatever a status says or is, within a record larger than the window its tag speaks first.</summary>
    [Theory]
    [InlineData("good")]
    [InlineData("revoked")]
    [InlineData("malformed")]
    public void A_flip_anywhere_in_a_large_record_with_a_status_is_a_bad_tag(string what)
    {
        byte[] response = (what == "revoked" ? Pki.Delegated() with { Singles = [new() { Status = 1 }] } : Pki.Delegated()).Encode();
        response[0] = what == "malformed" ? (byte)0x31 : response[0];
        using ScriptedServer13 server = Server13(Pki, response);
        ScriptedClient client = new ScriptedClient { Image = Pki.Image, Profile = Asks13 with { InWindowBytes = 512 } }.Prepare();
        Assert.Equal(TlsStatus.NeedMoreData, client.Handshake(default));
        byte[] answer = server.Answer([.. client.Output]);
        int start = Enumerable.Range(0, answer.Length).Last(at => answer.AsSpan(at).StartsWith((ReadOnlySpan<byte>)[23, 3, 3]) && at + 5 + ((answer[at + 3] << 8) | answer[at + 4]) == answer.Length);
        Assert.InRange(answer.Length - start, 1_200, 16_000); // more than two windows
        client.Handshake(answer.AsSpan(0, start));
        int written = client.Output.Count;
        byte[] before = client.Memory.ToArray();
        byte[] record = answer[start..];
        for (int at = 5; at < record.Length; at += 3)
        {
            before.CopyTo(client.Memory);
            byte bit = (byte)(1 << (at & 7));
            record[at] ^= bit;
            Assert.Equal(TlsStatus.NeedMoreData, client.Handshake(record.AsSpan(0, record.Length - 1)));
            Assert.Equal((FaultReason.None, written), (client.Fault.Reason, client.Output.Count));
            Assert.Equal(TlsStatus.Faulted, client.Handshake(record.AsSpan(record.Length - 1)));
            Assert.Equal((FaultReason.BadRecordMac, (byte)20, 0u, 0u), (client.Fault.Reason, client.Fault.Alert, client.Fault.Expected, client.Fault.Actual));
            record[at] ^= bit;
            client.Output.RemoveRange(written, client.Output.Count - written);
        }

        before.CopyTo(client.Memory);
        client.Handshake(record);
        Assert.Equal(what switch { "good" => FaultReason.None, "revoked" => FaultReason.CertificateRevoked, _ => FaultReason.StatusMalformed }, client.Fault.Reason);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Any_split_and_any_grant_of_work_give_the_same_status(bool tls13)
    {
        ScriptedClient Make(int work) => new() { Image = Demanding.Image, Profile = tls13 ? Asks13 with { InWindowBytes = 512 } : Asks, Work = work };
        byte[] response = Demanding.Delegated().Encode();
        for (int piece = 1; piece < 40; piece += 4)
        {
            using ServerScope server = new(tls13 ? Server13(Demanding, response) : Server(Demanding, response, announces: true));
            ScriptedClient client = Make(piece % 3 == 1 ? 1 : 0).Prepare();
            TlsStatus status = client.Handshake(default);
            while (status == TlsStatus.NeedMoreData)
            {
                byte[] said = [.. client.Output];
                client.Output.Clear();
                foreach (byte[] part in server.Server.Answer(said).Chunk(piece))
                {
                    status = client.Handshake(part);
                }
            }

            Assert.Equal((TlsStatus.Complete, CertificateStatus.Good), (status, client.Lens().CertificateStatus));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void The_region_stays_within_its_plan_and_ends_with_the_chain(bool tls13)
    {
        Profile profile = (tls13 ? Asks13 : Asks) with { MaxRsaBits = 0, MaxEcdsaBits = 256, MaxSignatureHashBits = 256 };
        profile = profile with { Suites = tls13 ? CipherSuites.Aes128GcmSha256 : CipherSuites.EcdheEcdsaAes128GcmSha256 };
        var client = new ScriptedClient { Image = Pki.Image, Profile = profile, Poison = 0x5A };
        byte[] response = (Pki.Delegated() with { Singles = [new() { CertIdHash = HashAlgorithmName.SHA256 }] }).Encode();
        Connect(tls13 ? Server13(Pki, response) : Server(Pki, response, announces: true), client);
        int planned = client.Plan[RegionId.Status].Bytes;
        Assert.InRange(client.Audit[(int)RegionId.Status], planned * 9 / 10, planned);
        Assert.False(client.Plan.Lifetime(RegionId.Status).Contains(Phase.Connected));
    }

    private static byte[] Extension(byte[] response) => [0, 5, .. Wire.Vector16([1, .. Wire.Vector24(response)])];

    /// <summary>Puts an extension behind the last certificate of the chain.</summary>
    private static byte[] Append(byte[] message, IReadOnlyList<byte[]> chain, byte[] extension)
    {
        byte[] entries = message[8..^2];
        Assert.Equal(chain[^1], entries[^chain[^1].Length..]);
        return Wire.Message(Wire.Certificate, [0, .. Wire.Vector24([.. entries, .. Wire.Vector16(extension)])]);
    }

    private static ScriptedServer Server(
        StatusPki pki, byte[]? response, bool announces = false, byte[]? raw = null, Func<List<byte[]>, byte[]>? flight = null, Action<List<(int Type, byte[] Data)>>? extensions = null) => new()
    {
        Chain = pki.Chain,
        AnnouncesStatus = announces,
        CertificateStatus = raw ?? (response is null ? null : [1, .. Wire.Vector24(response)]),
        Extensions = extensions,
        FirstFlight = flight ?? (static messages => Wire.Records(Wire.Handshake, Wire.Join(messages), 16_000)),
    };

    private static ScriptedServer13 Server13(
        StatusPki pki, byte[]? response, byte[]? leaf = null, Action<List<(int Type, byte[] Data)>>? encryptedExtensions = null, Func<byte[], byte[]>? change = null, IReadOnlyList<byte[]>? chain = null) => new()
    {
        Chain = chain ?? pki.Chain,
        LeafExtensions = leaf ?? (response is null ? [] : Extension(response)),
        EncryptedExtensions = encryptedExtensions,
        Messages = change is null ? [] : new() { [Wire.Certificate] = change },
        Flight = static (server, messages) => Wire.Join(Wire.Join(messages).Chunk(16_000).Select(part => server.Seal(Wire.Handshake, part))),
    };

    private static ScriptedClient Connected(bool tls13, StatusPki pki, byte[]? response) =>
        Connect(tls13 ? Server13(pki, response) : Server(pki, response, announces: response is not null), pki, tls13 ? Asks13 : Asks);

    private static ScriptedClient Connect(IScriptedServer server, StatusPki pki, Profile profile) =>
        Connect(server, new ScriptedClient { Image = pki.Image, Profile = profile });

    private static ScriptedClient Connect(IScriptedServer server, ScriptedClient client)
    {
        using ServerScope scope = new(server);
        TlsStatus status = client.Prepare().Connect(server);
        Assert.True(status == TlsStatus.Complete, $"{status} {client.Fault.Reason} {client.Fault.Expected} {client.Fault.Actual}");
        return client;
    }

    private static void Refused(
        bool tls13, StatusPki pki, byte[]? response, FaultReason reason, AlertDescription alert, uint expected = 0, uint actual = 0, byte[]? raw = null, Profile? profile = null)
    {
        byte[]? leaf = raw is null ? null : [0, 5, .. Wire.Vector16(raw)];
        IScriptedServer server = tls13 ? Server13(pki, response, leaf) : Server(pki, response, announces: response is not null || raw is not null, raw);
        Phase phase = reason == FaultReason.ExtensionNotOffered && !tls13 ? Phase.Hello : tls13 ? Phase.Certificates13 : Phase.Certificates;
        Refused(server, pki, reason, alert, expected, actual, phase, profile ?? (tls13 ? Asks13 : Asks));
    }

    private static void Refused(
        IScriptedServer server, StatusPki pki, FaultReason reason, AlertDescription alert, uint expected = 0, uint actual = 0, Phase phase = Phase.Certificates, Profile? profile = null)
    {
        using ServerScope scope = new(server);
        ScriptedClient client = new ScriptedClient { Image = pki.Image, Profile = profile ?? Asks }.Prepare();
        Assert.Equal(TlsStatus.Faulted, client.Connect(server));
        Fault fault = client.Fault;
        Assert.Equal((reason, expected, actual, phase, (byte)alert), (fault.Reason, fault.Expected, fault.Actual, fault.Phase, fault.Alert));
        Assert.Equal(CertificateStatus.None, client.Lens().CertificateStatus);
        List<(byte Type, byte[] Content)> received = server is ScriptedServer13 server13 ? server13.Received : ((ScriptedServer)server).Received;
        Assert.Equal([Wire.Alert, 2, (byte)alert], [received[^1].Type, .. received[^1].Content]);
        ScriptedFault.StaysFaulted(client);
        ScriptedFault.AssertWiped(client);
    }

    /// <summary>Either server, to be disposed of.</summary>
    private readonly struct ServerScope(IScriptedServer server) : IDisposable
    {
        public IScriptedServer Server { get; } = server;

        public void Dispose() => ((IDisposable)Server).Dispose();
    }
}
