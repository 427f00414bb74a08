using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Tests.Tls;

/// <summary>What a server may not do with sessions and tickets of TLS 1.2: each has its own fault, and leaves no session.</summary>
public sealed class Resumption12FaultTests
{
    [Fact]
    public void A_session_does_not_go_on_under_another_suite() => Resuming12.Fails(
        static session => new ScriptedServer { Resumes = session, SuiteOnTheWire = ScriptedSuite.EcdsaChaCha },
        FaultReason.SessionSuiteChanged, AlertDescription.IllegalParameter, Phase.Hello, ScriptedSuite.EcdsaAes128, ScriptedSuite.EcdsaChaCha);

    [Fact]
    public void A_session_does_not_go_on_under_another_suite_where_both_versions_are_offered_either() => Resuming12.Fails(
        static session => new ScriptedServer { Resumes = session, SuiteOnTheWire = ScriptedSuite.EcdsaChaCha },
        FaultReason.SessionSuiteChanged, AlertDescription.IllegalParameter, Phase.KeyShare13, ScriptedSuite.EcdsaAes128, ScriptedSuite.EcdsaChaCha, Resuming12.Both);

    /// <summary>RFC 7627 §5.3: even where a full handshake without the extension would be tolerated.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_session_does_not_go_on_without_the_extended_master_secret(bool tolerant) => Resuming12.Fails(
        static session => new ScriptedServer { Resumes = session, ExtendedMasterSecret = false },
        FaultReason.ExtendedMasterSecretMissing, AlertDescription.HandshakeFailure, Phase.Hello, profile: Resuming12.Profile with { AllowLegacyMasterSecret = tolerant });

    [Fact]
    public void A_wrong_finished_ends_the_resumption() => Resuming12.Fails(
        static session => new ScriptedServer { Resumes = session, Ticket = [1, 2], VerifyData = static data => [.. data[..^1], (byte)(data[^1] ^ 1)] },
        FaultReason.FinishedMismatch, AlertDescription.DecryptError, Phase.Finished);

    [Fact]
    public void A_wrong_finished_ends_a_full_handshake_and_takes_the_ticket_with_it()
    {
        ScriptedClient client = Resuming12.Client();
        ScriptedFault.Fails(
            new ScriptedServer { Ticket = Resuming12.Ticket, VerifyData = static data => [.. data[..^1], (byte)(data[^1] ^ 1)] },
            FaultReason.FinishedMismatch, AlertDescription.DecryptError, Phase.Finished, client: client);
        Assert.False(client.Lens().HasSession);
    }

    [Fact]
    public void A_ticket_that_changed_after_the_transcript_took_it_ends_the_handshake()
    {
        ScriptedFault.Fails(
            new ScriptedServer { Ticket = Resuming12.Ticket, TicketFlight = static s => Flip(Wire.Record(Wire.Handshake, s.TicketMessage()), 40) },
            FaultReason.FinishedMismatch, AlertDescription.DecryptError, Phase.Finished, client: Resuming12.Client());
    }

    [Fact]
    public void A_certificate_in_a_resumption_is_unexpected() => Resuming12.Fails(
        static session => new ScriptedServer { Resumes = session, TicketFlight = static _ => Wire.Record(Wire.Handshake, Wire.Message(Wire.Certificate, 0, 0, 0)) },
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.Finished, 0, Wire.Certificate);

    [Fact]
    public void A_ticket_that_was_not_announced_is_unexpected()
    {
        Resuming12.Fails(
            static session => new ScriptedServer { Resumes = session, TicketFlight = static _ => Ticket(1, 2, 3) },
            FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.Finished, 0, Wire.NewSessionTicket);
        ScriptedFault.Fails(
            new ScriptedServer { TicketFlight = static _ => Ticket(1, 2, 3) },
            FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.Finished, 0, Wire.NewSessionTicket, Resuming12.Client());
    }

    [Fact]
    public void A_ticket_that_was_announced_must_come()
    {
        Resuming12.Fails(
            static session => new ScriptedServer { Resumes = session, Ticket = [1], TicketFlight = static _ => [] },
            FaultReason.ChangeCipherSpecInvalid, AlertDescription.UnexpectedMessage, Phase.Finished, 1, 1);
        ScriptedFault.Fails(
            new ScriptedServer { Ticket = [1], TicketFlight = static _ => [] },
            FaultReason.ChangeCipherSpecInvalid, AlertDescription.UnexpectedMessage, Phase.Finished, 1, 1, Resuming12.Client());
    }

    [Fact]
    public void A_second_ticket_is_unexpected() => Resuming12.Fails(
        static session => new ScriptedServer { Resumes = session, Ticket = [1], TicketFlight = static s => [.. Wire.Record(Wire.Handshake, s.TicketMessage()), .. Ticket(1)] },
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.Finished, 0, Wire.NewSessionTicket);

    [Fact]
    public void A_ticket_behind_the_change_of_keys_is_unexpected() => Resuming12.Fails(
        static session => new ScriptedServer
        {
            Resumes = session, SecondFlight = static s => [.. Wire.Record(Wire.ChangeCipherSpec, [1]), .. s.Seal(Wire.Handshake, Wire.Message(Wire.NewSessionTicket, 0, 0, 0, 0, 0, 0))],
        },
        FaultReason.UnexpectedMessage, AlertDescription.UnexpectedMessage, Phase.Finished, Wire.Finished, Wire.NewSessionTicket);

    [Fact]
    public void A_ticket_does_not_reach_across_the_change_of_keys() => Resuming12.Fails(
        static session => new ScriptedServer { Resumes = session, Ticket = [1, 2, 3], TicketFlight = static s => Wire.Record(Wire.Handshake, s.TicketMessage()[..7]) },
        FaultReason.MessageAcrossKeyChange, AlertDescription.UnexpectedMessage, Phase.Finished);

    [Fact]
    public void A_ticket_message_cut_off_or_too_long_is_malformed()
    {
        byte[] body = [0, 0, 1, 0, 0, 5, 1, 2, 3, 4, 5];
        foreach (byte[] wrong in Enumerable.Range(0, body.Length).Select(length => body[..length]).Append([.. body, 0]).Append([0, 0, 0, 0, 0, 0, 9]).Append([0, 0, 0, 0, 0xFF, 0xFF, 9]))
        {
            ScriptedFault.Fails(
                new ScriptedServer { Ticket = [1], Messages = { [Wire.NewSessionTicket] = ScriptedServer.Body(_ => wrong) } },
                FaultReason.MessageMalformed, AlertDescription.DecodeError, Phase.Finished, Wire.NewSessionTicket, 0, Resuming12.Client());
        }
    }

    [Fact]
    public void The_announcement_is_empty() => ScriptedFault.Fails(
        new ScriptedServer { Extensions = static list => list.Add((35, [0])) },
        FaultReason.HelloExtensionMalformed, AlertDescription.DecodeError, Phase.Hello, 0, 35, Resuming12.Client());

    [Fact]
    public void The_announcement_answers_an_offer() => ScriptedFault.Fails(
        new ScriptedServer { Extensions = static list => list.Add((35, [])) }, FaultReason.ExtensionNotOffered, AlertDescription.UnsupportedExtension, Phase.Hello, 0, 35);

    [Fact]
    public void The_announcement_has_no_place_in_TLS_1_3() => Scripted13.Fails(
        new ScriptedServer13 { EncryptedExtensions = static list => list.Add((35, [])) }, FaultReason.ExtensionMisplaced, AlertDescription.IllegalParameter,
        Phase.Certificates13, 8, 35, Resuming12.Client(profile: Resuming12.Both));

    /// <summary>TLS 1.2 cannot know an id that was made up for TLS 1.3, and goes on with no session that was not offered.</summary>
    [Fact]
    public void An_echo_of_an_id_that_nobody_can_resume_is_a_fault()
    {
        using var server = new ScriptedServer { Resumes = new ScriptedSession(ScriptedSuite.EcdsaAes128, new byte[48]) };
        ScriptedClient client = Resuming12.Client(profile: Resuming12.Both).Prepare();
        Assert.Equal(TlsStatus.Faulted, client.Connect(server));
        ScriptedFault.Check(client, server, FaultReason.SessionIdMismatch, AlertDescription.IllegalParameter, Phase.KeyShare13);
    }

    [Fact]
    public void A_server_of_TLS_1_3_echoes_the_id_of_a_session_of_TLS_1_2_too()
    {
        (byte[] session, _) = Resuming12.Session(byTicket: false, profile: Resuming12.Both);
        using var server = new ScriptedServer13 { SessionId = static sent => [.. sent[..^1], (byte)(sent[^1] ^ 1)] };
        ScriptedClient client = Resuming12.Client(session, Resuming12.Both).Prepare();
        client.Handshake(default);
        Assert.Equal(TlsStatus.Faulted, client.Handshake(server.Answer([.. client.Output])));
        Assert.Equal((FaultReason.SessionIdMismatch, (byte)AlertDescription.IllegalParameter), (client.Fault.Reason, client.Fault.Alert));
    }

    [Fact]
    public void A_downgrade_shows_in_a_resumption_too()
    {
        (byte[] session, ScriptedSession remembered) = Resuming12.Session(profile: Resuming12.Both);
        ScriptedFault.Fails(
            new ScriptedServer
            {
                Resumes = remembered, Messages = { [Wire.ServerHello] = ScriptedServer.Body(static body => [.. body[..26], .. "DOWNGRD"u8, 1, .. body[34..]]) },
            },
            FaultReason.DowngradeDetected, AlertDescription.IllegalParameter, Phase.KeyShare13, 0, 1, Resuming12.Client(session, Resuming12.Both));
    }

    private static byte[] Ticket(params byte[] ticket) => Wire.Record(Wire.Handshake, Wire.Message(Wire.NewSessionTicket, [0, 0, 0, 0, .. Wire.Vector16(ticket)]));

    private static byte[] Flip(byte[] bytes, int at)
    {
        bytes[at] ^= 1;
        return bytes;
    }
}
