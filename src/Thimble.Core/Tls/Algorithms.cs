using System;
using Thimble.Crypto;
using Thimble.Memory;

namespace Thimble.Tls;

/// <summary>The algorithms and versions that a build may leave out, one bit for each of <see cref="Features"/>.</summary>
[Flags]
internal enum Algorithms : ushort
{
    None = 0,
    AesGcm = 1,
    ChaCha20Poly1305 = 2,
    Sha512 = 4,
    P256 = 8,
    P384 = 16,
    X25519 = 32,
    RsaVerify = 64,
    RsaSign = 128,
    Tls12 = 256,
    Tls13 = 512,
    AesCcm = 1024,
    Ed25519 = 2048,
    P521 = 4096,
    PreSharedKeys = 8192,
    StapledStatus = 16384,
    Exporters = 32768,
}

/// <summary>What a profile asks for, and what there is: pure functions, so that a host can judge another build than its own.</summary>
internal static class AlgorithmNeeds
{
    /// <summary>What this build contains.</summary>
    public static Algorithms InThisBuild =>
        When(Features.AesGcm, Algorithms.AesGcm) | When(Features.ChaCha20Poly1305, Algorithms.ChaCha20Poly1305)
        | When(Features.AesCcm, Algorithms.AesCcm) | When(Features.Sha512, Algorithms.Sha512) | When(Features.P256, Algorithms.P256) | When(Features.P384, Algorithms.P384)
        | When(Features.P521, Algorithms.P521) | When(Features.Ed25519, Algorithms.Ed25519) | When(Features.PreSharedKeys, Algorithms.PreSharedKeys)
        | When(Features.Tls12, Algorithms.Tls12) | When(Features.Tls13, Algorithms.Tls13) | When(Features.StapledStatus, Algorithms.StapledStatus)
        | When(Features.X25519, Algorithms.X25519) | When(Features.RsaVerify, Algorithms.RsaVerify) | When(Features.RsaSign, Algorithms.RsaSign)
        | When(Features.Exporters, Algorithms.Exporters);

    /// <summary>What the profile asks for beyond <paramref name="contained"/>.</summary>
    public static Algorithms Missing(in Profile profile, Algorithms contained) => Of(profile) & ~contained;

    private static Algorithms Of(in Profile profile) =>
        OfSuites(profile)
        | When(profile.MaxSignatureHashBits > 256 || profile.SecondTranscript
            || (profile.ClientEcdsaBits > 256 && profile.Offers(TlsVersions.Tls13)) || profile.TakesEd25519 || profile.ClientEd25519, Algorithms.Sha512)
        | When(profile.TakesEd25519 || profile.ClientEd25519, Algorithms.Ed25519)
        | When(profile.MaxEcdsaBits > 384, Algorithms.P521)
        | When(ClientHello.OffersGroup(profile, NamedGroup.Secp256r1) || profile.MaxEcdsaBits >= 256 || profile.ClientEcdsaBits == 256, Algorithms.P256)
        | When(ClientHello.OffersGroup(profile, NamedGroup.Secp384r1) || profile.MaxEcdsaBits > 256 || profile.ClientEcdsaBits > 256, Algorithms.P384)
        | When(ClientHello.OffersGroup(profile, NamedGroup.X25519), Algorithms.X25519)
        | When(profile.MaxTicketBytes > 0 || profile.PskModes != PskModes.None, Algorithms.PreSharedKeys)
        | When(profile.MaxRsaBits != 0 || (profile.ClientRsaBits != 0 && profile.ClientKeyElsewhere), Algorithms.RsaVerify)
        | When(profile.ClientRsaBits != 0 && !profile.ClientKeyElsewhere, Algorithms.RsaSign)
        | When(profile.Offers(TlsVersions.Tls12), Algorithms.Tls12)
        | When(profile.Offers(TlsVersions.Tls13), Algorithms.Tls13)
        | When(profile.StapledStatus, Algorithms.StapledStatus)
        | When(profile.ExportsKeys, Algorithms.Exporters);

    private static Algorithms OfSuites(in Profile profile)
    {
        Algorithms needed = Algorithms.None;
        for (int i = 0; i < CipherSuite.Count; i++)
        {
            ushort suite = CipherSuite.Offered(profile, i);
            if (suite != 0)
            {
                needed |= When(CipherSuite.FactsOf(suite).IsOfSha384, Algorithms.Sha512) | OfCipher(CipherSuite.FactsOf(suite).Aead);
            }
        }

        return needed;
    }

    private static Algorithms OfCipher(AeadAlgorithm aead)
    {
        switch (aead)
        {
            case AeadAlgorithm.Aes128Gcm or AeadAlgorithm.Aes256Gcm: return Algorithms.AesGcm;
            case AeadAlgorithm.ChaCha20Poly1305: return Algorithms.ChaCha20Poly1305;
            default: return Algorithms.AesCcm;
        }
    }

    private static Algorithms When(bool condition, Algorithms algorithm) => condition ? algorithm : Algorithms.None;
}
