using System;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>Goes from one state to the next, and from one phase to the next with it.</summary>
internal static class Handshaking
{
    /// <summary>The state has done its part.</summary>
    public static void Advance(scoped in Connection connection)
    {
        Flood.Reset(connection);
        connection.State.State = Next(connection);
        Phase phase = PhaseOf(connection);
        if (phase != connection.Buffer.Phase)
        {
            connection.Buffer.Enter(phase);
            Span<byte> text = connection.Buffer[RegionId.FaultText];
            text.Slice(0, text.IsEmpty ? 0 : 1).Clear();
        }
    }

    private static ClientState Next(scoped in Connection connection)
    {
        ref ConnectionState state = ref connection.State;
        bool goes13 = !Features.Tls12 || ClientStates13.Own(state.State) || (connection.Offers13 && state.State == ClientState.Start) || connection.Is13;
        return Features.Tls13 && goes13
            ? ClientStates13.After(state.State, state.Flags, state.Retry)
            : ClientStates.After(state.State, state.Flags, state.SuiteFacts.KeyExchange);
    }

    /// <summary>A client that offers TLS 1.3 waits for ServerHello where its share lives.</summary>
    private static Phase PhaseOf(scoped in Connection connection)
    {
        ClientState state = connection.State.State;
        return state == ClientState.WaitServerHello && connection.Offers13 ? Phase.KeyShare13 : PhaseOf(state);
    }

    /// <summary>The phase in which a state is at work.</summary>
    public static Phase PhaseOf(ClientState state)
    {
        switch (state)
        {
            case ClientState.Start:
            case ClientState.WaitServerHello:
                return Phase.Hello;
            case ClientState.WaitCertificate:
            case ClientState.WaitCertificateStatus:
                return Phase.Certificates;
            case ClientState.WaitServerKeyExchange:
            case ClientState.VerifyServerKeyExchange:
                return Phase.ServerKeyExchange;
            case ClientState.SignTranscript:
            case ClientState.SendCertificateVerify:
                return Phase.ClientAuth;
            case ClientState.SendChangeCipherSpec:
            case ClientState.SendFinished:
            case ClientState.ResumeSession:
            case ClientState.WaitNewSessionTicket:
            case ClientState.WaitChangeCipherSpec:
            case ClientState.ExpectFinished:
            case ClientState.WaitFinished:
                return Phase.Finished;
            case ClientState.OfferKeyShare:
            case ClientState.SendClientHello13:
            case ClientState.SendRetryChangeCipherSpec:
                return Phase.KeyShare13;
            case ClientState.AgreeOnSecret13:
                return Phase.KeyAgreement13;
            case ClientState.WaitEncryptedExtensions:
            case ClientState.WaitCertificateRequest13:
            case ClientState.WaitCertificate13:
                return Phase.Certificates13;
            case ClientState.WaitCertificateVerify:
            case ClientState.VerifyCertificateVerify:
            case ClientState.WaitFinished13:
                return Phase.ServerVerify13;
            case ClientState.SendChangeCipherSpec13:
            case ClientState.SendCertificate13:
            case ClientState.SignTranscript13:
            case ClientState.SendCertificateVerify13:
                return Phase.ClientAuth13;
            case ClientState.SendFinished13:
                return Phase.Finished13;
            case ClientState.Connected:
            case ClientState.Closed:
            case ClientState.Faulted:
                return Phase.Connected;
            default:
                return Phase.KeyExchange;
        }
    }
}
