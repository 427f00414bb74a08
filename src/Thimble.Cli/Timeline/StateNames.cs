using Thimble.Tls;

namespace Thimble.Cli.Timeline;

/// <summary>What a client does in each of its states, in the words of the RFCs.</summary>
internal static class StateNames
{
    private const byte HelloRequest = 0, ServerHello = 2;

    /// <summary>A state that waits is named after the message that came in it: some are optional.</summary>
    public static (string Name, EventKind Kind) Of(ClientState state, ClientState next, byte messageType, bool sent) => state switch
    {
        ClientState.Start when sent => ("ClientHello", EventKind.Sent),
        ClientState.Start => ("seed the generator", EventKind.Computed),
        ClientState.WaitServerHello when next is ClientState.SendRetryChangeCipherSpec => ("HelloRetryRequest", EventKind.Received),
        ClientState.WaitServerHello => (Words.HandshakeType(ServerHello), EventKind.Received),
        ClientState.VerifyServerKeyExchange => ("verify the server's share", EventKind.Computed),
        ClientState.SendCertificate or ClientState.SendCertificate13 => ("Certificate", EventKind.Sent),
        ClientState.MakeKeyShare or ClientState.OfferKeyShare => ("make our key share", EventKind.Computed),
        ClientState.SendClientKeyExchange => ("ClientKeyExchange", EventKind.Sent),
        ClientState.AgreeOnSecret or ClientState.AgreeOnSecret13 => ("agree on the secret", EventKind.Computed),
        ClientState.SignTranscript or ClientState.SignTranscript13 => ("sign the transcript", EventKind.Computed),
        ClientState.SendCertificateVerify or ClientState.SendCertificateVerify13 => ("CertificateVerify", EventKind.Sent),
        ClientState.SendChangeCipherSpec or ClientState.SendRetryChangeCipherSpec or ClientState.SendChangeCipherSpec13 => ("ChangeCipherSpec", EventKind.Sent),
        ClientState.SendFinished or ClientState.SendFinished13 => ("Finished", EventKind.Sent),
        ClientState.ResumeSession => ("take up the session", EventKind.Computed),
        ClientState.WaitChangeCipherSpec => ("ChangeCipherSpec", EventKind.Received),
        ClientState.ExpectFinished => ("expect Finished", EventKind.Computed),
        ClientState.SendClientHello13 => ("ClientHello", EventKind.Sent),
        ClientState.VerifyCertificateVerify => ("verify the server's signature", EventKind.Computed),
        ClientState.Connected => ("connected", EventKind.Computed),
        ClientState.Closed or ClientState.Faulted => ("alert", EventKind.Sent),
        _ => (messageType == HelloRequest ? "the server's next message" : Words.HandshakeType(messageType), EventKind.Received),
    };
}
