namespace Thimble.Tls;

/// <summary>
/// The order of a handshake as a pure function, seen from the client: RFC 5246 §7.3, figure 1 where it is full and figure 2
/// where it resumes a session, each with the ticket of RFC 5077 §3.1; and RFC 4279 §2 where a shared key stands for certificates.
/// </summary>
internal static class ClientStates
{
    /// <summary>The state that follows when <paramref name="state"/> has done its part.</summary>
    public static ClientState After(ClientState state, ConnectionFlags facts, KeyExchange exchange)
    {
        bool resumed = (facts & ConnectionFlags.Resumed) != 0;
        bool requested = (facts & ConnectionFlags.CertificateRequested) != 0;
        bool signs = requested && (facts & ConnectionFlags.ClientCertificate) != 0;
        bool certified = KeyExchanges.IsCertified(exchange);
        switch (state)
        {
            case ClientState.WaitServerHello:
                return resumed ? ClientState.ResumeSession : certified ? ClientState.WaitCertificate : ClientState.WaitServerKeyExchange;
            case ClientState.WaitCertificate:
                return (facts & ConnectionFlags.StatusNegotiated) != 0 ? ClientState.WaitCertificateStatus : ClientState.WaitServerKeyExchange;
            case ClientState.WaitServerKeyExchange:
                return certified ? ClientState.VerifyServerKeyExchange : ClientState.WaitServerHelloDone;
            case ClientState.WaitServerHelloDone:
                return requested ? ClientState.SendCertificate
                    : exchange == KeyExchange.Psk ? ClientState.SendClientKeyExchange : ClientState.MakeKeyShare;
            case ClientState.AgreeOnSecret:
                return signs ? ClientState.SignTranscript : ClientState.SendChangeCipherSpec;
            case ClientState.SendFinished:
                return resumed ? ClientState.Connected : BeforeServerFinished(facts);
            case ClientState.ResumeSession:
                return BeforeServerFinished(facts);
            case ClientState.WaitFinished:
                return resumed ? ClientState.SendChangeCipherSpec : ClientState.Connected;
            case ClientState.Connected:
            case ClientState.Closed:
            case ClientState.Faulted:
                return state;
            default:
                return state + 1;
        }
    }

    /// <summary>Whether the state wants the peer's bytes.</summary>
    public static bool Waits(ClientState state)
    {
        switch (state)
        {
            case ClientState.WaitServerHello:
            case ClientState.WaitCertificate:
            case ClientState.WaitCertificateStatus:
            case ClientState.WaitServerKeyExchange:
            case ClientState.WaitCertificateRequest:
            case ClientState.WaitServerHelloDone:
            case ClientState.WaitNewSessionTicket:
            case ClientState.WaitChangeCipherSpec:
            case ClientState.WaitFinished:
            case ClientState.WaitEncryptedExtensions:
            case ClientState.WaitCertificateRequest13:
            case ClientState.WaitCertificate13:
            case ClientState.WaitCertificateVerify:
            case ClientState.WaitFinished13:
                return true;
            default:
                return false;
        }
    }

    /// <summary>
    /// The message that <paramref name="state"/> waits for. <see cref="ClientState.WaitCertificateRequest"/> also takes
    /// ServerHelloDone, because the request is optional, as the hint to a shared key is (<see cref="MayLeaveOut"/>), and
    /// <see cref="ClientState.WaitCertificateStatus"/> ServerKeyExchange (RFC 6066 §8); HelloRequest is ignored everywhere (RFC 5246 §7.4.1.1).
    /// </summary>
    public static HandshakeType Awaits(ClientState state)
    {
        switch (state)
        {
            case ClientState.WaitServerHello:
                return HandshakeType.ServerHello;
            case ClientState.WaitCertificate:
                return HandshakeType.Certificate;
            case ClientState.WaitCertificateStatus:
                return HandshakeType.CertificateStatus;
            case ClientState.WaitServerKeyExchange:
                return HandshakeType.ServerKeyExchange;
            case ClientState.WaitCertificateRequest:
                return HandshakeType.CertificateRequest;
            case ClientState.WaitServerHelloDone:
                return HandshakeType.ServerHelloDone;
            case ClientState.WaitNewSessionTicket:
                return HandshakeType.NewSessionTicket;
            case ClientState.WaitFinished:
                return HandshakeType.Finished;
            default:
                return HandshakeType.HelloRequest;
        }
    }

    /// <summary>Whether ServerHelloDone may come instead of what <paramref name="state"/> waits for (RFC 5246 §7.4.4, RFC 4279 §2).</summary>
    public static bool MayLeaveOut(ClientState state, KeyExchange exchange) =>
        state == ClientState.WaitCertificateRequest || (state == ClientState.WaitServerKeyExchange && exchange == KeyExchange.Psk);

    /// <summary>A ticket that was announced comes before the server's ChangeCipherSpec (RFC 5077 §3.3).</summary>
    private static ClientState BeforeServerFinished(ConnectionFlags facts) =>
        (facts & ConnectionFlags.TicketAnnounced) != 0 ? ClientState.WaitNewSessionTicket : ClientState.WaitChangeCipherSpec;
}
