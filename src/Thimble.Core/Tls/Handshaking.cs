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
        connection.State.State = ClientStates.After(
            connection.State.State, connection.Is(ConnectionFlags.CertificateRequested), connection.Is(ConnectionFlags.ClientCertificate));
        Phase phase = PhaseOf(connection.State.State);
        if (phase != connection.Buffer.Phase)
        {
            connection.Buffer.Enter(phase);
            Span<byte> text = connection.Buffer[RegionId.FaultText];
            text.Slice(0, text.IsEmpty ? 0 : 1).Clear();
        }
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
                return Phase.Certificates;
            case ClientState.WaitServerKeyExchange:
            case ClientState.VerifyServerKeyExchange:
                return Phase.ServerKeyExchange;
            case ClientState.SignTranscript:
            case ClientState.SendCertificateVerify:
                return Phase.ClientAuth;
            case ClientState.SendChangeCipherSpec:
            case ClientState.SendFinished:
            case ClientState.WaitChangeCipherSpec:
            case ClientState.WaitFinished:
                return Phase.Finished;
            case ClientState.Connected:
            case ClientState.Closed:
            case ClientState.Faulted:
                return Phase.Connected;
            default:
                return Phase.KeyExchange;
        }
    }
}
