namespace Thimble.Tls;

/// <summary>The order of a TLS 1.3 handshake as a pure function: RFC 8446 §A.1, seen from the client.</summary>
internal static class ClientStates13
{
    /// <summary>Whether the state belongs to TLS 1.3 alone.</summary>
    public static bool Own(ClientState state) => state is >= ClientState.OfferKeyShare and < ClientState.Connected;

    /// <summary>The state that follows when <paramref name="state"/> has done its part.</summary>
    public static ClientState After(ClientState state, ConnectionFlags facts, RetryState retry)
    {
        bool requested = (facts & ConnectionFlags.CertificateRequested) != 0;
        bool signs = requested && (facts & ConnectionFlags.ClientCertificate) != 0;
        switch (state)
        {
            case ClientState.Start:
                return ClientState.OfferKeyShare;
            case ClientState.SendClientHello13:
                return ClientState.WaitServerHello;
            case ClientState.WaitServerHello:
                return retry is RetryState.Asked or RetryState.AskedForGroup ? ClientState.SendRetryChangeCipherSpec : ClientState.AgreeOnSecret13;
            case ClientState.SendRetryChangeCipherSpec:
                return retry == RetryState.AskedForGroup ? ClientState.OfferKeyShare : ClientState.SendClientHello13;
            case ClientState.WaitEncryptedExtensions:
                // RFC 8446 §2.2: whoever knows the PSK needs no certificate.
                return (facts & ConnectionFlags.PskSelected) != 0 ? ClientState.WaitFinished13 : ClientState.WaitCertificateRequest13;
            case ClientState.WaitFinished13:
                // RFC 8446 §D.4: once, before the second flight, which may have been a second ClientHello.
                return retry == RetryState.None ? ClientState.SendChangeCipherSpec13 : AfterChangeCipherSpec(requested);
            case ClientState.SendChangeCipherSpec13:
                return AfterChangeCipherSpec(requested);
            case ClientState.SendCertificate13:
                return signs ? ClientState.SignTranscript13 : ClientState.SendFinished13;
            default:
                return state + 1;
        }
    }

    /// <summary>
    /// The message that <paramref name="state"/> waits for. <see cref="ClientState.WaitCertificateRequest13"/> also takes
    /// Certificate, because the request is optional.
    /// </summary>
    public static HandshakeType Awaits(ClientState state)
    {
        switch (state)
        {
            case ClientState.WaitServerHello:
                return HandshakeType.ServerHello;
            case ClientState.WaitEncryptedExtensions:
                return HandshakeType.EncryptedExtensions;
            case ClientState.WaitCertificateRequest13:
                return HandshakeType.CertificateRequest;
            case ClientState.WaitCertificate13:
                return HandshakeType.Certificate;
            case ClientState.WaitCertificateVerify:
                return HandshakeType.CertificateVerify;
            case ClientState.WaitFinished13:
                return HandshakeType.Finished;
            default:
                return HandshakeType.HelloRequest;
        }
    }

    private static ClientState AfterChangeCipherSpec(bool requested) => requested ? ClientState.SendCertificate13 : ClientState.SendFinished13;
}
