using Thimble.Memory;

namespace Thimble;

/// <summary>What each region of a plan is for, in the words of somebody who has to justify every byte.</summary>
public static class RegionPurpose
{
    /// <summary>One line without an end stop.</summary>
    public static string Of(RegionId region) => region switch
    {
        RegionId.Plan => "the plan itself: where each region lies",
        RegionId.Control => "states, what was negotiated, cursors, the fault",
        RegionId.FaultText => "the name that a fault speaks of",
        RegionId.MqttSession => "MQTT identifiers, keep-alive, packet in progress",
        RegionId.MqttTopic => "topic of the message being received",
        RegionId.OutWindow => "the record being sent, sealed in place",
        RegionId.AlertRecord => "an alert while the out window's bytes verify",
        RegionId.InWindow => "the record being received",
        RegionId.Transcript => "running hash of all handshake messages",
        RegionId.SecondTranscript => "the same under another hash, for CertificateVerify",
        RegionId.Randoms => "the randoms of both hellos, our session id",
        RegionId.Drbg => "state of the random bit generator",
        RegionId.SeedScratch => "registers for seeding the generator",
        RegionId.ChainState => "where the X.509 reader and verifier stand",
        RegionId.LeafKey => "public key of the server's own certificate",
        RegionId.IssuerKey => "public key of the certificate being read",
        RegionId.Signature => "a signature that waits for its issuer's key",
        RegionId.SignedHash => "running hash of what a signature covers",
        RegionId.SignedDigest => "the digest that waits beside its signature",
        RegionId.VerifyOperation => "registers for verifying a signature",
        RegionId.PeerPublicKey => "the server's share of the key agreement",
        RegionId.EphemeralKey => "our secret share of the key agreement",
        RegionId.AgreementOperation => "registers of the key agreement",
        RegionId.PremasterSecret => "the shared secret",
        RegionId.MasterSecret => "the secret that all keys come from",
        RegionId.SigningInput => "what our signature covers, and fresh randomness",
        RegionId.SignOperation => "registers for making or verifying our signature",
        RegionId.ClientSignature => "our signature on its way out",
        RegionId.HashScratch => "registers of the pseudorandom function",
        RegionId.VerifyData => "contents of the Finished messages",
        RegionId.TrafficSecrets => "what KeyUpdate makes the next keys from",
        RegionId.TrafficKeys => "keys, nonces, sequence numbers both ways",
        RegionId.AeadScratch => "registers of the record cipher",
        RegionId.SessionSecret => "what the next session's secret comes from",
        RegionId.Session => "the session that the server's ticket makes",
        RegionId.ExporterSecret => "what exported keys come from",
        RegionId.SignedMessage => "a signed message that is verified whole (Ed25519)",
        RegionId.Status => "the stapled OCSP response, and its issuer's key",
        RegionId.MqttRollback => "what MQTT goes back to when a record is forged",
        RegionId.MqttInFlight => "MQTT messages unacknowledged, kept over connections",
        _ => "",
    };
}
