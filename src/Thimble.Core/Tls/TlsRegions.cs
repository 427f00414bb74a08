using Thimble.Crypto;
using Thimble.Memory;
using Thimble.X509;

namespace Thimble.Tls;

/// <summary>The regions of a TLS client: how many bytes the profile makes of each. How long each lives stands in <see cref="Lifetimes"/>.</summary>
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
        AddKeyExchange(ref regions, profile, wordBytes);
        if (!CipherSuite.OffersSharedKeysOnly(profile))
        {
            AddChain(ref regions, profile, wordBytes);
            AddClientAuth(ref regions, profile, wordBytes);
        }

        regions.Add(RegionId.Session, Session.MaxBytes(profile));
        if (Features.Tls13 && profile.Offers(TlsVersions.Tls13))
        {
            Enlarge13(ref regions, profile);
        }

        if (Features.Exporters && profile.ExportsKeys)
        {
            AddExporter(ref regions, profile);
        }
    }

    private static void AddConnection(ref RegionSet regions, in Profile profile, int wordBytes)
    {
        AeadSizes sizes = AeadSizes.Of(profile, wordBytes);
        HashAlgorithm hash = LongestSuiteHash(profile, TlsVersions.Tls12 | TlsVersions.Tls13);
        int sealedBytes = sizes.RecordOverheadBytes + int.Min(profile.OutWindowBytes, RecordHeader.MaxContentBytes);
        int heldBytes = RecordHeader.Bytes + ClientHello.MaxBytes(profile) + Transcript.MaxHeldServerHelloBytes;
        int fragmentBytes = sizes.RecordOverheadBytes - RecordHeader.Bytes + int.Clamp(profile.InWindowBytes, HandshakeMessages.FinishedBytes, RecordHeader.MaxContentBytes);
        regions.Add(RegionId.Control, ConnectionState.Bytes);
        regions.Add(RegionId.OutWindow, Larger(sealedBytes, heldBytes));
        regions.Add(RegionId.AlertRecord, RecordHeader.Bytes + Alerts.Bytes + (profile.Offers(TlsVersions.Tls13) ? 1 + Aead.TagBytes : 0));
        regions.Add(RegionId.InWindow, RecordStream.RegionBytes(fragmentBytes));
        regions.Add(RegionId.Transcript, Hash.StateBytes(hash));
        regions.Add(RegionId.SecondTranscript, profile.SecondTranscript && profile.Offers(TlsVersions.Tls12) ? Hash.StateBytes(HashAlgorithm.Sha384) : 0);
        regions.Add(RegionId.Randoms, (2 * ClientHello.RandomBytes) + SessionId.RegionBytes(profile));
        regions.Add(RegionId.Drbg, HmacDrbg.StateBytes);
        regions.Add(RegionId.SeedScratch, ConnectionStart.ScratchBytes);
        regions.Add(RegionId.HashScratch, KeySchedule.ScratchBytes(hash));
        regions.Add(RegionId.VerifyData, 2 * HandshakeMessages.VerifyDataBytes);
        regions.Add(RegionId.TrafficKeys, RecordProtection.RegionBytes(sizes.KeyBytes, sizes.FixedNonceBytes));
        regions.Add(RegionId.AeadScratch, RecordProtection.ScratchBytes(sizes.ScratchBytes));
    }

    private static void AddChain(ref RegionSet regions, in Profile profile, int wordBytes)
    {
        if (!SignatureSchemes.AnyIsOffered(profile))
        {
            return; // a shared key vouches for the server, and no certificate comes
        }

        bool ed25519 = profile.TakesEd25519;
        int keyBytes = SubjectPublicKey.RegionBytes(profile.MaxRsaBits, profile.MaxEcdsaBits, ed25519);
        regions.Add(RegionId.FaultText, FaultTextBytes);
        regions.Add(RegionId.ChainState, ChainVerifier.StateBytes);
        regions.Add(RegionId.IssuerKey, keyBytes);
        regions.Add(RegionId.LeafKey, keyBytes);
        regions.Add(RegionId.Signature, ChainVerifier.SignatureBytes(profile.MaxRsaBits, profile.MaxEcdsaBits, ed25519));
        regions.Add(RegionId.SignedHash, ChainVerifier.HashBytes(profile.MaxSignatureHashBits));
        regions.Add(RegionId.SignedDigest, ChainVerifier.DigestBytes(profile.MaxSignatureHashBits));
        regions.Add(RegionId.VerifyOperation, ChainVerifier.OperationBytes(profile.MaxRsaBits, profile.MaxEcdsaBits, ed25519, wordBytes));
        regions.Add(RegionId.SignedMessage, ChainVerifier.MessagesBytes(profile.MaxEd25519TbsBytes));
        if (Features.StapledStatus && profile.StapledStatus)
        {
            regions.Add(RegionId.Status, ChainVerifier.StatusBytes(profile.MaxRsaBits, profile.MaxEcdsaBits, profile.MaxSignatureHashBits, ed25519));
        }
    }

    private static void AddKeyExchange(ref RegionSet regions, in Profile profile, int wordBytes)
    {
        int operationBytes = 0;
        int publicBytes = 0;
        int secretBytes = 0;
        AddGroup(profile, NamedGroup.X25519, wordBytes, ref operationBytes, ref publicBytes, ref secretBytes);
        AddGroup(profile, NamedGroup.Secp256r1, wordBytes, ref operationBytes, ref publicBytes, ref secretBytes);
        AddGroup(profile, NamedGroup.Secp384r1, wordBytes, ref operationBytes, ref publicBytes, ref secretBytes);
        regions.Add(RegionId.PeerPublicKey, publicBytes);
        regions.Add(RegionId.EphemeralKey, secretBytes);
        regions.Add(RegionId.PremasterSecret, Larger(secretBytes, PskPremaster.RegionBytes(profile, secretBytes)));
        regions.Add(RegionId.AgreementOperation, operationBytes);
        regions.Add(RegionId.MasterSecret, profile.Offers(TlsVersions.Tls12) ? KeySchedule.MasterSecretBytes : 0);
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

    /// <summary>A key that is elsewhere needs no registers for signing, but some to verify what its holder signs.</summary>
    private static void AddClientAuth(ref RegionSet regions, in Profile profile, int wordBytes)
    {
        bool elsewhere = profile.ClientKeyElsewhere;
        int operationBytes = 0;
        int signatureBytes = 0;
        if (profile.ClientRsaBits != 0)
        {
            operationBytes = elsewhere ? RsaVerify.OperationBytes(profile.ClientRsaBits) : RsaSign.OperationBytes(profile.ClientRsaBits);
            signatureBytes = (profile.ClientRsaBits + 7) / 8;
        }

        if (profile.ClientEcdsaBits != 0)
        {
            NamedGroup curve = profile.ClientEcdsaBits > 256 ? NamedGroup.Secp384r1 : NamedGroup.Secp256r1;
            operationBytes = Larger(operationBytes, elsewhere ? Ecdsa.VerifyOperationBytes(curve, wordBytes) : Ecdsa.SignOperationBytes(curve, wordBytes));
            signatureBytes = Larger(signatureBytes, Ecdsa.MaxSignatureBytes(curve));
        }

        if (SignsWithEd25519(profile))
        {
            operationBytes = Larger(operationBytes, elsewhere ? Ed25519.VerifyOperationBytes(wordBytes) : Ed25519.SignOperationBytes(wordBytes));
            signatureBytes = Larger(signatureBytes, Ed25519.SignatureBytes);
        }

        regions.Add(RegionId.SigningInput, SigningInputBytes(profile));
        regions.Add(RegionId.SignOperation, operationBytes);
        regions.Add(RegionId.ClientSignature, signatureBytes);
    }

    /// <summary>What is signed, and behind it the fresh bytes for keys that want them and are here.</summary>
    private static int SigningInputBytes(in Profile profile)
    {
        bool offers13 = Features.Tls13 && profile.Offers(TlsVersions.Tls13);
        int bytes = 0;
        if (profile.ClientRsaBits != 0 || profile.ClientEcdsaBits != 0)
        {
            int digestBytes = Hash.DigestBytes(profile.SecondTranscript ? HashAlgorithm.Sha384 : LongestSuiteHash(profile, TlsVersions.Tls12 | TlsVersions.Tls13));
            bytes = Larger(digestBytes, offers13 ? SignatureSchemes13.MaxDigestBytes(profile) : 0);
            bytes += profile.ClientKeyElsewhere ? 0 : ClientCertificateVerify.RandomBytes;
        }

        int transcriptBytes = Hash.DigestBytes(LongestSuiteHash(profile, TlsVersions.Tls13));
        int messageBytes = transcriptBytes + (profile.ClientKeyElsewhere ? SignedContent.BeforeClients.Length : 0);
        return Larger(bytes, SignsWithEd25519(profile) ? messageBytes : 0);
    }

    /// <summary>In TLS 1.2 the client cannot: see <see cref="CertificateRequest"/>.</summary>
    private static bool SignsWithEd25519(in Profile profile) =>
        Features.Ed25519 && Features.Tls13 && profile.ClientEd25519 && profile.Offers(TlsVersions.Tls13);

    /// <summary>What TLS 1.3 needs more of than TLS 1.2 does, and the one region of its own.</summary>
    private static void Enlarge13(ref RegionSet regions, in Profile profile)
    {
        HashAlgorithm hash = LongestSuiteHash(profile, TlsVersions.Tls13);
        int digestBytes = Hash.DigestBytes(hash);
        regions.Add(RegionId.TrafficSecrets, 2 * digestBytes);
        regions.Add(RegionId.SessionSecret, profile.MaxTicketBytes > 0 ? digestBytes + Session.MarkBytes : 0);
        Enlarge(ref regions, RegionId.InWindow, RecordStream.RegionBytes(IncomingRecords13.WindowBytes(profile)));
        Enlarge(ref regions, RegionId.MasterSecret, digestBytes);
        Enlarge(ref regions, RegionId.VerifyData, 2 * digestBytes);
        Enlarge(ref regions, RegionId.HashScratch, KeySchedule13.ScratchBytes(hash));
        Enlarge(ref regions, RegionId.AeadScratch, KeySchedule13.ScratchBytes(hash));
    }

    /// <summary>What keys are exported from, and the scratch for it. In TLS 1.2 that is more.</summary>
    private static void AddExporter(ref RegionSet regions, in Profile profile)
    {
        if (Features.Tls12 && profile.Offers(TlsVersions.Tls12))
        {
            regions.Add(RegionId.ExporterSecret, Exporter.SecretBytes12);
            Enlarge(ref regions, RegionId.AeadScratch, Exporter.ScratchBytes12(LongestSuiteHash(profile, TlsVersions.Tls12)));
        }
        else
        {
            regions.Add(RegionId.ExporterSecret, Hash.DigestBytes(LongestSuiteHash(profile, TlsVersions.Tls13)));
        }
    }

    private static void Enlarge(ref RegionSet regions, RegionId id, int bytes) => regions.Add(id, Larger(regions[id].Bytes, bytes));

    /// <summary>The longest hash of the suites that are offered for these versions.</summary>
    private static HashAlgorithm LongestSuiteHash(in Profile profile, TlsVersions versions)
    {
        for (int i = 0; i < CipherSuite.Count; i++)
        {
            ushort suite = CipherSuite.Offered(profile, i);
            bool counts = suite != 0 && ((CipherSuite.Is13(suite) ? TlsVersions.Tls13 : TlsVersions.Tls12) & versions) != 0;
            if (counts && CipherSuite.HashOf(suite) == HashAlgorithm.Sha384)
            {
                return HashAlgorithm.Sha384;
            }
        }

        return HashAlgorithm.Sha256;
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
                    sizes.Include(suite, wordBytes);
                }
            }

            return sizes;
        }

        private void Include(ushort suite, int wordBytes)
        {
            SuiteFacts facts = CipherSuite.FactsOf(suite);
            AeadAlgorithm aead = facts.Aead;
            int innerTypeBytes = CipherSuite.Is13(suite) ? 1 : 0;
            int overhead = RecordHeader.Bytes + facts.ExplicitNonceBytes + innerTypeBytes + Aead.TagBytesOf(aead);
            KeyBytes = Larger(KeyBytes, Aead.KeyBytes(aead));
            FixedNonceBytes = Larger(FixedNonceBytes, facts.FixedNonceBytes);
            RecordOverheadBytes = Larger(RecordOverheadBytes, overhead);
            ScratchBytes = Larger(ScratchBytes, Aead.ScratchBytes(aead, wordBytes));
        }
    }
}
