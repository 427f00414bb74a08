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
    private static readonly ClientState[] WithCertificate =
    [
        ClientState.Start, ClientState.WaitServerHello, ClientState.WaitCertificate, ClientState.WaitCertificateStatus, ClientState.WaitServerKeyExchange, ClientState.VerifyServerKeyExchange,
        ClientState.WaitCertificateRequest, ClientState.WaitServerHelloDone, ClientState.SendCertificate, ClientState.MakeKeyShare, ClientState.SendClientKeyExchange,
        ClientState.AgreeOnSecret, ClientState.SignTranscript, ClientState.SendCertificateVerify, ClientState.SendChangeCipherSpec, ClientState.SendFinished,
        ClientState.WaitChangeCipherSpec, ClientState.WaitFinished, ClientState.Connected,
    ];

    [Theory]
    [InlineData(false, false, false, 0)]
    [InlineData(false, true, false, 0)]
    [InlineData(true, false, false, 1)]
    [InlineData(true, true, false, 3)]
    [InlineData(true, true, true, 3)]
    [InlineData(false, false, true, 0)]
    public void Each_state_leads_to_the_next_and_the_client_s_certificate_and_a_status_add_their_own(bool requested, bool has, bool status, int added)
    {
        ClientState[] expected = WithCertificate.Where(state => state switch
        {
            ClientState.WaitCertificateStatus => status,
            ClientState.SendCertificate => added >= 1,
            ClientState.SignTranscript or ClientState.SendCertificateVerify => added == 3,
            _ => true,
        }).ToArray();
        var walked = new List<ClientState> { ClientState.Start };
        while (walked[^1] != ClientState.Connected)
        {
            walked.Add(ClientStates.After(walked[^1], requested, has, status));
        }

        Assert.Equal(expected, walked);
    }

    [Fact]
    public void Ends_stay_ends_and_nothing_else_leads_there()
    {
        foreach (ClientState state in Enum.GetValues<ClientState>())
        {
            foreach ((bool requested, bool has) in new[] { (false, false), (false, true), (true, false), (true, true) })
            {
                ClientState next = ClientStates.After(state, requested, has, statusMayCome: has);
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
        Phase phase = Phase.Hello;
        foreach (ClientState state in WithCertificate)
        {
            Assert.True(Handshaking.PhaseOf(state) >= phase);
            phase = Handshaking.PhaseOf(state);
        }

        Assert.Equal(Phase.Connected, phase);
    }
}
