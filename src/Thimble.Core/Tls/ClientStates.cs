namespace Thimble.Tls;

/// <summary>The order of a full handshake as a pure function: RFC 5246 §7.3, figure 1, seen from the client.</summary>
internal static class ClientStates
{
    /// <summary>The state that follows when <paramref name="state"/> has done its part.</summary>
    public static ClientState After(ClientState state, bool certificateRequested, bool clientHasCertificate, bool statusMayCome)
    {
        switch (state)
        {
            case ClientState.WaitCertificate:
                return statusMayCome ? ClientState.WaitCertificateStatus : ClientState.WaitServerKeyExchange;
            case ClientState.WaitServerHelloDone:
                return certificateRequested ? ClientState.SendCertificate : ClientState.MakeKeyShare;
            case ClientState.AgreeOnSecret:
                return certificateRequested && clientHasCertificate ? ClientState.SignTranscript : ClientState.SendChangeCipherSpec;
            case ClientState.WaitFinished:
                return ClientState.Connected;
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
    /// ServerHelloDone, because the request is optional, and <see cref="ClientState.WaitCertificateStatus"/> ServerKeyExchange
    /// (RFC 6066 §8); HelloRequest is ignored everywhere (RFC 5246 §7.4.1.1).
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
            case ClientState.WaitFinished:
                return HandshakeType.Finished;
            default:
                return HandshakeType.HelloRequest;
        }
    }
}
