using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>The regions of a TLS 1.2 client: how many bytes the profile makes of each, and for how long.</summary>
public static class TlsRegions
{
    /// <summary>
    /// The text that a fault may speak of, with its length before it. Only certificates have names, and a fault does not
    /// leave the phase it happened in.
    /// </summary>
    private const int FaultTextBytes = ChainVerifier.TextBytes;

    /// <summary>Adds them, for a machine whose word has <paramref name="wordBytes"/> bytes.</summary>
    public static void Add(ref RegionSet regions, in Profile profile, int wordBytes)
    {
        AddConnection(ref regions, profile, wordBytes);
        AddChain(ref regions, profile, wordBytes);
        AddKeyExchange(ref regions, profile, wordBytes);
        AddClientAuth(ref regions, profile, wordBytes);
    }

    private static void AddConnection(ref RegionSet regions, in Profile profile, int wordBytes)
    {
        AeadSizes sizes = AeadSizes.Of(profile, wordBytes);
        HashAlgorithm hash = LongestSuiteHash(profile);
        int sealedBytes = sizes.RecordOverheadBytes + int.Min(profile.OutWindowBytes, RecordHeader.MaxContentBytes);
        int heldBytes = RecordHeader.Bytes + ClientHello.MaxBytes(profile) + Transcript.MaxHeldServerHelloBytes;
        int fragmentBytes = sizes.RecordOverheadBytes - RecordHeader.Bytes + int.Min(profile.InWindowBytes, RecordHeader.MaxContentBytes);
        regions.Add(RegionId.Control, ConnectionState.Bytes, Phase.Hello, Phase.Connected);
        regions.Add(RegionId.FaultText, FaultTextBytes, Phase.Certificates, Phase.Certificates);
        regions.Add(RegionId.OutWindow, Larger(sealedBytes, heldBytes), Phase.Hello, Phase.Connected);
        regions.Add(RegionId.InWindow, fragmentBytes, Phase.Finished, Phase.Connected);
        regions.Add(RegionId.Transcript, Hash.StateBytes(hash), Phase.Hello, Phase.Finished);
        regions.Add(RegionId.SecondTranscript, profile.SecondTranscript ? Hash.StateBytes(HashAlgorithm.Sha384) : 0, Phase.Hello, Phase.ClientAuth);
        regions.Add(RegionId.Randoms, 2 * ClientHello.RandomBytes, Phase.Hello, Phase.Finished);
        regions.Add(RegionId.Drbg, HmacDrbg.StateBytes, Phase.Hello, Phase.ClientAuth);
        regions.Add(RegionId.SeedScratch, ConnectionStart.ScratchBytes, Phase.Hello, Phase.Hello);
        regions.Add(RegionId.HashScratch, KeySchedule.ScratchBytes(hash), Phase.KeyExchange, Phase.Finished);
        regions.Add(RegionId.VerifyData, 2 * HandshakeMessages.VerifyDataBytes, Phase.Finished, Phase.Finished);
        regions.Add(RegionId.TrafficKeys, RecordProtection.RegionBytes(sizes.KeyBytes, sizes.FixedNonceBytes), Phase.Finished, Phase.Connected);
        regions.Add(RegionId.AeadScratch, RecordProtection.ScratchBytes(sizes.ScratchBytes), Phase.Finished, Phase.Connected);
    }

    private static void AddChain(ref RegionSet regions, in Profile profile, int wordBytes)
    {
        int keyBytes = SubjectPublicKey.RegionBytes(profile.MaxRsaBits, profile.MaxEcdsaBits);
        regions.Add(RegionId.ChainState, ChainVerifier.StateBytes, Phase.Certificates, Phase.Certificates);
        regions.Add(RegionId.IssuerKey, keyBytes, Phase.Certificates, Phase.Certificates);
        regions.Add(RegionId.LeafKey, keyBytes, Phase.Certificates, Phase.ServerKeyExchange);
        regions.Add(RegionId.Signature, ChainVerifier.SignatureBytes(profile.MaxRsaBits, profile.MaxEcdsaBits), Phase.Certificates, Phase.ServerKeyExchange);
        regions.Add(RegionId.SignedHash, ChainVerifier.HashBytes(profile.MaxSignatureHashBits), Phase.Certificates, Phase.ServerKeyExchange);
        regions.Add(RegionId.SignedDigest, ChainVerifier.DigestBytes(profile.MaxSignatureHashBits), Phase.Certificates, Phase.ServerKeyExchange);
        regions.Add(RegionId.VerifyOperation, ChainVerifier.OperationBytes(profile.MaxRsaBits, profile.MaxEcdsaBits, wordBytes), Phase.Certificates, Phase.ServerKeyExchange);
    }

    private static void AddKeyExchange(ref RegionSet regions, in Profile profile, int wordBytes)
    {
        int operationBytes = 0;
        int publicBytes = 0;
        int secretBytes = 0;
        AddGroup(profile, NamedGroup.X25519, wordBytes, ref operationBytes, ref publicBytes, ref secretBytes);
        AddGroup(profile, NamedGroup.Secp256r1, wordBytes, ref operationBytes, ref publicBytes, ref secretBytes);
        AddGroup(profile, NamedGroup.Secp384r1, wordBytes, ref operationBytes, ref publicBytes, ref secretBytes);
        regions.Add(RegionId.PeerPublicKey, publicBytes, Phase.ServerKeyExchange, Phase.KeyExchange);
        regions.Add(RegionId.EphemeralKey, secretBytes, Phase.KeyExchange, Phase.KeyExchange);
        regions.Add(RegionId.PremasterSecret, secretBytes, Phase.KeyExchange, Phase.KeyExchange);
        regions.Add(RegionId.AgreementOperation, operationBytes, Phase.KeyExchange, Phase.KeyExchange);
        regions.Add(RegionId.MasterSecret, KeySchedule.MasterSecretBytes, Phase.KeyExchange, Phase.Finished);
    }

    private static void AddGroup(
        in Profile profile, NamedGroup group, int wordBytes, ref int operationBytes, ref int publicBytes, ref int secretBytes)
    {
        if (ClientHello.OffersGroup(profile, group))
        {
            operationBytes = Larger(operationBytes, KeyAgreement.OperationBytes(group, wordBytes));
            publicBytes = Larger(publicBytes, KeyAgreement.PublicKeyBytes(group));
            secretBytes = Larger(secretBytes, KeyAgreement.SharedSecretBytes(group));
        }
    }

    private static void AddClientAuth(ref RegionSet regions, in Profile profile, int wordBytes)
    {
        if (profile.ClientRsaBits == 0 && profile.ClientEcdsaBits == 0)
        {
            return;
        }

        int rsaOperation = profile.ClientRsaBits == 0 ? 0 : RsaSign.OperationBytes(profile.ClientRsaBits);
        int ecdsaOperation = 0;
        int ecdsaSignature = 0;
        if (profile.ClientEcdsaBits != 0)
        {
            NamedGroup curve = profile.ClientEcdsaBits > 256 ? NamedGroup.Secp384r1 : NamedGroup.Secp256r1;
            ecdsaOperation = Ecdsa.SignOperationBytes(curve, wordBytes);
            ecdsaSignature = Ecdsa.MaxSignatureBytes(curve);
        }

        int digestBytes = Hash.DigestBytes(profile.SecondTranscript ? HashAlgorithm.Sha384 : LongestSuiteHash(profile));
        regions.Add(RegionId.SigningInput, ClientFlight.SigningRandomBytes + digestBytes, Phase.ClientAuth, Phase.ClientAuth);
        regions.Add(RegionId.SignOperation, Larger(rsaOperation, ecdsaOperation), Phase.ClientAuth, Phase.ClientAuth);
        regions.Add(RegionId.ClientSignature, Larger(profile.ClientRsaBits / 8, ecdsaSignature), Phase.ClientAuth, Phase.ClientAuth);
    }

    private static HashAlgorithm LongestSuiteHash(in Profile profile)
    {
        const CipherSuites Sha384Suites = CipherSuites.EcdheEcdsaAes256GcmSha384 | CipherSuites.EcdheRsaAes256GcmSha384;
        return (profile.Suites & Sha384Suites) != 0 ? HashAlgorithm.Sha384 : HashAlgorithm.Sha256;
    }

    private static int Larger(int a, int b) => a > b ? a : b;

    /// <summary>The largest sizes among the record ciphers of the profile's suites.</summary>
    private struct AeadSizes
    {
        public int KeyBytes;
        public int FixedNonceBytes;
        public int RecordOverheadBytes;
        public int ScratchBytes;

        public static AeadSizes Of(in Profile profile, int wordBytes)
        {
            AeadSizes sizes = default;
            for (int i = 0; i < CipherSuite.Count; i++)
            {
                ushort suite = CipherSuite.Offered(profile, i);
                if (suite != 0)
                {
                    sizes.Include(CipherSuite.AeadOf(suite), wordBytes);
                }
            }

            return sizes;
        }

        private void Include(AeadAlgorithm aead, int wordBytes)
        {
            int overhead = RecordHeader.Bytes + CipherSuite.ExplicitNonceBytes(aead) + Aead.TagBytes;
            KeyBytes = Larger(KeyBytes, Aead.KeyBytes(aead));
            FixedNonceBytes = Larger(FixedNonceBytes, CipherSuite.FixedNonceBytes(aead));
            RecordOverheadBytes = Larger(RecordOverheadBytes, overhead);
            ScratchBytes = Larger(ScratchBytes, Aead.ScratchBytes(aead, wordBytes));
        }
    }
}
