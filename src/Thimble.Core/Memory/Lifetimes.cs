using System;

namespace Thimble.Memory;

/// <summary>
/// The phases in which each region is alive. They are the same for all profiles, so the table stands in ROM; a plan
/// that offers one version only never reaches the phases of the other.
/// </summary>
public static class Lifetimes
{
    private const ushort None = 1 << (int)Phase.None;
    private const ushort Hello = 1 << (int)Phase.Hello;
    private const ushort Certificates = 1 << (int)Phase.Certificates;
    private const ushort ServerKeyExchange = 1 << (int)Phase.ServerKeyExchange;
    private const ushort KeyExchange = 1 << (int)Phase.KeyExchange;
    private const ushort ClientAuth = 1 << (int)Phase.ClientAuth;
    private const ushort Finished = 1 << (int)Phase.Finished;
    private const ushort KeyShare13 = 1 << (int)Phase.KeyShare13;
    private const ushort KeyAgreement13 = 1 << (int)Phase.KeyAgreement13;
    private const ushort Certificates13 = 1 << (int)Phase.Certificates13;
    private const ushort ServerVerify13 = 1 << (int)Phase.ServerVerify13;
    private const ushort ClientAuth13 = 1 << (int)Phase.ClientAuth13;
    private const ushort Finished13 = 1 << (int)Phase.Finished13;
    private const ushort Connected = 1 << (int)Phase.Connected;

    private const ushort HandshakeTo12 = Hello | Certificates | ServerKeyExchange | KeyExchange | ClientAuth;
    private const ushort Protected13 = Certificates13 | ServerVerify13 | ClientAuth13 | Finished13 | Connected;
    private const ushort Handshake13 = KeyShare13 | KeyAgreement13 | Certificates13 | ServerVerify13 | ClientAuth13 | Finished13;
    private const ushort Always = HandshakeTo12 | Finished | Handshake13 | Connected;
    private const ushort Chain = Certificates | Certificates13;
    private const ushort Verification = Chain | ServerKeyExchange | ServerVerify13;

    /// <summary>Where the client has nothing to say but an alert.</summary>
    private const ushort Listening = Certificates | ServerKeyExchange | KeyAgreement13 | Certificates13 | ServerVerify13;

    private const ushort Agreement = KeyExchange | KeyShare13 | KeyAgreement13;
    private const ushort Signing = ClientAuth | ClientAuth13;

    /// <summary>In the order of <see cref="RegionId"/>.</summary>
    private static ReadOnlySpan<ushort> Table =>
    [
        Always, // Plan
        Always, // Control
        Chain, // FaultText
        Connected, // MqttSession
        Connected, // MqttTopic
        Connected, // MqttRollback
        Always | None, // MqttInFlight
        Always & ~Listening, // OutWindow
        Listening, // AlertRecord
        Finished | Certificates13 | ServerVerify13 | Connected, // InWindow
        HandshakeTo12 | Finished | Handshake13, // Transcript
        HandshakeTo12 | KeyShare13, // SecondTranscript
        HandshakeTo12 | Finished | KeyShare13, // Randoms
        HandshakeTo12 | KeyShare13 | KeyAgreement13 | Certificates13 | ServerVerify13 | ClientAuth13, // Drbg
        Hello, // SeedScratch
        Chain, // ChainState
        Verification, // LeafKey
        Chain, // IssuerKey
        Verification, // Signature
        Verification, // SignedHash
        Verification, // SignedDigest
        Verification, // VerifyOperation
        ServerKeyExchange | Agreement, // PeerPublicKey
        Agreement, // EphemeralKey
        Agreement, // AgreementOperation
        KeyExchange | KeyAgreement13, // PremasterSecret
        KeyExchange | ClientAuth | Finished | Handshake13, // MasterSecret
        Signing, // SigningInput
        Signing, // SignOperation
        Signing, // ClientSignature
        KeyExchange | ClientAuth | Finished | KeyShare13 | KeyAgreement13 | ClientAuth13 | Finished13, // HashScratch
        Finished | ServerVerify13, // VerifyData
        KeyAgreement13 | Protected13, // TrafficSecrets
        Finished | KeyAgreement13 | Protected13, // TrafficKeys
        Finished | Protected13, // AeadScratch
        ServerVerify13 | ClientAuth13 | Finished13 | Connected, // SessionSecret
        Finished | Connected, // Session
        Finished | ServerVerify13 | ClientAuth13 | Finished13 | Connected, // ExporterSecret
        Chain, // SignedMessage
        Chain, // Status
    ];

    /// <summary>The lifetime of a region.</summary>
    public static PhaseSet Of(RegionId region) => new(Table[(int)region]);

    /// <summary>Whether the region is alive in <paramref name="phase"/>.</summary>
    public static bool Include(RegionId region, Phase phase) => ((Table[(int)region] >> (int)phase) & 1) != 0;
}
