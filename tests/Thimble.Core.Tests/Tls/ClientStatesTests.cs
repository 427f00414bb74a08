using System;
using System.Collections.Generic;
using System.Linq;
using Thimble.Memory;
using Thimble.Tls;
using Xunit;

namespace Thimble.Core.Tests.Tls;

/// <summary>The order of the handshake as the table of RFC 5246 §7.3 has it, written down a second time.</summary>
public sealed class ClientStatesTests
{
    /// <summary>Figure 1 with all that may be left out, and the ticket of RFC 5077 §3.1.</summary>
    private static readonly ClientState[] Full =
    [
        ClientState.Start, ClientState.WaitServerHello, ClientState.WaitCertificate, ClientState.WaitCertificateStatus, ClientState.WaitServerKeyExchange, ClientState.VerifyServerKeyExchange,
        ClientState.WaitCertificateRequest, ClientState.WaitServerHelloDone, ClientState.SendCertificate, ClientState.MakeKeyShare, ClientState.SendClientKeyExchange,
        ClientState.AgreeOnSecret, ClientState.SignTranscript, ClientState.SendCertificateVerify, ClientState.SendChangeCipherSpec, ClientState.SendFinished,
        ClientState.WaitNewSessionTicket, ClientState.WaitChangeCipherSpec, ClientState.ExpectFinished, ClientState.WaitFinished, ClientState.Connected,
    ];

    /// <summary>Figure 2 with the ticket of RFC 5077 §3.1.</summary>
    private static readonly ClientState[] Resumed =
    [
        ClientState.Start, ClientState.WaitServerHello, ClientState.ResumeSession, ClientState.WaitNewSessionTicket, ClientState.WaitChangeCipherSpec,
        ClientState.ExpectFinished, ClientState.WaitFinished, ClientState.SendChangeCipherSpec, ClientState.SendFinished, ClientState.Connected,
    ];

    private static readonly ClientState[] OfCertificates =
        [ClientState.WaitCertificate, ClientState.WaitCertificateStatus, ClientState.VerifyServerKeyExchange, ClientState.WaitCertificateRequest];

    [Theory]
    [InlineData(false, false, false, false)]
    [InlineData(false, true, true, false)]
    [InlineData(true, false, true, true)]
    [InlineData(true, true, false, true)]
    public void Each_state_leads_to_the_next_and_certificate_ticket_and_status_add_their_own(bool requested, bool has, bool ticket, bool status)
    {
        foreach (KeyExchange exchange in new[] { KeyExchange.EcdheEcdsa, KeyExchange.EcdheRsa })
        {
            IEnumerable<ClientState> expected = Full.Where(state => state switch
            {
                ClientState.WaitCertificateStatus => status,
                ClientState.SendCertificate => requested,
                ClientState.SignTranscript or ClientState.SendCertificateVerify => requested && has,
                ClientState.WaitNewSessionTicket => ticket,
                _ => true,
            });
            Assert.Equal(expected, Walk(Facts(requested, has, ticket) | (status ? ConnectionFlags.StatusNegotiated : 0), exchange));
        }
    }

    [Theory]
    [InlineData(KeyExchange.Psk, false)]
    [InlineData(KeyExchange.Psk, true)]
    [InlineData(KeyExchange.EcdhePsk, true)]
    public void A_shared_key_leaves_out_certificates_and_alone_the_key_share(object shared, bool ticket)
    {
        var exchange = (KeyExchange)shared;
        IEnumerable<ClientState> expected = Full.Except(OfCertificates).Where(state => state switch
        {
            ClientState.SendCertificate or ClientState.SignTranscript or ClientState.SendCertificateVerify => false,
            ClientState.MakeKeyShare => exchange == KeyExchange.EcdhePsk,
            ClientState.WaitNewSessionTicket => ticket,
            _ => true,
        });
        Assert.Equal(expected, Walk(Facts(requested: false, has: true, ticket), exchange));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_session_that_goes_on_has_the_server_finish_first_whatever_the_suite(bool ticket)
    {
        foreach (KeyExchange exchange in new[] { KeyExchange.EcdheEcdsa, KeyExchange.EcdheRsa, KeyExchange.Psk, KeyExchange.EcdhePsk })
        {
            Assert.Equal(
                Resumed.Where(state => ticket || state != ClientState.WaitNewSessionTicket),
                Walk(Facts(requested: false, has: true, ticket) | ConnectionFlags.Resumed, exchange));
        }
    }

    [Fact]
    public void Only_what_is_optional_may_give_way_to_server_hello_done()
    {
        foreach (ClientState state in Enum.GetValues<ClientState>())
        {
            foreach (KeyExchange exchange in Enum.GetValues<KeyExchange>())
            {
                bool optional = state == ClientState.WaitCertificateRequest || (state == ClientState.WaitServerKeyExchange && exchange == KeyExchange.Psk);
                Assert.Equal(optional, ClientStates.MayLeaveOut(state, exchange));
            }
        }
    }

    private static ConnectionFlags Facts(bool requested, bool has, bool ticket) =>
        (requested ? ConnectionFlags.CertificateRequested : 0) | (has ? ConnectionFlags.ClientCertificate : 0) | (ticket ? ConnectionFlags.TicketAnnounced : 0);

    private static List<ClientState> Walk(ConnectionFlags facts, KeyExchange exchange)
    {
        var walked = new List<ClientState> { ClientState.Start };
        while (walked[^1] != ClientState.Connected)
        {
            walked.Add(ClientStates.After(walked[^1], facts, exchange));
        }

        return walked;
    }

    [Fact]
    public void Ends_stay_ends_and_nothing_else_leads_there()
    {
        foreach (ClientState state in Enum.GetValues<ClientState>())
        {
            for (int facts = 0; facts < 16; facts++)
            {
                ConnectionFlags resumed = (facts & 8) != 0 ? ConnectionFlags.Resumed : 0;
                ClientState next = ClientStates.After(state, Facts((facts & 1) != 0, (facts & 2) != 0, (facts & 4) != 0) | resumed, (KeyExchange)(facts % 5));
                bool isEnd = state is ClientState.Connected or ClientState.Closed or ClientState.Faulted;
                Assert.Equal(isEnd, next == state);
                Assert.True(isEnd || next <= ClientState.Connected);
            }
        }
    }

    [Fact]
    public void Each_waiting_state_awaits_its_message_and_the_others_only_hello_request()
    {
        var awaited = new Dictionary<ClientState, HandshakeType>
        {
            [ClientState.WaitServerHello] = HandshakeType.ServerHello,
            [ClientState.WaitCertificate] = HandshakeType.Certificate,
            [ClientState.WaitCertificateStatus] = HandshakeType.CertificateStatus,
            [ClientState.WaitServerKeyExchange] = HandshakeType.ServerKeyExchange,
            [ClientState.WaitCertificateRequest] = HandshakeType.CertificateRequest,
            [ClientState.WaitServerHelloDone] = HandshakeType.ServerHelloDone,
            [ClientState.WaitNewSessionTicket] = HandshakeType.NewSessionTicket,
            [ClientState.WaitFinished] = HandshakeType.Finished,
        };
        Assert.All(Enum.GetValues<ClientState>(), state => Assert.Equal(awaited.GetValueOrDefault(state), ClientStates.Awaits(state)));
    }

    private static readonly ClientState[] WithCertificate13 =
    [
        ClientState.Start, ClientState.OfferKeyShare, ClientState.SendClientHello13, ClientState.WaitServerHello, ClientState.SendRetryChangeCipherSpec,
        ClientState.OfferKeyShare, ClientState.SendClientHello13, ClientState.WaitServerHello, ClientState.AgreeOnSecret13, ClientState.WaitEncryptedExtensions,
        ClientState.WaitCertificateRequest13, ClientState.WaitCertificate13, ClientState.WaitCertificateVerify, ClientState.VerifyCertificateVerify, ClientState.WaitFinished13,
        ClientState.SendChangeCipherSpec13, ClientState.SendCertificate13, ClientState.SignTranscript13, ClientState.SendCertificateVerify13, ClientState.SendFinished13,
        ClientState.Connected,
    ];

    [Fact]
    public void A_key_of_TLS_1_3_takes_the_place_of_certificates_on_both_sides()
    {
        var walked = new List<ClientState> { ClientState.AgreeOnSecret13 };
        while (walked[^1] != ClientState.Connected)
        {
            walked.Add(ClientStates13.After(walked[^1], ConnectionFlags.PskSelected, RetryState.None));
        }

        Assert.Equal(
            [ClientState.AgreeOnSecret13, ClientState.WaitEncryptedExtensions, ClientState.WaitFinished13, ClientState.SendChangeCipherSpec13, ClientState.SendFinished13, ClientState.Connected], walked);
    }

    /// <summary>RFC 8446 §A.1 with §D.4, written down a second time: what each fact adds or leaves out.</summary>
    [Theory]
    [InlineData(RetryState.None, false, false)]
    [InlineData(RetryState.None, true, false)]
    [InlineData(RetryState.None, true, true)]
    [InlineData(RetryState.Asked, false, false)]
    [InlineData(RetryState.Asked, true, true)]
    [InlineData(RetryState.AskedForGroup, false, true)]
    [InlineData(RetryState.AskedForGroup, true, true)]
    public void Each_state_of_TLS_1_3_leads_to_the_next(object asked, bool requested, bool has)
    {
        var retry = (RetryState)asked;
        IEnumerable<ClientState> expected = WithCertificate13.Where((state, at) => at switch
        {
            4 or 6 or 7 => retry != RetryState.None,
            5 => retry == RetryState.AskedForGroup,
            15 => retry == RetryState.None,
            16 => requested,
            17 or 18 => requested && has,
            _ => true,
        });
        ConnectionFlags facts = (requested ? ConnectionFlags.CertificateRequested : 0) | (has ? ConnectionFlags.ClientCertificate : 0);
        var walked = new List<ClientState> { ClientState.Start };
        RetryState now = RetryState.None;
        for (int hellos = 0; walked[^1] != ClientState.Connected;)
        {
            hellos += walked[^1] == ClientState.SendClientHello13 ? 1 : 0;
            now = walked[^1] == ClientState.WaitServerHello && hellos == 1 ? retry : hellos == 2 ? RetryState.Answered : now;
            walked.Add(ClientStates13.After(walked[^1], facts, now));
        }

        Assert.Equal(expected, walked);
    }

    [Fact]
    public void Each_waiting_state_of_TLS_1_3_awaits_its_message_and_all_that_wait_are_known()
    {
        var awaited = new Dictionary<ClientState, HandshakeType>
        {
            [ClientState.WaitServerHello] = HandshakeType.ServerHello,
            [ClientState.WaitEncryptedExtensions] = HandshakeType.EncryptedExtensions,
            [ClientState.WaitCertificateRequest13] = HandshakeType.CertificateRequest,
            [ClientState.WaitCertificate13] = HandshakeType.Certificate,
            [ClientState.WaitCertificateVerify] = HandshakeType.CertificateVerify,
            [ClientState.WaitFinished13] = HandshakeType.Finished,
        };
        Assert.All(Enum.GetValues<ClientState>(), state =>
        {
            Assert.Equal(awaited.GetValueOrDefault(state), ClientStates13.Awaits(state));
            Assert.Equal(state.ToString().StartsWith("Wait", StringComparison.Ordinal), ClientStates.Waits(state));
        });
    }

    [Fact]
    public void Phases_of_TLS_1_3_never_go_back_while_the_states_go_on()
    {
        Phase phase = Phase.KeyShare13;
        foreach (ClientState state in WithCertificate13.Skip(8))
        {
            Assert.True(Handshaking.PhaseOf(state) >= phase, state.ToString());
            phase = Handshaking.PhaseOf(state);
        }

        Assert.Equal(Phase.Connected, phase);
    }

    [Fact]
    public void Phases_never_go_back_while_the_states_go_on()
    {
        foreach (ClientState[] order in new[] { Full, Resumed, [.. Full.Except(OfCertificates)] })
        {
            Phase phase = Phase.Hello;
            foreach (ClientState state in order)
            {
                Assert.True(Handshaking.PhaseOf(state) >= phase);
                phase = Handshaking.PhaseOf(state);
            }

            Assert.Equal(Phase.Connected, phase);
        }
    }
}
